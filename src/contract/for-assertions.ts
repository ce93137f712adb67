/** What assertions take of the contract, and load only when one is about it. */

export { checkCorsContract } from './check-contract.js'
export { readTargets } from './contract-targets.js'
export { contractMessage } from './report/assertion-texts.js'
