/** `navigator.sendBeacon`: what is sent and never heard of. */
import { deviationsOf } from '../engines/profiles.js'
import { bodyClassOf } from '../fetch/body.js'
import { FetchRequest } from '../fetch/fetch-request.js'
import { createRequest, type RequestArguments } from '../fetch/page-request.js'
import { verdictOf } from '../verdict/build-verdict.js'
import { argumentsOf, type CorsRequest } from '../verdict/cors-request.js'
import { Run } from '../verdict/run.js'
import { corsErrorOf } from './cors-error.js'
import { callError } from './engine-errors.js'
import { type PageState, send } from './page-fetch.js'

/**
 * Queues a beacon, or says that it cannot be queued.
 * @throws TypeError for a URL that no beacon goes to, as the engine does
 * @see https://w3c.github.io/beacon/#sendbeacon-method
 */
export function sendBeacon(page: PageState, url: string | URL, data: CorsRequest['body']): boolean {
  const request = { url: String(url), body: data, initiator: 'beacon', keepalive: true } as const
  const made = make(page, argumentsOf(request))
  // 6.2. If the amount of data that can be queued to be sent by keepalive enabled requests is exceeded, set the return value to false.
  const size = sizeOf(data)
  made.keepaliveBytes = page.keepaliveBytes + size
  const run = new Run(page.engine, made)
  if (run.next === null) {
    const journey = { verdict: verdictOf(run), exchanges: [] }
    page.blocked.push(journey)
    page.watch?.().failed(corsErrorOf(journey))
    return false
  }
  page.network.check(made.currentUrl.href)
  page.keepaliveBytes += size
  const release = (): void => {
    page.keepaliveBytes -= size
  }
  // 7.3. Fetch req. What becomes of it only the console and `blocked` tell.
  send(page, request, undefined).then(release, release)
  return true
}

/** @throws as the engine does */
function make(page: PageState, given: RequestArguments): FetchRequest {
  const made = createRequest(page.client, given, deviationsOf(page.engine))
  if (made instanceof FetchRequest) return made
  throw callError(
    page.engine,
    made,
    'sendBeacon',
    { method: 'POST', url: String(given.url), mode: 'no-cors' },
    undefined,
  )
}

/** How many bytes a body comes to; of a form about as many. */
function sizeOf(data: unknown): number {
  if (data === null || data === undefined) return 0
  if (ArrayBuffer.isView(data)) return data.byteLength
  switch (bodyClassOf(data)) {
    case 'ArrayBuffer':
      return (data as ArrayBuffer).byteLength
    case 'Blob':
      return (data as Blob).size
    case 'FormData': {
      let size = 0
      for (const [name, value] of data as FormData)
        size +=
          PART + Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : value.size)
      return size
    }
    default:
      return Buffer.byteLength(String(data))
  }
}

/** What stands around each value of a form. */
const PART = 100
