import * as words from '../diagnose/diagnosis.js'

/**
 * The words of a failure. They are a third of the package, and most test files never fail: scripts/build.mjs puts a module in the place of
 * this one that loads them with the first call.
 */
export function diagnosis(): typeof words {
  return words
}
