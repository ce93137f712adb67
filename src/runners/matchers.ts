import * as all from '../matchers/index.js'

/** The matchers. As built they load with the first that is used, and only their names before; scripts/build.mjs sees to that. */
export function matchers(): typeof all {
  return all
}

export const names = Object.keys(all) as (keyof typeof all)[]
