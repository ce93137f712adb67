/** What is said of a cell that is not held, where the verdict itself does not say it. */

import { getHeader, type HeaderList } from '../fetch/header-list.js'
import { quoted, shown } from '../text/shown.js'
import type { Journey } from '../verdict/verdict.js'

/** A denied origin that is let in. */
export function allowedWords({ verdict, exchanges }: Journey): string {
  const { origin, method, credentials, outcome } = verdict
  const value = getHeader(exchanges.at(-1)?.response.headers ?? [], 'access-control-allow-origin')
  const how = credentials ? ' with credentials' : ''
  const by = value === null ? '' : `: Access-Control-Allow-Origin is ${quoted(value)}`
  return outcome === 'allowed'
    ? `A page at ${shown(origin)}, which must be denied, may read the response${how}${by}.`
    : `A page at ${shown(origin)}, which must be denied, may send ${shown(method)}${how}: its preflight passes.`
}

/** A response header that no script sees. */
export function notExposedWords(name: string, isPresent: boolean): string {
  return isPresent
    ? `${shown(name)} is on the response, but a page's script cannot read it: Access-Control-Expose-Headers does not name it.`
    : `A page's script must be able to read ${shown(name)}, and the response does not have it.`
}

/** A preflight response that is not kept for long enough. */
export function maxAgeWords(seconds: number, headers: HeaderList): string {
  const value = getHeader(headers, 'access-control-max-age')
  const is = value === null ? 'absent, which makes it 5 seconds' : quoted(value)
  return `Browsers must be able to cache the preflight response for ${seconds} seconds; Access-Control-Max-Age is ${is}.`
}

/** Another status than the declared one. */
export function statusWords(declared: number, got: number): string {
  return `The contract declares status ${declared}, and the response has ${got}: of that status nothing is known.`
}

/** 429 or 503 to the last. */
export function busyWords(got: number): string {
  return `The server responded with ${got}, which is about its load and not about CORS.`
}

/** 502 or 504 to the last. */
export function gatewayWords(got: number): string {
  return `A gateway responded with ${got}: the server behind it did not, so its CORS policy is not known. If ${got} is intended, declare it in \`statuses\`.`
}

/** A request that is never sent. */
export function unsentWords(explanation: string): string {
  return `No browser sends this request, so the server was not asked: ${explanation}`
}

/** A method that changes state and goes without a preflight. */
export function noPreflightWords(method: string): string {
  return `A browser sends this ${shown(method)} without a preflight, and the request itself is sent only where the route says \`send: true\`.`
}

/** A refusal that says nothing. */
export function noControlWords(route: string, isBroken: boolean): string {
  return isBroken
    ? `Refused, but an allowed origin of ${shown(route)} is broken, so the refusal says nothing.`
    : `Refused, but no allowed origin passed on ${shown(route)}, so the refusal says nothing: is the path right, and the server up?`
}

/** A refusal where allowed origins, too, get that nothing is there. */
export function noRouteWords(got: number): string {
  return `Refused, but an allowed origin gets status ${got} there, so the refusal says nothing: is the path right? If ${got} is intended, declare it in \`statuses\`.`
}

/** Without an allowed origin, the request without one must get its status. */
export function noPlainControlWords(declared: number | undefined, got: number): string {
  return declared === undefined
    ? `Refused, but the request without an origin gets status ${got}, so the refusal says nothing: is the path right? If ${got} is intended, declare it in \`statuses\`.`
    : `Refused, but the request without an origin gets status ${got} and not the declared ${declared}, so the refusal says nothing.`
}

/** A route that no page may call, and that a mock does not have. */
export function noHandlerWords(method: string): string {
  return `Refused, but the mock has no handler for ${shown(method)} there, so the refusal says nothing.`
}

/** A route that no page may call, and that must not be called to see whether it is there. */
export function noSafeControlWords(method: string): string {
  return `Refused, but whether the route is there at all can only be seen by sending ${shown(method)}, which needs \`send: true\` (or a response to OPTIONS whose Allow names it).`
}
