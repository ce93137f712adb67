/** What matchers say when they fail, and load only then. */

export { nextQuestion } from './again/next-question.js'
export { cachedWords, nothingCachedWords } from './assertions/cached.js'
export { exposedWords } from './assertions/exposed.js'
export { keptApartWords } from './assertions/kept-apart.js'
export { varyWords } from './assertions/varies.js'
export { loginPromptText } from './explain/request.js'
export { whyPreflighted } from './explain/why-preflight.js'
export { useWords } from './explain/words.js'
export { explainCors } from './explain.js'
export { failureMessage } from './failure-message.js'
export { caseToAskAbout, judgmentMessage } from './judgment.js'
export { warningText } from './warning-text.js'
