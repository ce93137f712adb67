/** Runs scenarios through the simulated page over a real loopback server. */
import { Readable } from 'node:stream'
import { CookieJar } from 'tough-cookie'
import { openPage, type Page } from '../../src/page/open-page.js'
import type { PageRequest, PageRequestInit } from '../../src/page/request-class.js'
import { type RawRequest, type RawResponse, startRawServer } from './raw-server.js'
import {
  origins,
  prologueCookies,
  type RecordedEngine,
  type RecordedOutcome,
  type RecordedRequest,
  type RecordedScenario,
} from './recordings.js'
import { bodyOf, corsRequestOf, pagePath, profileOf } from './replay.js'
import { scenarioServer } from './scenario-server.js'

/** A request as the server saw it. */
export interface Seen {
  readonly step: number
  readonly to: string
  readonly method: string
  readonly path: string
  readonly preflight: boolean
  readonly headers: Record<string, string>
}

/** What the script saw and what the server saw. */
export interface PageRun {
  readonly outcomes: readonly RecordedOutcome[]
  readonly log: readonly Seen[]
}

/** One server for all scenarios, which it answers one after another. */
export interface PageRunner {
  run(scenario: RecordedScenario, engine: RecordedEngine): Promise<PageRun>
  close(): void
}

/**
 * Starts the server.
 * @param over sockets of this machine, or a dispatcher that answers without any
 */
export async function startPageRunner(over: 'sockets' | 'dispatcher' = 'sockets'): Promise<PageRunner> {
  /** The scenario that is running: its rules, and what its server has seen. */
  let current: { id: string; step: number; answer: ReturnType<typeof scenarioServer>; log: Seen[] }
  const answer = ({ method, target, headers }: Omit<RawRequest, 'body'>): RawResponse => {
    // Every origin is served below a path of its own, which says what it stands for.
    const [, key = '', rest = ''] = /^\/@([^/]+)(.*)$/.exec(target) ?? []
    const prefix = `/s/${current.id}`
    const path = rest.startsWith(prefix) ? rest.slice(prefix.length) : rest
    const names = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
    const preflight = method === 'OPTIONS' && 'access-control-request-method' in names
    const to = origins[key] as string
    const { step } = current
    current.log.push({ step, to, method, path, preflight, headers: names })
    return current.answer({ step, to, method, path, headers })
  }
  const server = await startRawServer(answer)
  const dispatcher = over === 'dispatcher' ? answeringDispatcher(answer) : undefined
  return {
    async run(scenario, engine) {
      let now = Date.now()
      const page = await open(scenario, engine, server.address, dispatcher, () => now)
      current = { id: scenario.id, step: 0, answer: scenarioServer(scenario), log: [] }
      const outcomes: RecordedOutcome[] = []
      for (const [step, { wait, request }] of scenario.steps.entries()) {
        now += wait ?? 0
        // What goes on in the background belongs to the step before.
        if (wait !== undefined && scenario.family === 'http-cache') await pause(BACKGROUND)
        current.step = step
        outcomes.push(await runStep(page, scenario, request))
      }
      if (scenario.family === 'http-cache' && scenario.steps.some(({ wait }) => wait !== undefined))
        await pause(BACKGROUND)
      await page.close()
      return { outcomes, log: current.log }
    },
    close: () => server.close(),
  }
}

const BACKGROUND = 200
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

let shared: Promise<CookieJar> | undefined

/** The cookies every scenario begins with: one jar serves all that set none. */
function jarFor({ server }: RecordedScenario): Promise<CookieJar> {
  const sets = server.rules.some(({ headers }) => headers.some(([name]) => /^set-cookie$/i.test(name)))
  if (sets) return jarWithPrologue()
  shared ??= jarWithPrologue()
  return shared
}

async function jarWithPrologue(): Promise<CookieJar> {
  return withPrologue(new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false }))
}

/** The jar, with the cookies every scenario begins with. */
export async function withPrologue(jar: CookieJar): Promise<CookieJar> {
  for (const [key, origin] of Object.entries(origins)) {
    if (key === 'lo-http') continue
    const scheme = origin.startsWith('https:') ? 'https' : 'http'
    for (const cookie of prologueCookies[scheme]) await jar.setCookie(cookie, origin)
  }
  return jar
}

async function open(
  scenario: RecordedScenario,
  engine: RecordedEngine,
  address: string,
  dispatcher: object | undefined,
  now: () => number,
): Promise<Page> {
  const { page, steps } = scenario
  return openPage(
    { url: `${origins[page.origin]}${pagePath(page.context)}`, context: page.context },
    {
      engine: profileOf[engine],
      servers: Object.fromEntries(
        Object.entries(origins).map(([key, origin]) => [origin, `${address}/@${key}`]),
      ),
      cookies: await jarFor(scenario),
      httpVersion: steps.some(({ request }) => request.target === 'api-h2') ? '2' : '1.1',
      httpCache: scenario.family === 'http-cache',
      now,
      dispatcher,
    },
  )
}

/** A dispatcher in undici's shape, as a MockAgent is one. */
function answeringDispatcher(answer: (request: Omit<RawRequest, 'body'>) => RawResponse): object {
  return {
    dispatch() {},
    async request({ path, method, headers }: { path: string; method: string; headers: string[] }) {
      const lines = headers.flatMap((name, index): [string, string][] =>
        index % 2 === 0 ? [[name, (headers[index + 1] as string).trim()]] : [],
      )
      const response = answer({ method, target: path, headers: lines })
      return {
        statusCode: response.status,
        statusText: '',
        headers: response.headers.flat(),
        body: Readable.from(response.body === '' ? [] : [Buffer.from(response.body)], { objectMode: false }),
      }
    },
  }
}

type Init = Omit<PageRequestInit, 'headers'> & { readonly headers: [string, string][] }
type Arguments = [input: string | PageRequest, init: PageRequestInit]
/** Where a script finds its APIs. */
export type Window = Pick<Page, 'fetch' | 'Request' | 'Headers' | 'XMLHttpRequest' | 'EventSource'>
type Way = (page: Window, url: string, init: Init) => Arguments

const other = { headers: [['X-Other', '1']] }

function appended(headers: Headers, lines: readonly [string, string][]): Headers {
  for (const [name, value] of lines) headers.append(name, value)
  return headers
}

/** How a page gives a request its headers; test/browsers/page/exec.js has the same. */
const ways: Readonly<Record<string, Way>> = {
  request: ({ Request }, url, init) => [new Request(url, init), {}],
  fetch: (_page, url, init) => [url, init],
  record: (_page, url, init) => [url, { ...init, headers: Object.fromEntries(init.headers) }],
  headers: ({ Headers }, url, init) => [url, { ...init, headers: new Headers(init.headers) }],
  'appended-headers': ({ Headers }, url, init) => {
    return [url, { ...init, headers: appended(new Headers(), init.headers) }]
  },
  'copied-headers': ({ Headers }, url, init) => {
    return [url, { ...init, headers: new Headers(new Headers(init.headers)) }]
  },
  'request-of-headers': ({ Request, Headers }, url, init) => {
    return [new Request(url, { ...init, headers: new Headers(init.headers) }), {}]
  },
  'headers-of-request': ({ Request }, url, init) => {
    return [url, { ...init, headers: new Request(url, init).headers }]
  },
  entries: ({ Headers }, url, init) => [url, { ...init, headers: [...new Headers(init.headers)] }],
  'copied-request': ({ Request }, url, init) => [new Request(new Request(url, init)), {}],
  'copied-request-with-init': ({ Request }, url, init) => {
    return [new Request(new Request(url, init), { cache: 'default' }), {}]
  },
  clone: ({ Request }, url, init) => [new Request(url, init).clone(), {}],
  'replaced-in-request': ({ Request }, url, init) => {
    return [new Request(new Request(url, { ...init, ...other }), { headers: init.headers }), {}]
  },
  'replaced-in-fetch': ({ Request }, url, init) => {
    return [new Request(url, { ...init, ...other }), { headers: init.headers }]
  },
  'appended-to-request': ({ Request }, url, { headers, ...init }) => {
    const request = new Request(url, init)
    appended(request.headers, headers)
    return [request, {}]
  },
  'appended-to-clone': ({ Request }, url, init) => {
    const request = new Request(url, init).clone()
    appended(request.headers, init.headers.slice(0, 1))
    return [request, {}]
  },
  set: ({ Request }, url, init) => {
    const request = new Request(url, init)
    const [name, value] = init.headers.at(-1) as [string, string]
    request.headers.set(name, value)
    return [request, {}]
  },
  deleted: ({ Request }, url, init) => {
    const request = new Request(url, init)
    request.headers.delete(init.headers[0]?.[0] as string)
    appended(request.headers, init.headers.slice(1))
    return [request, {}]
  },
}

/** One request of a scenario, as a script makes it. */
export async function runStep(
  page: Window,
  scenario: RecordedScenario,
  request: RecordedRequest,
): Promise<RecordedOutcome> {
  const { url } = corsRequestOf(scenario, request)
  if (request.api === 'xhr') return runXhr(page, url, request)
  if (request.api === 'eventsource') return runEventSource(page, url, request)
  if (request.api === 'fetches') return runFetches(page, scenario, request)
  const init = {
    method: request.method,
    headers: (request.headers ?? []).map(([name, value]): [string, string] => [name, value]),
    body: bodyOf(request.body),
    mode: request.mode,
    credentials: request.credentials,
    redirect: request.redirect,
    cache: request.cache,
  }
  let args: Arguments
  try {
    args = (ways[request.given ?? 'request'] as Way)(page, url, init)
  } catch (error) {
    const { name, message } = error as Error
    // WebKit refuses request streams only when they are fetched.
    const stage = name === 'NotSupportedError' ? {} : { stage: 'construct' }
    return { outcome: 'rejected', ...stage, error: name, message }
  }
  const [input] = args
  const seen =
    typeof input === 'string' ? {} : { requestMethod: input.method, requestHeaders: [...input.headers] }
  try {
    const response = await page.fetch(args[0], { ...args[1], signal: new AbortController().signal })
    return {
      outcome: 'resolved',
      type: response.type,
      status: response.status,
      statusText: response.statusText,
      redirected: response.redirected,
      url: response.url,
      headers: [...response.headers],
      body: await response.text(),
      ...seen,
    }
  } catch (error) {
    const { name, message } = error as Error
    return { outcome: 'rejected', error: name, message, ...seen }
  }
}

/** Several at once, in short; test/browsers/page/exec.js has the same. */
async function runFetches(
  page: Window,
  scenario: RecordedScenario,
  { list = [], ...request }: RecordedRequest,
): Promise<RecordedOutcome> {
  const all = await Promise.all(
    list.map((one) => runStep(page, scenario, { ...request, ...one, api: 'fetch' })),
  )
  const body = all.map(({ outcome, body }) => [outcome, body].join(' ').trim()).join(', ')
  return { outcome: 'resolved', body }
}

function runXhr(page: Window, url: string, request: RecordedRequest): Promise<RecordedOutcome> {
  return new Promise((resolve) => {
    const events: string[] = []
    const xhr = new page.XMLHttpRequest()
    const types = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend']
    for (const type of types) xhr.addEventListener(type, () => events.push(type))
    if (request.uploadListeners === true) {
      for (const type of types) xhr.upload.addEventListener(type, () => events.push(`upload.${type}`))
    }
    xhr.addEventListener('loadend', () => {
      const rawHeaders = xhr.getAllResponseHeaders()
      resolve({
        outcome: events.includes('load') ? 'resolved' : 'rejected',
        status: xhr.status,
        statusText: xhr.statusText,
        url: xhr.responseURL,
        rawHeaders,
        headers:
          rawHeaders === ''
            ? []
            : rawHeaders
                .slice(0, -2)
                .split('\r\n')
                .map((line): [string, string] => [
                  line.slice(0, line.indexOf(':')),
                  line.slice(line.indexOf(':') + 2),
                ]),
        body: xhr.responseText,
        events,
      })
    })
    try {
      xhr.open(request.method ?? 'GET', url)
      for (const [name, value] of request.headers ?? []) xhr.setRequestHeader(name, value)
    } catch (error) {
      resolve({ outcome: 'rejected', stage: 'construct', error: (error as Error).name })
      return
    }
    xhr.withCredentials = request.withCredentials === true
    xhr.send(bodyOf(request.body))
  })
}

function runEventSource(page: Window, url: string, request: RecordedRequest): Promise<RecordedOutcome> {
  return new Promise((resolve) => {
    const events: string[] = []
    const source = new page.EventSource(url, { withCredentials: request.withCredentials === true })
    const done = (body: string | null): void => {
      const { readyState } = source
      const outcome = events.includes('open') ? 'resolved' : 'rejected'
      source.close()
      resolve({ outcome, readyState, events, body, url: source.url })
    }
    source.onopen = () => events.push('open')
    source.onmessage = (event) => {
      events.push('message')
      done((event as unknown as { data: string }).data)
    }
    source.onerror = () => {
      events.push('error')
      done(null)
    }
  })
}
