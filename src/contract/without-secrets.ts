/** What a report keeps of a journey, without its secrets. */

import type { Header } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { isSecretHeader, REDACTED, redactLocation, redactUrl } from '../text/redact.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'

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
