/** What matchers say when they fail, and load only then. */

export { nextQuestion } from './again/next-question.js'
export { allowedSentence, readableSentence } from './assertions/allowed.js'
export { anyOriginWords, notAnyOriginWords } from './assertions/any-origin.js'
export {
  blockedOtherwiseSentence,
  blockedOtherwiseWarning,
  blockedSentence,
  notBlockedSentence,
} from './assertions/blocked.js'
export { cachedWords, nothingCachedWords } from './assertions/cached.js'
export { exposedWords } from './assertions/exposed.js'
export { keptApartWords } from './assertions/kept-apart.js'
export {
  methodsHeldSentence,
  notAskedNote,
  permittedSentence,
  preflightNeedSentence,
  preflightSucceedsSentence,
} from './assertions/preflighted.js'
export { varyWords } from './assertions/varies.js'
export { explainCors } from './explain.js'
export { failureMessage } from './failure-message.js'
export { caseToAskAbout, judgmentMessage } from './judgment.js'
export { loginPromptText, warningText } from './warning-text.js'
