import * as all from './describe-contract.js'

/** What makes tests of a contract. As built it loads with the first contract; scripts/build.mjs sees to that. */
export function suites(): typeof all {
  return all
}
