/** What a preload satisfies: which request is given its response instead of one of its own. */
import type { Deviations } from './deviations.js'
import { attributeState, type CorsState, type ElementKind } from './element-request.js'
import type { FetchRequest } from './fetch-request.js'

/** A resource that was asked for ahead of time. */
export interface Preload {
  readonly request: FetchRequest
  readonly element: ElementKind
  /** What its `crossorigin` attribute says. */
  readonly attribute: CorsState
  /** Whether it was refused. */
  readonly refused: boolean
}

/** Why a preload of the same URL and kind is of no use to a request. */
export type PreloadMismatch = 'method' | 'credentials' | 'mode'

/**
 * Whether a preload is of the kind of resource that a request asks for.
 * @see https://html.spec.whatwg.org/multipage/links.html#preload-key
 */
export function isPreloadOf(
  { request, element }: Preload,
  use: FetchRequest,
  { preloads }: Deviations,
): boolean {
  if (request.urlList[0]?.href !== use.currentUrl.href || request.destination !== use.destination)
    return false
  // DEVIATION: what matters is the type alone.
  if (preloads.matchedBy === 'type') return true
  // A preloaded module is in the module map, which modules alone are taken from.
  if (element === 'module') return use.element === 'module'
  // DEVIATION: preloaded scripts are classic ones.
  return use.element !== 'module' || !preloads.scriptsAreClassic
}

/**
 * What of a request does not match a preload of its kind; null where it is given the preload's response.
 * @see https://html.spec.whatwg.org/multipage/links.html#consume-a-preloaded-resource and https://fetch.spec.whatwg.org/#concept-fetch
 */
export function preloadMismatch(
  preload: Preload,
  use: FetchRequest,
  { preloads }: Deviations,
): PreloadMismatch | null {
  const { request, element, attribute, refused } = preload
  // "request's method is `GET`", "request's unsafe-request flag is not set or request's header list is empty".
  if (use.method !== 'GET') return 'method'
  // DEVIATION: headers are not looked at; cache modes are.
  if (use.unsafeRequest && use.headers.length > 0 && !preloads.ignoreHeaders) return 'mode'
  if (use.cache !== 'default' && preloads.needDefaultCacheMode) return 'mode'
  if (element === 'module') return null
  switch (preloads.matchedBy) {
    case 'request':
      if (request.credentials !== use.credentials) return 'credentials'
      return request.mode === use.mode ? null : 'mode'
    // DEVIATION: the key is what `crossorigin` says, or would say.
    case 'attribute':
      return attribute === attributeOf(use) ? null : 'mode'
    // DEVIATION: elements take what there is, but for what was asked for without CORS and is needed with it.
    case 'type':
      if (use.destination === '') {
        if ((request.credentials === 'include') !== (use.credentials === 'include')) return 'credentials'
        return request.mode === use.mode ? null : 'mode'
      }
      if (use.mode === 'cors' && request.mode === 'no-cors') return 'mode'
      return refused && use.mode !== request.mode && use.destination !== 'font' ? 'mode' : null
  }
}

function attributeOf({ mode, credentials }: FetchRequest): CorsState {
  if (mode === 'no-cors') return attributeState(null)
  return attributeState(credentials === 'include' ? 'use-credentials' : 'anonymous')
}
