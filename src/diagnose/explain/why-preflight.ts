/** Why a request is preflighted, in words. */
import type { PreflightReason } from '../../fetch/fetch-context.js'
import {
  isCorsUnsafeRequestHeaderByte,
  SAFELISTED_TOTAL_LIMIT,
  SAFELISTED_VALUE_LIMIT,
} from '../../fetch/request-headers.js'
import { isSecretHeader, REDACTED } from '../../text/redact.js'
import { grouped, quoted } from '../../text/shown.js'
import type { Verdict } from '../../verdict/verdict.js'

/**
 * Why a browser asks before it sends this request: one clause for each reason; empty where it does not ask.
 * @example whyPreflighted(verdict)
 * // ['the method is `PUT` and not GET, HEAD or POST', '`content-type: application/json` is not one of the three types a form can send']
 */
export function whyPreflighted(verdict: Verdict): string[] {
  return verdict.preflight.reasons.map(reasonWords)
}

/** Why one header makes a request preflighted; null where it does not, or where that is not known. */
export function whyHeaderUnsafe(verdict: Verdict, name: string): string | null {
  const reason = verdict.preflight.reasons.find(
    (other) => other.kind === 'header' && other.name === name.toLowerCase(),
  )
  return reason === undefined ? null : reasonWords(reason)
}

/** One reason as a clause. */
function reasonWords(reason: PreflightReason): string {
  switch (reason.kind) {
    case 'method':
      return `the method is ${quoted(reason.method)} and not GET, HEAD or POST`
    case 'upload-listener':
      return 'the XMLHttpRequest has listeners on its `upload`'
    case 'stream-body':
      return 'the body is a stream'
    case 'redirect':
      return 'the request was preflighted before it was redirected, and this browser asks again'
    case 'header':
      return headerWords(reason)
  }
}

const ALWAYS_ASKED = 'is not one of the headers a page may send without a preflight'

function headerWords(reason: Extract<PreflightReason, { kind: 'header' }>): string {
  const { name, value } = reason
  const secret = value === REDACTED || isSecretHeader(name)
  switch (reason.reason) {
    case 'name':
      return `${quoted(name)} ${ALWAYS_ASKED}`
    case 'content-type':
      return `${quoted(`${name}: ${value}`)} is not one of the three types a form can send`
    case 'range':
      return `${quoted(`${name}: ${value}`)} is not a single range such as \`bytes=0-1023\``
    case 'value-length':
      return `the value of ${quoted(name)} is ${grouped(value.length)} bytes long, and more than ${SAFELISTED_VALUE_LIMIT} need a preflight`
    case 'total-length':
      return `the values of the headers that need no preflight come to more than ${grouped(SAFELISTED_TOTAL_LIMIT)} bytes together, ${quoted(name)} among them`
    case 'unsafe-byte':
      return secret
        ? `the value of ${quoted(name)} holds a byte that needs a preflight`
        : byteWords(name, value)
  }
}

/** Languages may hold only these; everything else a byte that the standard calls unsafe. */
const LANGUAGE_BYTE = /[0-9A-Za-z *,\-.;=]/

function byteWords(name: string, value: string): string {
  const language = name === 'accept-language' || name === 'content-language'
  const at = [...value].findIndex((character) => {
    const code = character.charCodeAt(0)
    return language ? !LANGUAGE_BYTE.test(character) : isCorsUnsafeRequestHeaderByte(code) || code >= 0x80
  })
  const character = value[at] ?? ''
  const hex = character.charCodeAt(0).toString(16).padStart(2, '0')
  return `the value of ${quoted(`${name}: ${value}`)} holds ${quoted(character)} (0x${hex}) at position ${at + 1}, which needs a preflight`
}
