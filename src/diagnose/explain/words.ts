/** Phrases the explanations share: the request, the response, the page. */

import type { ElementKind } from '../../fetch/element-request.js'
import { counted, listed, quoted, shown, shownUrl } from '../../text/shown.js'
import { type BlockedCase, type Case, isObserved, linesAtFault } from '../case.js'

/** Words for one failure: a sentence without its full stop. */
export type Explain = (found: BlockedCase) => string

/** The page: `https://app.example.com`, or why its origin is `null`. */
export function pageWords(found: Case): string {
  const { verdict } = found
  return verdict.origin === 'null'
    ? 'a page with an opaque origin (`null`: a sandboxed frame, `data:` or `file:`)'
    : shown(verdict.origin)
}

/** The request the page asked for: `PUT https://api.example.com/orders`. */
export function requestWords(found: Case): string {
  const { verdict } = found
  const as = verdict.as === undefined ? '' : ` as ${elementWords(verdict.as)}`
  return isObserved(found) ? 'the request' : `${shown(verdict.method)} ${shownUrl(verdict.hop.url)}${as}`
}

/** What a page does with a response: `read this response`, `use this response as a font`. */
export function useWords({ as }: { readonly as?: ElementKind | undefined }, response: string): string {
  return as === undefined ? `read ${response}` : `use ${response} as ${elementWords(as)}`
}

/** What asks, with its article: `a font`. */
export function elementWords(element: ElementKind): string {
  return ELEMENTS[element]
}

const ELEMENTS: Readonly<Record<ElementKind, string>> = {
  image: 'an image',
  mask: 'a mask image',
  script: 'a script',
  module: 'a module script',
  style: 'a style sheet',
  font: 'a font',
  audio: 'audio',
  video: 'video',
  track: 'a text track',
  manifest: 'a manifest',
  svg: 'an SVG document',
  iframe: 'a frame',
  object: 'an object',
  embed: 'an embedded document',
  worker: 'a worker',
  sharedworker: 'a shared worker',
  fetch: 'a preload',
}

/** The offending response: `The preflight response (204)`, `The response to GET https://… (200)`, `The redirect (302) from …`. */
export function responseWords(found: BlockedCase): string {
  const status = found.status === undefined ? '' : ` (status ${found.status})`
  if (isObserved(found))
    return `${found.blockedAt === 'preflight' ? 'This preflight response' : 'This response'}${status}`
  if (found.blockedAt === 'preflight') return `The preflight response${status}`
  if (found.blockedAt === 'redirect') return `The redirect${status} in response to ${requestWords(found)}`
  const redirected = found.verdict.hop.url === found.verdict.url ? '' : ', where a redirect led,'
  return `The response to ${requestWords(found)}${redirected}${status}`
}

/** The preflight: `The preflight (OPTIONS https://api.example.com/orders)`. */
export function preflightWords(found: Case): string {
  return isObserved(found) ? 'The preflight' : `The preflight (OPTIONS ${shownUrl(found.verdict.hop.url)})`
}

/** `; …` where a clause is known, else nothing. */
export function orNothing(clause: string | null | undefined): string {
  return clause === null || clause === undefined || clause === '' ? '' : `; ${clause}`
}

/** How a header that came on several lines came: `on two lines (`a` and `b`)`; null where it did not or lines are not known. */
export function onSeveralLines(found: Case, header: string): string | null {
  const lines = linesAtFault(found, header)
  return lines.length < 2 ? null : `on ${counted(lines.length)} lines (${listed(lines.map(quoted))})`
}

/** Why the origin sent is `null` although the page has one: a redirect between foreign origins. */
export function taintWords(found: Case): string | null {
  const { hop, origin } = found.verdict
  if (hop.origin !== 'null' || origin === 'null') return null
  return `the browser sends \`Origin: null\` because the request was redirected from one foreign origin to another`
}

/** A header and its value, as what a response has: `has `Name: value``, or `has an empty Name header`. */
export function hasHeader(name: string, value: string): string {
  return value === '' ? `has an empty ${name} header` : `has ${quoted(`${name}: ${value}`)}`
}
