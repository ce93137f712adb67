import * as all from './forgotten-await.js'

/** What watches assertions. As built it loads with the first of them; scripts/build.mjs sees to that. */
export function awaiting(): typeof all {
  return all
}
