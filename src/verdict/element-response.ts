/** What an element asks of a response beyond CORS. */
import type { Deviations } from '../fetch/deviations.js'
import type { ElementKind } from '../fetch/element-request.js'
import type { Failure } from '../fetch/failure.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import { getHeader } from '../fetch/header-list.js'
import { parseMimeType } from '../fetch/mime-type.js'
import { isOrigin } from '../fetch/origin.js'
import { isOkStatus } from '../fetch/redirect.js'
import type { ResponseHead, ResponseType } from '../fetch/response.js'

/**
 * Why an element cannot make use of a response, wherever it comes from; null where it can. The bytes are not looked at.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script and the sections of the other elements
 */
export function elementFailure(
  { element }: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): Failure | null {
  if (element === null) return null
  const { status, headers } = response
  if (hasErrorStatus(element, response, deviations))
    return { code: 'element-status', blockedAt: 'response', status }
  if (TYPES[element]?.(essenceOf(response)) !== false) return null
  // DEVIATION: a sheet that is none loads, too.
  if (element === 'style' && deviations.elements.anySheetTypeLoads) return null
  const value = getHeader(headers, 'content-type')
  return { code: 'element-content-type', blockedAt: 'response', header: 'Content-Type', value, status }
}

/** Whether a response has a status that an element does not load from. */
function hasErrorStatus(
  element: ElementKind,
  response: ResponseHead,
  { elements, preloads }: Deviations,
): boolean {
  if (isOkStatus(response.status)) return false
  switch (element) {
    // What shows whatever came.
    case 'iframe':
    case 'object':
    case 'embed':
      return false
    // DEVIATION: some need a good status.
    case 'fetch':
      return preloads.fetchNeedsOkStatus
    // DEVIATION: some may have any.
    case 'track':
      return !elements.tracksHaveAnyStatus
    // Any will do where an image came; what comes with an error is usually none.
    case 'image':
    case 'mask':
      return essenceOf(response)?.startsWith('image/') !== true
    default:
      return true
  }
}

function essenceOf({ headers }: ResponseHead): string | null {
  const value = getHeader(headers, 'content-type')
  return value === null ? null : (parseMimeType(value)?.essence ?? null)
}

/** Which types an element takes, where it goes by them; null is an absent or invalid one. */
const TYPES: Readonly<Partial<Record<ElementKind, (essence: string | null) => boolean>>> = {
  // https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type
  script: (essence) => essence === null || !/^(audio|image|video)\/|^text\/csv$/.test(essence),
  // https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
  module: (essence) => essence !== null && SCRIPT_TYPE.test(essence),
  // https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet; browsers take it without a type, too.
  style: (essence) => essence === null || essence === 'text/css',
}

/** @see https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const SCRIPT_TYPE =
  /^(application\/(x-)?(ecma|java)script|text\/((x-)?(ecma|java)script|javascript1\.[0-5]|jscript|livescript))$/

/**
 * Whether a script may look into what an element has: a canvas that the image is drawn on, a sheet's rules, a track's cues, a frame's document, what
 * `window.onerror` is told of a script. Fonts and modules are used or not.
 * @param type of the response; null where there is none for the element
 */
export function isReadable(
  { element, mode, client, currentOrigin }: FetchRequest,
  type: ResponseType | null,
  { elements }: Deviations,
): boolean {
  // DEVIATION: a sheet that CORS refused is an empty one.
  if (type === null) return element === 'style' && mode === 'cors' && elements.refusedSheetsAreReadable
  if (mode === 'navigate') return isOrigin(client.origin, currentOrigin)
  // DEVIATION: what these say is never hidden.
  if (element === 'track' && elements.tracksAreReadable) return true
  if (element === 'script' && elements.scriptErrorsAreTold) return true
  return type !== 'opaque' || element === 'font'
}

/** Whether a preload fires `error`. @param response null where it was refused */
export function preloadFails(
  element: ElementKind,
  response: ResponseHead | null,
  deviations: Deviations,
): boolean {
  // DEVIATION: of one that was refused the event does not tell.
  if (response === null) return !deviations.preloads.refusedFireLoad
  return hasErrorStatus(element, response, deviations)
}
