/** What is compared of a recording and its replay. */
import { siteRelation } from '../../src/page/site.js'
import type { RecordedLogEntry, RecordedOutcome, Recording } from './recordings.js'
import { clientOf } from './replay.js'

/** What a server saw of a request, recorded or replayed. */
type LoggedRequest = Pick<RecordedLogEntry, 'step' | 'to' | 'method' | 'path' | 'preflight' | 'headers'>

/** The requests, with those of their headers that are compared. */
export function shownRequests(
  log: readonly LoggedRequest[],
  isCompared: (name: string, to: string) => boolean,
): unknown[] {
  return log.map(({ step, to, method, path, preflight, headers }) => ({
    step,
    to,
    method,
    path,
    preflight,
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => isCompared(name, to))
        .map(([name, value]) => [name, value.replace(/boundary=.*/, 'boundary')])
        .sort(),
    ),
  }))
}

/** The browser's own headers, which the recorder left out or which are not simulated. */
const compared =
  /^(origin|access-control-request-.*|authorization|content-type|content-language|x-(?!scheme).*|traceparent|baggage|range|if-.*|dpr|width|downlink|ect|rtt|device-memory|viewport-width|last-event-id|pragma|purpose|cache-control|cookie)$/

/** What the server saw, as far as it was recorded and is simulated. */
export function shownLog({ scenario }: Recording, log: readonly LoggedRequest[]): unknown[] {
  const { origin } = clientOf(scenario)
  return shownRequests(
    log,
    (name, to) =>
      compared.test(name) && (name !== 'cookie' || siteRelation(origin, new URL(to)) !== 'cross-site'),
  )
}

/** What the script saw. */
export function shownOutcome(outcome: RecordedOutcome): unknown {
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
    // Ours shows no user info.
    message: message?.replace(/'[^']*'/g, "'…'").replace(/\/\/[^/@]*@/, '//…@'),
  }
}

/** Of a recording, as {@link shownOutcome} takes it. */
export const wanted = (text: RecordedOutcome): RecordedOutcome => {
  const { statusText: _, ...rest } = text as RecordedOutcome & { ok?: boolean; withCredentials?: boolean }
  return rest
}
