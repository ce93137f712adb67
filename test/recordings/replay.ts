/** Replays a recorded scenario through the pure steps: what is sent, in which order, and how it ends. */
import { type Profile, profiles } from '../../src/engines/profiles.js'
import { InheritedBody } from '../../src/fetch/body.js'
import type { Deviations } from '../../src/fetch/deviations.js'
import type { Failure } from '../../src/fetch/failure.js'
import { type Client, FetchRequest } from '../../src/fetch/fetch-request.js'
import { hasLenientWildcard, visibleHeaders, visibleUrl } from '../../src/fetch/filtered-response.js'
import { opaqueOrigin, parseOrigin } from '../../src/fetch/origin.js'
import { PreflightCache } from '../../src/fetch/preflight-cache.js'
import { type CorsRequest, toFetchRequest } from '../../src/verdict/cors-request.js'
import { eventStreamFailure } from '../../src/verdict/event-stream.js'
import { Run } from '../../src/verdict/run.js'
import { origins, type RecordedEngine, type RecordedRequest, type RecordedScenario } from './recordings.js'
import { asReceived, scenarioServer } from './scenario-server.js'

/** WebKit was recorded as WebKitGTK. */
export const profileOf: Readonly<Record<RecordedEngine, Profile>> = {
  chromium: 'chromium',
  firefox: 'firefox',
  webkit: 'webkitgtk',
}

export interface ReplayedLogEntry {
  readonly step: number
  readonly to: string
  readonly method: string
  readonly path: string
  readonly preflight: boolean
  readonly headers: Readonly<Record<string, string>>
}

export interface ReplayedOutcome {
  readonly outcome: 'resolved' | 'rejected'
  readonly failure?: Failure
  readonly type?: string
  readonly status?: number
  readonly url?: string
  readonly redirected?: boolean
  readonly headers?: readonly (readonly [string, string])[]
}

export interface Replay {
  readonly steps: ReplayedOutcome[]
  readonly log: ReplayedLogEntry[]
}

/** Where the recorder's pages are. */
export function pagePath(context: RecordedScenario['page']['context']): string {
  if (context === 'worker') return '/__/worker.js'
  return context === 'sandboxed-iframe' ? '/__frame' : '/__runner'
}

/** The page of a scenario. */
export function clientOf(scenario: RecordedScenario): Client {
  const { origin, context } = scenario.page
  const pageOrigin = origins[origin] as string
  const parsed = parseOrigin(pageOrigin)
  const pageUrl = new URL(pagePath(context), pageOrigin)
  if (parsed.kind === 'invalid') throw new Error(`unusable origin ${pageOrigin}`)
  return {
    origin: context === 'sandboxed-iframe' ? opaqueOrigin : parsed,
    page: pageUrl.href,
    url: pageUrl,
    secure: pageOrigin.startsWith('https:'),
    mixedContent: true,
    worker: context === 'worker',
  }
}

export function bodyOf(body: RecordedRequest['body']): CorsRequest['body'] {
  switch (body?.type) {
    case undefined:
      return undefined
    case 'text':
      return 'x'
    case 'urlsearchparams':
      return new URLSearchParams('a=b')
    case 'formdata': {
      const form = new FormData()
      form.append('a', 'b')
      return form
    }
    case 'blob': {
      // Node lower-cases a Blob's type and drops non-ASCII; the recorder's pages did what browsers do.
      const blob = new Blob(['x'])
      const mime = body.mime ?? ''
      // A Blob's type is lower-cased, and dropped where a character is outside U+0020 to U+007E.
      Object.defineProperty(blob, 'type', { value: /^[\x20-\x7e]*$/.test(mime) ? mime.toLowerCase() : '' })
      return blob
    }
    case 'uint8array':
      return new Uint8Array([120])
    case 'arraybuffer':
      return new Uint8Array([120]).buffer
    case 'stream':
      return new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array([120]))
          controller.close()
        },
      })
    default:
      throw new Error(`unknown body ${body?.type}`)
  }
}

/** A recorded request as the evaluator takes it. */
export function corsRequestOf(scenario: RecordedScenario, request: RecordedRequest): CorsRequest {
  const client = clientOf(scenario)
  const base = `${origins[request.target]}/s/${scenario.id}`
  const template = request.urlTemplate?.replace(/\{\{([^}]+)\}\}/g, (whole, key: string) => {
    if (key === 's') return `/s/${scenario.id}`
    if (key.startsWith('host:')) return new URL(origins[key.slice(5)] as string).host
    return origins[key] ?? whole
  })
  return {
    origin: client.origin.serialized,
    page: client.url.href,
    url: template ?? base + request.path,
    method: request.method,
    headers: request.headers,
    credentials:
      request.api === 'fetch'
        ? request.credentials
        : request.withCredentials === true
          ? 'include'
          : 'same-origin',
    mode: request.mode,
    redirect: request.redirect,
    cache: request.cache,
    body: bodyOf(request.body),
    uploadListeners: request.uploadListeners,
    initiator: request.api === 'fetches' ? 'fetch' : request.api,
    httpVersion: request.target === 'api-h2' ? '2' : '1.1',
  }
}

/** The request: of a `Request`, where it is a fetch's. */
function requestOf(client: Client, asked: CorsRequest, deviations: Deviations): FetchRequest | Failure {
  const made = toFetchRequest(client, asked, deviations)
  if (!(made instanceof FetchRequest) || asked.initiator !== 'fetch') return made
  const body = asked.body === undefined ? undefined : new InheritedBody(asked.body)
  const { headers } = made
  return toFetchRequest(client, { ...asked, headers, body: body as never }, deviations)
}

/** Runs a scenario. */
export function replay(scenario: RecordedScenario, profile: Profile): Replay {
  const deviations = profiles[profile]
  const client = clientOf(scenario)
  const server = scenarioServer(scenario)
  let now = 0
  const cache = new PreflightCache(() => now)
  const log: ReplayedLogEntry[] = []
  const steps = scenario.steps.map((recorded, step): ReplayedOutcome => {
    now += recorded.wait ?? 0
    const corsRequest = corsRequestOf(scenario, recorded.request)
    const request = requestOf(client, corsRequest, deviations)
    if (!(request instanceof FetchRequest)) return { outcome: 'rejected', failure: request }
    const run = new Run(profile, request, corsRequest.httpVersion, cache)
    for (let send = run.next; send !== null; send = run.next) {
      const head = run.head(send)
      const url = new URL(head.url)
      const full = url.pathname + url.search
      const path = full.startsWith(`/s/${scenario.id}`) ? full.slice(`/s/${scenario.id}`.length) : full
      log.push({
        step,
        to: url.origin,
        method: head.method,
        path,
        preflight: send.phase === 'preflight',
        headers: Object.fromEntries(head.headers.map(([name, value]) => [name.toLowerCase(), value.trim()])),
      })
      const response = server({ step, to: url.origin, method: head.method, path, headers: head.headers })
      run.take(asReceived(response))
    }
    const { outcome } = run
    if ('prompt' in outcome) throw new Error('only pages ask the user')
    const failure = outcome.failure ?? eventStreamFailure(request, outcome.response, deviations)
    if (failure !== null) return { outcome: 'rejected', failure }
    if (outcome.failure !== null) throw new Error('unreachable')
    const { type, response } = outcome
    const shown = type === 'opaqueredirect' || type === 'opaque' ? 0 : response.status
    return {
      outcome: 'resolved',
      type,
      status: shown,
      url: visibleUrl(request, deviations),
      redirected: request.urlList.length > 1,
      headers: visibleHeaders(
        type,
        response.headers,
        request.credentials === 'include',
        hasLenientWildcard(request, deviations),
      ),
    }
  })
  return { steps, log }
}
