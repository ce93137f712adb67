/** How a simulated page loads what the recorder's elements loaded. */

import { getHeader } from '../../src/fetch/header-list.js'
import type { ReferrerPolicy } from '../../src/fetch/referrer.js'
import type { ElementLoad, LoadOptions, PreloadOptions } from '../../src/page/load.js'
import { isLoginPromptError } from '../../src/page/login-prompt-error.js'
import type { Page } from '../../src/page/open-page.js'
import type { BeyondOutcome, BeyondPage, BeyondStep } from './beyond.js'
import type { StepRunner } from './beyond-steps.js'

/** What a script is told that reads what it may not. */
const UNREADABLE: Readonly<Record<string, { readonly canvas: string; readonly webgl: string }>> = {
  chromium: {
    canvas:
      "SecurityError: Failed to execute 'getImageData' on 'CanvasRenderingContext2D': The canvas has been tainted by cross-origin data.",
    webgl:
      "SecurityError: Failed to execute 'texImage2D' on 'WebGLRenderingContext': The image element contains cross-origin data, and may not be loaded.",
  },
  firefox: { canvas: 'SecurityError: The operation is insecure.', webgl: 'absent' },
  webkitgtk: {
    canvas: 'SecurityError: The operation is insecure.',
    webgl: 'SecurityError: The operation is insecure.',
  },
}

type Outcome = (load: ElementLoad, page: Page) => Partial<BeyondOutcome>

/** An element's outcome: its event, and what the recorder noted beside it. */
function element(as: LoadOptions['as'], outcome: Outcome = () => ({})): StepRunner {
  return async (page, step) => {
    try {
      const load = await page.load(step.url as string, optionsOf(step, as))
      return { outcome: load.event, ...outcome(load, page) }
    } catch (error) {
      if (isLoginPromptError(error)) return { outcome: 'timeout' }
      throw error
    }
  }
}

function optionsOf({ attrs = {} }: BeyondStep, as: LoadOptions['as']): LoadOptions {
  return {
    as,
    crossorigin: attrs.crossorigin,
    referrerPolicy: attrs.referrerpolicy as ReferrerPolicy | undefined,
  }
}

/** Text is not an image; the page does not look into what it loads. */
const isText = (load: ElementLoad): boolean => /^text\/plain/i.test(typeOf(load))

const typeOf = ({ exchanges }: ElementLoad): string =>
  getHeader(exchanges.at(-1)?.response.headers ?? [], 'content-type') ?? ''

const canvas: Outcome = (load, { engine }) => {
  const { event, readable } = load
  if (isText(load)) return { outcome: 'error' }
  return event === 'error' ? {} : { width: 2, canvas: readable ? 'readable' : UNREADABLE[engine]?.canvas }
}

const webgl: Outcome = ({ event, readable }, { engine }) => {
  if (event === 'error') return {}
  return { webgl: engine === 'firefox' ? 'absent' : readable ? 'ok' : UNREADABLE[engine]?.webgl }
}

const ran: Outcome = ({ event, imports = [] }) => ({ ran: event === 'load' ? 1 + imports.length : 0 })

const sheet: Outcome = (load) => {
  const { event, readable } = load
  const applied = event === 'load' && /^(text\/css|$)/i.test(typeOf(load))
  return { applied, rules: readable ? (applied ? 1 : 0) : 'SecurityError' }
}

function script(page: Page, step: BeyondStep, run: Parameters<StepRunner>[2]): Promise<BeyondOutcome> {
  return element(step.attrs?.type === 'module' ? 'module' : 'script', ran)(page, step, run)
}

function link(page: Page, step: BeyondStep, run: Parameters<StepRunner>[2]): Promise<BeyondOutcome> {
  const { rel } = step.attrs ?? {}
  if (rel === 'stylesheet') return element('style', sheet)(page, step, run)
  if (rel === 'manifest') return manifest(page, step)
  if (rel === 'preload' || rel === 'modulepreload') return preload(page, step)
  return Promise.resolve({ outcome: 'timeout' })
}

async function preload(page: Page, { url = '', attrs = {} }: BeyondStep): Promise<BeyondOutcome> {
  const as = attrs.rel === 'modulepreload' ? 'module' : (attrs.as as PreloadOptions['as'])
  const { event } = await page.preload(url, { as, crossorigin: attrs.crossorigin })
  return { outcome: event }
}

/** A page's first manifest counts, and is asked for again with the next; no event tells. */
const manifests = new WeakMap<Page, BeyondStep>()

async function manifest(page: Page, step: BeyondStep): Promise<BeyondOutcome> {
  const first = manifests.get(page) ?? step
  manifests.set(page, first)
  // Headless, the others ask for none.
  if (page.engine === 'chromium') await page.load(first.url as string, optionsOf(first, 'manifest'))
  return { outcome: 'timeout' }
}

/** What `FontFace` and `document.fonts` reject with. */
const fontError = (engine: string): BeyondOutcome => ({
  outcome: 'rejected',
  error: 'NetworkError',
  message: `${engine === 'webkitgtk' ? ' ' : ''}A network error occurred.`,
})

function font(loaded: object): StepRunner {
  return async (page, step) => {
    const { event } = await page.load(step.url as string, { as: 'font' })
    return event === 'load' ? { outcome: 'load', ...loaded } : fontError(page.engine)
  }
}

/** The properties that ask for images with CORS. */
const WITH_CORS = /^(-webkit-)?mask-image|^shape-outside/

const css: StepRunner = async (page, step) => {
  const { css: declaration = '', url = '' } = step
  if (/^(filter|clip-path)/.test(declaration)) {
    const crossorigin = declaration.startsWith('clip-path') ? 'anonymous' : null
    // WebKitGTK asks for nothing at all.
    if (page.engine !== 'webkitgtk') await page.load(url, { as: 'svg', crossorigin })
  } else {
    await page.load(url, { as: WITH_CORS.test(declaration) ? 'mask' : 'image' })
  }
  return { outcome: 'done' }
}

const media: StepRunner = async (page, step) => {
  const { event } = await page.load(
    step.url as string,
    optionsOf(step, step.tag === 'video' ? 'video' : 'audio'),
  )
  if (event === 'load') return { outcome: 'loadedmetadata' }
  return { outcome: 'error', code: 4, message: MEDIA_ERRORS[page.engine] ?? '' }
}

const MEDIA_ERRORS: Readonly<Record<string, string>> = {
  chromium: 'MEDIA_ELEMENT_ERROR: Format error',
  firefox: 'Failed to open media',
}

const frame: StepRunner = async (page, step) => {
  const { event, readable } = await page.load(step.url as string, optionsOf(step, 'iframe'))
  return { outcome: event, doc: readable ? 'hi' : 'cross' }
}

const object: StepRunner = async (page, step) => {
  const { event } = await page.load(step.url as string, { as: step.tag === 'embed' ? 'embed' : 'object' })
  return { outcome: event }
}

/** What the constructors throw for a script of another origin. */
const WORKER_ERRORS: Readonly<Record<string, (kind: string, url: string, origin: string) => string>> = {
  chromium: (kind, url, origin) =>
    `Failed to construct '${kind}': Script at '${url}' cannot be accessed from origin '${origin}'.`,
  webkitgtk: (kind) =>
    kind === 'SharedWorker' ? 'URL of the shared worker is cross-origin' : 'The operation is insecure.',
}

function worker(as: 'worker' | 'sharedworker'): StepRunner {
  return async (page, step) => {
    const { event } = await page.load(step.url as string, { as })
    if (event === 'load') return { outcome: 'message', data: page.origin }
    const message = WORKER_ERRORS[page.engine]
    if (message === undefined) return { outcome: 'error' }
    const kind = as === 'worker' ? 'Worker' : 'SharedWorker'
    return {
      outcome: 'rejected',
      error: 'SecurityError',
      message: message(kind, step.url as string, page.origin),
      stage: 'construct',
    }
  }
}

const dynimport: StepRunner = async (page, step) => {
  const { event } = await page.load(step.url as string, { as: 'module' })
  if (event === 'load') return { outcome: 'load', ran: 1, keys: 'v' }
  return {
    outcome: 'rejected',
    error: 'TypeError',
    message: IMPORT_ERRORS[page.engine]?.(step.url as string),
  }
}

const IMPORT_ERRORS: Readonly<Record<string, (url: string) => string>> = {
  chromium: (url) => `Failed to fetch dynamically imported module: ${url}`,
  firefox: (url) => `error loading dynamically imported module: ${url}`,
  webkitgtk: () => 'Cross-origin script load denied by Cross-Origin Resource Sharing policy.',
}

const inlinemodule: StepRunner = async (page, step) => {
  const { event } = await page.load(step.url as string, optionsOf(step, 'module'))
  return event === 'load' ? { outcome: 'ran', ran: 1 } : { outcome: 'error' }
}

export const elementRunners: Readonly<Record<string, StepRunner>> = {
  img: element('image', canvas),
  imgset: element('image', ({ event, readable }, { engine }) =>
    event === 'error' ? {} : { canvas: readable ? 'readable' : UNREADABLE[engine]?.canvas },
  ),
  bitmap: element('image', ({ event, readable }, { engine }) =>
    event === 'error' ? {} : { canvas: readable ? 'readable' : UNREADABLE[engine]?.canvas },
  ),
  webgl: element('image', webgl),
  script,
  dynimport,
  inlinemodule,
  link,
  font: font({ status: 'loaded' }),
  cssfont: font({ n: 1 }),
  css,
  svguse: async (page, step) => {
    await page.load(step.url as string, { as: step.el === 'image' ? 'image' : 'svg' })
    return { outcome: 'done' }
  },
  media,
  track: element('track', ({ event }) => (event === 'load' ? { cues: 1 } : {})),
  iframe: frame,
  object,
  worker: worker('worker'),
  sharedworker: worker('sharedworker'),
}

/** What `window.onerror` was told of the scripts of a document's head, which throw. */
export const headErrors = new WeakMap<Page, string[]>()

/** Loads what a document names itself: preloads in its `Link` headers, scripts in its head. */
export async function loadHead(
  page: Page,
  { headers = [], head = '' }: BeyondPage,
  fill: (text: string) => string,
): Promise<void> {
  for (const [name, value] of headers) {
    const [, url, attributes = ''] = /^<([^>]*)>(.*)$/.exec(value) ?? []
    if (name !== 'Link' || url === undefined || !/rel=preload/.test(attributes)) continue
    const as = /as=(\w+)/.exec(attributes)?.[1] as PreloadOptions['as']
    await page.preload(fill(url), { as, crossorigin: attributes.includes('crossorigin') ? '' : null })
  }
  const errors: string[] = []
  for (const [, before = '', url = ''] of head.matchAll(/<script([^>]*) src="([^"]*)"/g)) {
    const crossorigin = before.includes('crossorigin') ? '' : null
    const { event, readable } = await page.load(fill(url), { as: 'script', crossorigin })
    const told = `${page.engine === 'chromium' ? 'Uncaught ' : ''}Error: boom-secret`
    if (event === 'load') errors.push(readable ? told : 'Script error.')
  }
  headErrors.set(page, errors)
}
