/**
 * Replays the recordings through the simulated page over a real loopback server: what the script saw (outcome, type, status, headers, url, body, events)
 * and every request the server saw, cookies included where page and server are same-site.
 */
import { STATUS_CODES } from 'node:http'
import { CookieJar } from 'tough-cookie'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, type Page } from '../../src/page/open-page.js'
import { siteRelation } from '../../src/page/site.js'
import { type RawServer, startRawServer } from './raw-server.js'
import {
  origins,
  prologueCookies,
  type RecordedEngine,
  type RecordedLogEntry,
  type RecordedOutcome,
  type RecordedRequest,
  type Recording,
  recordedEngines,
  recordingsOf,
} from './recordings.js'
import { bodyOf, clientOf, corsRequestOf, profileOf } from './replay.js'
import { scenarioServer } from './scenario-server.js'

/** Scenarios that the page does not get right, with the reason. Nothing else may differ, and these must. */
const DEL =
  "a header value with the byte 0x7F: Node's HTTP clients refuse to send it, so that the page's request fails"
const known: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: { 's1-request-headers-0010': DEL, 's1-request-headers-0102': DEL },
  firefox: { 's1-request-headers-0010': DEL, 's1-request-headers-0102': DEL },
  webkit: {
    's1-request-headers-0010': DEL,
    's1-request-headers-0102': DEL,
  },
}

interface Seen {
  readonly step: number
  readonly to: string
  readonly method: string
  readonly path: string
  readonly preflight: boolean
  readonly headers: Record<string, string>
}

let server: RawServer
/** The scenario that is running: its rules, and what its server has seen. */
let current: { id: string; step: number; answer: ReturnType<typeof scenarioServer>; log: Seen[] }

beforeAll(async () => {
  server = await startRawServer(({ method, target, headers }) => {
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
  })
})

afterAll(() => server.close())

async function jarWithPrologue(): Promise<CookieJar> {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false })
  for (const [key, origin] of Object.entries(origins)) {
    if (key === 'lo-http') continue
    const scheme = origin.startsWith('https:') ? 'https' : 'http'
    for (const cookie of prologueCookies[scheme]) await jar.setCookie(cookie, origin)
  }
  return jar
}

async function open(recording: Recording, engine: RecordedEngine, now: () => number): Promise<Page> {
  const { page, steps } = recording.scenario
  return openPage(
    { url: `${origins[page.origin]}/__runner`, context: page.context },
    {
      engine: profileOf[engine],
      servers: Object.fromEntries(
        Object.entries(origins).map(([key, origin]) => [origin, `${server.address}/@${key}`]),
      ),
      cookies: await jarWithPrologue(),
      httpVersion: steps.some(({ request }) => request.target === 'api-h2') ? '2' : '1.1',
      now,
    },
  )
}

async function runStep(page: Page, recording: Recording, request: RecordedRequest): Promise<RecordedOutcome> {
  const { url } = corsRequestOf(recording.scenario, request)
  if (request.api === 'xhr') return runXhr(page, url, request)
  if (request.api === 'eventsource') return runEventSource(page, url, request)
  const init = {
    method: request.method,
    headers: request.headers?.map(([name, value]): [string, string] => [name, value]),
    body: bodyOf(request.body),
    mode: request.mode,
    credentials: request.credentials,
    redirect: request.redirect,
    cache: request.cache,
  }
  let made: { method: string; headers: Headers }
  try {
    made = new page.Request(url, init)
  } catch (error) {
    const { name, message } = error as Error
    // WebKit refuses request streams only when they are fetched.
    const stage = name === 'NotSupportedError' ? {} : { stage: 'construct' }
    return { outcome: 'rejected', ...stage, error: name, message }
  }
  const seen = { requestMethod: made.method, requestHeaders: [...made.headers] }
  try {
    const response = await page.fetch(url, init)
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

function runXhr(page: Page, url: string, request: RecordedRequest): Promise<RecordedOutcome> {
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
                .trimEnd()
                .split('\r\n')
                .map((line): [string, string] => [
                  line.slice(0, line.indexOf(':')),
                  line.slice(line.indexOf(':') + 1).trim(),
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

function runEventSource(page: Page, url: string, request: RecordedRequest): Promise<RecordedOutcome> {
  return new Promise((resolve) => {
    const events: string[] = []
    const source = new page.EventSource(url, { withCredentials: request.withCredentials === true })
    const done = (outcome: 'resolved' | 'rejected', body: string | null): void => {
      const { readyState } = source
      source.close()
      resolve({ outcome, readyState, events, body, url: source.url })
    }
    source.onopen = () => events.push('open')
    source.onmessage = (event) => {
      events.push('message')
      done('resolved', (event as unknown as { data: string }).data)
    }
    source.onerror = () => {
      events.push('error')
      done('rejected', null)
    }
  })
}

/** The browser's own headers, which the recorder left out or which are not simulated. */
const compared = (name: string): boolean =>
  /^(origin|access-control-request-.*|authorization|content-type|content-language|x-(?!scheme).*|traceparent|baggage|range|if-.*|dpr|width|downlink|ect|rtt|device-memory|viewport-width|last-event-id|pragma|purpose|cache-control|cookie)$/.test(
    name,
  )

function shownLog(recording: Recording, log: readonly (RecordedLogEntry | Seen)[]): unknown[] {
  const client = clientOf(recording.scenario)
  return log.map(({ step, to, method, path, preflight, headers }) => {
    const sameSite = siteRelation(client.origin, new URL(to)) !== 'cross-site'
    return {
      step,
      to,
      method,
      path,
      preflight,
      headers: Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => compared(name) && (name !== 'cookie' || sameSite))
          .map(([name, value]) => [name, value.replace(/boundary=.*/, 'boundary')])
          .sort(),
      ),
    }
  })
}

function shownOutcome(outcome: RecordedOutcome): unknown {
  const {
    outcome: end,
    stage,
    type,
    status,
    redirected,
    url,
    headers,
    body,
    events,
    rawHeaders,
    readyState,
  } = outcome
  const { requestMethod, requestHeaders, error, message } = outcome
  return {
    end,
    stage,
    type,
    status,
    redirected,
    url,
    headers: headers?.map(([name, value]) => `${name}: ${value}`),
    body,
    events,
    rawHeaders,
    readyState,
    requestMethod,
    requestHeaders: requestHeaders?.map(
      ([name, value]) => `${name}: ${value.replace(/boundary=.*/, 'boundary')}`,
    ),
    error,
    message: message?.replace(/'[^']*'/g, "'…'"),
  }
}

const wanted = (text: RecordedOutcome): RecordedOutcome => {
  const { statusText: _, ...rest } = text as RecordedOutcome & { ok?: boolean; withCredentials?: boolean }
  return rest
}

describe.each(recordedEngines)('%s', (engine) => {
  const recordings = recordingsOf(engine)
  const families = [...new Set(recordings.map(({ scenario }) => scenario.family))]
  test.each(families)(
    '%s',
    async (family) => {
      for (const recording of recordings) {
        if (recording.scenario.family !== family) continue
        const { scenario } = recording
        let now = 0
        const page = await open(recording, engine, () => now)
        current = { id: scenario.id, step: 0, answer: scenarioServer(scenario), log: [] }
        const outcomes: RecordedOutcome[] = []
        for (const [step, { wait, request }] of scenario.steps.entries()) {
          now += wait ?? 0
          current.step = step
          outcomes.push(await runStep(page, recording, request))
        }
        await page.close()
        const got = { outcomes: outcomes.map(shownOutcome), log: shownLog(recording, current.log) }
        const want = {
          outcomes: recording.result.steps.map((outcome) => shownOutcome(wanted(outcome))),
          log: shownLog(recording, recording.log),
        }
        if (scenario.id in known[engine])
          expect(got, `${scenario.id} agrees now: take it off the list`).not.toEqual(want)
        else expect(got, scenario.id).toEqual(want)
      }
    },
    60_000,
  )
})
