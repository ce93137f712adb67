/** What a block may come from, as its explanation says it. */
import type { CorsFailureCode } from '../../fetch/failure.js'
import { type BlockedCase, linesAtFault } from '../case.js'
import { evidenceOf } from '../evidence.js'
import { misspeltAs } from '../misspelt.js'
import { isSpeltByPage } from '../permission.js'
import type { CorsCause, PossibleCause } from './cause.js'
import { badStatusCauses } from './preflight-status.js'
import { mismatchCauses, severalValues } from './why-mismatch.js'
import { missingCauses } from './why-missing.js'
import { leadsToLogin } from './why-redirected.js'
import { taintWords } from './words.js'

/** Every possible cause of a block, the likelier first, each once. */
export function causesOf(found: BlockedCase): CorsCause[] {
  return [...new Set(possibleCauses(found).flatMap(({ causes }) => causes))]
}

/** The causes as the sentence joins them. */
export function possibleCauses(found: BlockedCase): Pick<PossibleCause, 'causes'>[] {
  const { code, verdict } = found
  const { header = '', value } = verdict
  if (found.lines !== undefined && misspeltAs(found.lines, header) !== undefined && typeof value !== 'string')
    return only('misspelt')
  if (taintWords(found) !== null && TAINTABLE.has(code) && !isLogin(found)) return only('tainted')
  switch (code) {
    case 'missing-allow-origin':
      return missingCauses(found, evidenceOf(found))
    case 'allow-origin-mismatch':
      return mismatchCauses(found, evidenceOf(found), verdict.hop.origin, value ?? '')
    case 'preflight-status':
      return badStatusCauses(found, evidenceOf(found))
    case 'multiple-allow-origin':
      return linesAtFault(found, header).length > 1 ? only('doubled') : severalValues(value ?? '')
    case 'invalid-allow-credentials':
      return only(isDoubled(found) ? 'doubled' : 'credentials-not-allowed')
    case 'method-not-allowed':
      return only(isSpeltByPage(found) ? 'page' : 'method-not-listed')
    case 'preflight-redirect':
      return leadsToLogin(evidenceOf(found))
        ? [{ causes: ['redirected', 'auth-before-cors'] }]
        : only('redirected')
    default:
      return only(CODE_CAUSES[code] ?? 'page')
  }
}

/** A login does not care where the page came from. */
function isLogin(found: BlockedCase): boolean {
  return found.code === 'missing-allow-origin' && leadsToLogin(evidenceOf(found))
}

const TAINTABLE: ReadonlySet<CorsFailureCode> = new Set(['missing-allow-origin', 'allow-origin-mismatch'])

function only(cause: CorsCause): Pick<PossibleCause, 'causes'>[] {
  return [{ causes: [cause] }]
}

function isDoubled(found: BlockedCase): boolean {
  return /^true\s*(,\s*true\s*)+$/.test(found.verdict.value ?? '')
}

/** Codes that tell the cause by themselves; what is not here is the page's, or not about CORS. */
const CODE_CAUSES: Readonly<Partial<Record<CorsFailureCode, CorsCause>>> = {
  'invalid-allow-origin': 'misspelt',
  'wildcard-allow-origin-with-credentials': 'wildcard-with-credentials',
  'invalid-allow-methods': 'misspelt',
  'invalid-allow-headers': 'misspelt',
  'header-not-allowed': 'header-not-listed',
  'redirect-with-credentials': 'redirected',
  'redirect-with-credentials-outside-cors': 'redirected',
  'redirect-to-unsupported-scheme': 'redirected',
  'redirect-invalid-location': 'redirected',
  'redirect-mode-error': 'redirected',
  'too-many-redirects': 'redirected',
  'redirect-stream-body': 'redirected',
  'conflicting-header-lines': 'doubled',
}
