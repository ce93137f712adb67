/** What a report keeps of a journey, without its secrets. */

import type { Header } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { isSecretHeader, REDACTED, redactLocation, redactUrl } from '../text/redact.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'

/** A verdict whose next request, which is meant to be sent, may be shown. */
export function verdictWithoutSecrets(verdict: Verdict): Verdict {
  return verdict.next === undefined ? verdict : { ...verdict, next: requestWithoutSecrets(verdict.next) }
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
