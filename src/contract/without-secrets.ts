/** What a report keeps of a journey, without its secrets. */

import type { Header } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { isSecretHeader, REDACTED, redactLocation, redactText, redactUrl } from '../text/redact.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'
import { literally } from './notations.js'
import type { ResolvedRequest } from './resolved.js'

/** Shorter ones stand in words that are no secret. */
const SHORTEST_VALUE = 6
const SHORTEST_PART = 8
/** Shorter ones may be part of a longer word. */
const SHORTEST_ALONE = 12

/**
 * What hides the secrets of a request wherever they stand: in its own path, and in what a server repeats of what it was sent.
 * @param extraHeaders all that were sent: whatever they are called, their values are secrets
 * @param known what everybody may read, parts of which are not secret: origins
 */
export function hiding(
  { path, shownPath, secrets }: Pick<ResolvedRequest, 'path' | 'shownPath' | 'secrets'>,
  extraHeaders: readonly Header[],
  known: readonly string[] = [],
): (text: string) => string {
  const values = [...secrets, ...extraHeaders.map(([, value]) => value)].flatMap((value) => [
    ...(value.length < SHORTEST_VALUE ? [] : [value]),
    // `Bearer abc` and `sid=abc` may be repeated without what is before the value.
    ...value.split(/[\s=;,]+/).filter(({ length }) => length >= SHORTEST_PART),
  ])
  const hidden = [...new Set([...values, ...values.map(encodeURIComponent)])]
    .filter((value) => !known.some((text) => text.includes(value)))
    .sort((a, b) => b.length - a.length)
  const plain = path.split('?', 1)[0] as string
  const paths =
    shownPath === plain
      ? []
      : [...new Set([plain, new URL(plain, 'http://localhost').pathname])].map(literally)
  const patterns = [
    ...paths.map((text) => [new RegExp(`(?<!/)${text}(?![\\w%.~-])`, 'g'), shownPath] as const),
    ...hidden.map((value) => [wherever(value), REDACTED] as const),
  ]
  return (text) =>
    patterns.reduce((shown, [pattern, by]) => shown.replace(pattern, () => by), redactText(text))
}

function wherever(value: string): RegExp {
  const text = literally(value)
  return new RegExp(value.length < SHORTEST_ALONE ? `(?<![\\w.-])${text}(?![\\w.-])` : text, 'g')
}

/** Plain data, with every text in it changed. */
export function withTexts<T>(value: T, change: (text: string) => string): T
export function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withTexts(each, change)]))
}

/** A verdict that may be shown: its URLs, and its next request, are those that were meant to be sent. */
export function verdictWithoutSecrets(verdict: Verdict): Verdict {
  const { url, hop, preflight, next } = verdict
  return {
    ...verdict,
    url: redactUrl(url),
    hop: { ...hop, url: redactUrl(hop.url) },
    ...(preflight.request === undefined
      ? {}
      : { preflight: { ...preflight, request: requestWithoutSecrets(preflight.request) } }),
    ...(next === undefined ? {} : { next: requestWithoutSecrets(next) }),
  }
}

/** An exchange that may be shown. */
export function exchangeWithoutSecrets(exchange: Exchange): Exchange {
  const { request, response } = exchange
  return {
    ...exchange,
    request: requestWithoutSecrets(request),
    response: { ...response, headers: response.headers.map(lineWithoutSecret) },
  }
}

function requestWithoutSecrets({ method, url, headers }: RequestHead): RequestHead {
  return { method, url: redactUrl(url), headers: headers.map(lineWithoutSecret) }
}

/** A header line that may be shown. */
export function lineWithoutSecret([name, value]: Header): Header {
  if (isSecretHeader(name)) return [name, REDACTED]
  return [name, byteLowercase(name) === 'location' ? redactLocation(value) : value]
}
