/** The requests of elements: `<img>`, `<script>`, `@font-face` and the like. */
import type { Deviations } from './deviations.js'
import type { Failure } from './failure.js'
import { type Client, FetchRequest, type RequestDestination, type RequestMode } from './fetch-request.js'
import { byteLowercase } from './http-tokens.js'
import { parsePageUrl } from './page-url.js'
import type { ReferrerPolicy } from './referrer.js'

interface Kind {
  readonly destination: RequestDestination
  /** The mode where there is no `crossorigin` attribute. */
  readonly mode: RequestMode | 'navigate'
  /** Whether there is such an attribute. */
  readonly crossorigin: boolean
}

/** What each asks with. @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request */
const KINDS = {
  /** `<img>`, `background-image`. */
  image: { destination: 'image', mode: 'no-cors', crossorigin: true },
  /** `mask-image`, `shape-outside`. */
  mask: { destination: 'image', mode: 'cors', crossorigin: false },
  script: { destination: 'script', mode: 'no-cors', crossorigin: true },
  /** `<script type="module">`, `import`, `<link rel="modulepreload">`. */
  module: { destination: 'script', mode: 'cors', crossorigin: true },
  style: { destination: 'style', mode: 'no-cors', crossorigin: true },
  font: { destination: 'font', mode: 'cors', crossorigin: false },
  audio: { destination: 'audio', mode: 'no-cors', crossorigin: true },
  video: { destination: 'video', mode: 'no-cors', crossorigin: true },
  /** The attribute is that of the media element around it. */
  track: { destination: 'track', mode: 'same-origin', crossorigin: true },
  manifest: { destination: 'manifest', mode: 'cors', crossorigin: true },
  /** `<use>` and `filter`; with the attribute `clip-path`. */
  svg: { destination: 'image', mode: 'same-origin', crossorigin: true },
  iframe: { destination: 'iframe', mode: 'navigate', crossorigin: false },
  object: { destination: 'object', mode: 'navigate', crossorigin: false },
  embed: { destination: 'embed', mode: 'navigate', crossorigin: false },
  worker: { destination: 'worker', mode: 'same-origin', crossorigin: false },
  sharedworker: { destination: 'sharedworker', mode: 'same-origin', crossorigin: false },
  /** `<link rel="preload" as="fetch">`. */
  fetch: { destination: '', mode: 'no-cors', crossorigin: true },
} as const satisfies Readonly<Record<string, Kind>>

/** What asks, where that is not a script's own call. */
export type ElementKind = keyof typeof KINDS

export const elementKinds = Object.keys(KINDS) as readonly ElementKind[]

export const corsElementKinds = [
  'image',
  'mask',
  'script',
  'module',
  'style',
  'font',
  'audio',
  'video',
  'track',
  'manifest',
] as const satisfies readonly ElementKind[]

/** What may ask another origin with CORS. */
export type CorsElementKind = (typeof corsElementKinds)[number]

/** Whether an element's `crossorigin` attribute decides how it asks. @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes */
export function heedsCrossorigin(element: ElementKind): boolean {
  return KINDS[element].crossorigin
}

/** An element and what its attributes say. */
export interface ElementArguments {
  readonly element: ElementKind
  /** One that has been parsed already is taken as it is. */
  readonly url: string | URL
  /** The attribute's value; null or undefined where it is absent. */
  readonly crossorigin?: string | null | undefined
  readonly referrerPolicy?: ReferrerPolicy | undefined
  /** The module that imports it. */
  readonly importer?: string | undefined
  /** Whether it is asked for ahead of time, by a `<link rel="preload">`. */
  readonly preload?: boolean | undefined
}

/** Makes an element's request, or says why there is none. @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request */
export function createElementRequest(
  client: Client,
  { element, url: given, crossorigin, referrerPolicy = '', preload = false, importer }: ElementArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  const url = parsePageUrl(given, client, deviations)
  if (url === null) return { code: 'invalid-url', blockedAt: 'request', part: String(given) }
  const { destination } = KINDS[element]
  const isMedia = destination === 'audio' || destination === 'video'
  // DEVIATION: media ask for the range from the first byte, for the file as it is, or for a stream's titles, or for none of these.
  const headers = isMedia ? [...deviations.elements.mediaHeaders] : []
  const request = new FetchRequest(client, url, 'GET', headers, null, 'element')
  request.element = element
  request.isPreload = preload
  request.referrerPolicy = referrerPolicy
  // DEVIATION: text tracks have no referrer.
  if (element === 'track' && deviations.elements.tracksHaveNoReferrer) request.referrer = 'no-referrer'
  // https://html.spec.whatwg.org/multipage/webappapis.html#fetch-the-descendants-of-a-module-script
  // DEVIATION: what a module imports has the page as its referrer.
  if (importer !== undefined && !deviations.elements.importsHavePageAsReferrer)
    request.referrer = new URL(importer)
  // DEVIATION: what `<object>` and `<embed>` ask for is a frame's.
  const isFrame = KINDS[element].mode === 'navigate' && deviations.elements.embedsAreFrames
  request.destination = isFrame ? 'iframe' : destination
  request.unsafeRequest = false
  const state = corsState(element, crossorigin, preload, deviations)
  // 1. Let mode be "no-cors" if corsAttributeState is No CORS, and "cors" otherwise.
  request.mode = state === 'No CORS' ? modeWithoutCors(element, preload, deviations) : 'cors'
  // 3-4. Let credentialsMode be "include". If corsAttributeState is Anonymous, set credentialsMode to "same-origin".
  request.credentials = state === 'Anonymous' ? 'same-origin' : 'include'
  return request
}

/** @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes */
export type CorsState = 'No CORS' | 'Anonymous' | 'Use Credentials'

function corsState(
  element: ElementKind,
  crossorigin: string | null | undefined,
  preload: boolean,
  { elements }: Deviations,
): CorsState {
  const attribute = attributeState(crossorigin)
  // A preload asks as its own attribute says, whatever the element will do; that of a module is a module's.
  // DEVIATION: fonts are always asked for alike.
  if (preload && element !== 'module' && !(element === 'font' && elements.fontPreloadsAreCors))
    return attribute
  // DEVIATION: what ought to be asked for with CORS is not.
  if (element === 'font' && elements.fontsAreNoCors) return 'No CORS'
  if (element === 'svg' && elements.svgIsSameOrigin) return 'No CORS'
  if (heedsCrossorigin(element) && attribute !== 'No CORS') return attribute
  return KINDS[element].mode === 'cors' ? 'Anonymous' : 'No CORS'
}

/** What the attribute's value means, in any case; an invalid one is Anonymous. @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes */
export function attributeState(crossorigin: string | null | undefined): CorsState {
  if (crossorigin === null || crossorigin === undefined) return 'No CORS'
  return byteLowercase(crossorigin) === 'use-credentials' ? 'Use Credentials' : 'Anonymous'
}

function modeWithoutCors(
  element: ElementKind,
  preload: boolean,
  { elements }: Deviations,
): RequestMode | 'navigate' {
  if (preload) return 'no-cors'
  const { mode } = KINDS[element]
  // DEVIATION: text tracks and fonts are asked for like images.
  return mode === 'cors' || (element === 'track' && elements.tracksAreNoCors) ? 'no-cors' : mode
}
