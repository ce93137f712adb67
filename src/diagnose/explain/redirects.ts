/** Words for the failures of a redirect. */
import { REDIRECT_LIMIT } from '../../fetch/redirect.js'
import { shownUrl } from '../../text/shown.js'
import type { BlockedCase } from '../case.js'
import { engineName } from '../engines.js'
import { responseWords } from './words.js'

function target(found: BlockedCase): string {
  const { part, value } = found.verdict
  return shownUrl(part ?? value ?? '')
}

export function redirectWithCredentials(found: BlockedCase): string {
  return `${responseWords(found)} leads to ${target(found)}, a URL with a user name or password in it, and browsers refuse that across origins`
}

export function redirectWithCredentialsOutsideCors(found: BlockedCase): string {
  return `${responseWords(found)} leads to ${target(found)}, a URL with a user name or password in it, which ${engineName(found.verdict.engine)} refuses even where the standard follows it`
}

export function redirectToUnsupportedScheme(found: BlockedCase): string {
  return `${responseWords(found)} leads to ${target(found)}, and a browser follows redirects of a fetch only to http and https`
}

export function redirectInvalidLocation(found: BlockedCase): string {
  const { value } = found.verdict
  if (value === '') return `${responseWords(found)} has an empty Location header`
  return `${responseWords(found)} has Location: \`${shownUrl(value ?? '')}\`, which does not parse as one URL${
    value?.includes(', ') === true ? ' (did two layers both add it?)' : ''
  }`
}

export function redirectModeError(found: BlockedCase): string {
  return `${responseWords(found)} counts as an error because the page asked with \`redirect: 'error'\``
}

export function tooManyRedirects(found: BlockedCase): string {
  return `${responseWords(found)} is one too many: browsers follow ${REDIRECT_LIMIT}, and this looks like a loop`
}

export function redirectStreamBody(found: BlockedCase): string {
  return `${responseWords(found)} asks for the body again, and a stream cannot be sent twice; only a 303 could be followed`
}
