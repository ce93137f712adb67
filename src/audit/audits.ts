import * as all from './for-matchers.js'

/** The audit. As built it loads with the first assertion that is about it; scripts/build.mjs sees to that. */
export function audits(): typeof all {
  return all
}
