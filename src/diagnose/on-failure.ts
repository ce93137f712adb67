/** What matchers say when they fail, and load only then. */

export { exchangeText } from './exchange.js'
export { whyPreflighted } from './explain/why-preflight.js'
export { explainCors } from './explain.js'
export { failureMessage } from './failure-message.js'
export { misspeltAs } from './misspelt.js'
export { warningText } from './warning-text.js'
