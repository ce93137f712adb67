import * as all from '../matchers/index.js'

/** The matchers. As built they load with the first that is used; scripts/build.mjs sees to that. */
export function matchers(): typeof all {
  return all
}
