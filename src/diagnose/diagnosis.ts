import * as words from './on-failure.js'

/** The words of a failure, a third of the package. As built they load with the first failure; scripts/build.mjs sees to that. */
export function diagnosis(): typeof words {
  return words
}
