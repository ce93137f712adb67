/** `page.load`: what an element asks for, whether it loads, and whether a script may look into it. */
import { deviationsOf } from '../engines/profiles.js'
import { attributeState, type ElementKind, elementKinds } from '../fetch/element-request.js'
import type { ReferrerPolicy } from '../fetch/referrer.js'
import { checkNames, optionChecks } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue, isCorsUsageError } from '../text/usage-error.js'
import { toBodyError } from '../transport/no-response.js'
import { refusedVerdict } from '../verdict/build-verdict.js'
import { checkCrossorigin, checkReferrerPolicy } from '../verdict/cors-request.js'
import { elementFailure, isReadable, preloadFails } from '../verdict/element-response.js'
import type { Journey } from '../verdict/verdict.js'
import { LoginPromptError } from './login-prompt-error.js'
import { importsOf } from './module-imports.js'
import { type PageState, reportBlocked, type SettledFetch, send } from './page-fetch.js'
import { requestOf } from './preloads.js'
import { readBody } from './response-class.js'

/** An element and what it says of its request. */
export interface LoadOptions {
  /**
   * Which: `image` for `<img>` and the images of style sheets, `script` and `module` for the two kinds of `<script>` (`module` for `import` as well), `style` for
   * `<link rel="stylesheet">`, `font` for `@font-face`, `track` for a `<track>`; `svg` is the document that a `<use>` or `filter` refers to.
   */
  readonly as: Exclude<ElementKind, 'fetch'>
  /**
   * Its `crossorigin` attribute: `anonymous`, `use-credentials`, or null where it has none, the default. Any other value counts as `anonymous`. The one that
   * counts for a `track` is that of its `<video>`; fonts, frames and workers have none.
   */
  readonly crossorigin?: string | null | undefined
  readonly referrerPolicy?: ReferrerPolicy | undefined
  /** Aborts the load. */
  readonly signal?: AbortSignal | undefined
}

/** What became of an element's load: a journey, which matchers take. */
export interface ElementLoad extends Journey {
  /** Which event the element fires. What the bytes are is not looked at: an image of no bytes loads. */
  readonly event: 'load' | 'error'
  /**
   * Whether a script may look into it: a canvas that the image is drawn on, a sheet's `cssRules`, a track's cues, a frame's document; of a script whether
   * `window.onerror` is told more than "Script error.". Of a font or a module it is whether it loads.
   */
  readonly readable: boolean
  /** The modules that a module imports and that were loaded with it; where one fails, the verdict is that one's. */
  readonly imports?: readonly ElementLoad[]
}

const OPTIONS: readonly string[] = [
  'as',
  'crossorigin',
  'referrerPolicy',
  'signal',
] satisfies readonly (keyof LoadOptions)[]
const KINDS: readonly string[] = elementKinds.filter((kind) => kind !== 'fetch')

/** A `<link rel="preload">`, or `rel="modulepreload"`. */
export interface PreloadOptions extends Omit<LoadOptions, 'as'> {
  /** Its `as` attribute: `fetch` for what a script will ask for. A `module` is preloaded by `rel="modulepreload"`. */
  readonly as: 'fetch' | 'font' | 'image' | 'module' | 'script' | 'style'
}

const PRELOADS: readonly string[] = [
  'fetch',
  'font',
  'image',
  'module',
  'script',
  'style',
] satisfies readonly PreloadOptions['as'][]

/** @throws CorsUsageError */
function checkLoadOptions(
  options: LoadOptions | PreloadOptions,
  call: string,
  kinds: readonly string[],
): void {
  if (!hasMembers(options))
    throw new CorsUsageError(
      `${call} takes a URL and { as, crossorigin }, as in ${call.replace('()', "(url, { as: 'image' })")}; got ${describeValue(options)}`,
    )
  checkNames(options, OPTIONS, call)
  const { as, crossorigin, referrerPolicy, signal } = options
  if (!kinds.includes(as)) {
    const got = typeof as === 'string' ? literal(as) : describeValue(as)
    throw new CorsUsageError(`${call}: as must be one of ${kinds.map(literal).join(', ')}; got ${got}`)
  }
  checkCrossorigin(crossorigin)
  checkReferrerPolicy(referrerPolicy)
  if (signal !== undefined) optionChecks.signal(signal, call)
}

/** Loads what an element of the page asks for. @throws CorsNetworkError where no response came, LoginPromptError where the browser asks the user */
export async function loadElement(
  page: PageState,
  url: string | URL,
  options: LoadOptions,
): Promise<ElementLoad> {
  checkLoadOptions(options, 'page.load()', KINDS)
  return load(page, url, options)
}

async function load(
  page: PageState,
  url: string | URL,
  options: LoadOptions,
  importer?: string,
): Promise<ElementLoad> {
  const deviations = deviationsOf(page.engine)
  const { as, crossorigin, referrerPolicy, signal } = options
  const settled = await send(page, { url: String(url), as, crossorigin, referrerPolicy, importer }, signal)
  const { journey, request, response, visible } = settled
  if (journey.verdict.outcome === 'prompt') throw new LoginPromptError(journey)
  if (request === null) return { ...journey, event: 'error', readable: false }
  if (visible === null || response === null)
    return { ...journey, event: 'error', readable: isReadable(request, null, deviations) }
  const content = await contentOf(page, settled, signal)
  const failure = elementFailure(request, response, deviations)
  const readable = isReadable(request, visible.type, deviations)
  if (failure === null) {
    const loaded: ElementLoad = { ...journey, event: 'load', readable }
    return as === 'module' ? withImports(page, loaded, request.currentUrl, content, options) : loaded
  }
  const refused = { ...journey, verdict: refusedVerdict(journey.verdict, failure) }
  reportBlocked(page, refused)
  // A failed sheet is an empty one.
  return { ...refused, event: 'error', readable: as === 'style' && readable }
}

/** All of the body. @throws CorsNetworkError where it broke off or was aborted, in the place of what a script would get */
async function contentOf(
  page: PageState,
  { request, visible }: SettledFetch,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    return await readBody(visible?.body ?? null)
  } catch (error) {
    if (request === null || isCorsUsageError(error)) throw error
    const { method, currentUrl } = request
    const ended = signal?.aborted === true ? signal : page.signal
    const cause = ended.aborted ? ended.reason : (error as Error).cause
    throw toBodyError(cause, { method, url: currentUrl.href, signal: ended })
  }
}

/** Loads what a module imports, too, unless it was loaded before. @see https://html.spec.whatwg.org/multipage/webappapis.html#fetch-the-descendants-of-a-module-script */
async function withImports(
  page: PageState,
  module: ElementLoad,
  url: URL,
  content: Uint8Array,
  options: LoadOptions,
): Promise<ElementLoad> {
  const { modules } = page
  modules.add(url.href)
  const urls = importsOf(new TextDecoder().decode(content), url).filter(({ href }) => !modules.has(href))
  if (urls.length === 0) return module
  for (const { href } of urls) modules.add(href)
  const imports = await Promise.all(urls.map((each) => load(page, each, options, url.href)))
  for (const [at, each] of urls.entries()) if (imports[at]?.event === 'error') modules.delete(each.href)
  const failed = imports.find(({ event }) => event === 'error')
  return failed === undefined ? { ...module, imports } : { ...failed, imports }
}

/** Asks for something ahead of time. @throws CorsNetworkError where no response came, LoginPromptError where the browser asks the user */
export async function preload(
  page: PageState,
  url: string | URL,
  options: PreloadOptions,
): Promise<ElementLoad> {
  checkLoadOptions(options, 'page.preload()', PRELOADS)
  const { as, crossorigin, referrerPolicy, signal } = options
  const asked = { url: String(url), as, crossorigin, referrerPolicy, preload: true }
  const wanted = requestOf(page, asked)
  const attribute = attributeState(crossorigin)
  const came = send(page, asked, signal).then(async (settled) => {
    if (settled.journey.verdict.outcome === 'prompt') throw new LoginPromptError(settled.journey)
    return { ...settled, content: await contentOf(page, settled, signal) }
  })
  if (wanted !== null) {
    const preload = { request: wanted, element: as, attribute }
    page.preloads.add(
      preload,
      came.then((settled) => ({ ...settled, ...preload, refused: settled.visible === null })),
    )
  }
  const { journey, request, response, visible } = await came
  if (request === null) return { ...journey, event: 'error', readable: false }
  const fails = preloadFails(as, visible === null ? null : response, deviationsOf(page.engine))
  const readable = !fails && visible !== null && visible.type !== 'opaque'
  return { ...journey, event: fails ? 'error' : 'load', readable }
}
