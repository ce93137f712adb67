import * as all from './for-assertions.js'

/** The contract, for assertions. As built it loads with the first that is about one; scripts/build.mjs sees to that. */
export function contracts(): typeof all {
  return all
}
