/** A request that arrived, as the log of a recording shows it: without what an engine sends by itself. */
import type { LogEntry, Scenario, StepRequest } from './scenario.js'
import type { WireRequest } from './wire.js'

/** Sent with every request whatever the page says; kept where the page set exactly that value. */
const engineDefaults = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-length',
  'dnt',
  'host',
  'keep-alive',
  'pragma',
  'priority',
  'sec-fetch-storage-access',
  'sec-gpc',
  'te',
  'transfer-encoding',
  'upgrade-insecure-requests',
  'user-agent',
])

/** The headers of a request without the engine's own, names in lower case and in order, lines of one name combined. */
export function withoutDefaults(
  headers: readonly (readonly [string, string])[],
  step: StepRequest | undefined,
): Record<string, string> {
  const combined = new Map<string, string>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    combined.set(key, combined.has(key) ? `${combined.get(key)}, ${value}` : value)
  }
  const kept = [...combined].filter(([name, value]) => {
    if (name.startsWith('sec-ch-')) return false
    return !engineDefaults.has(name) || setByPage(step, name) === value
  })
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, masked(name, value)]),
  )
}

/** The value the page gave a header, lines combined. */
function setByPage(step: StepRequest | undefined, name: string): string | null {
  const lines = (step?.headers ?? []).filter(([other]) => other.toLowerCase() === name)
  const values = lines.map(([, value]) => value.replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, ''))
  return values.length === 0 ? null : values.join(', ')
}

/** What differs from run to run is masked. */
function masked(name: string, value: string): string {
  if (name === 'referer') return 'present'
  return name === 'content-type' ? value.replace(/^(multipart\/form-data; ?boundary=)[^;]+/, '$1B') : value
}

/** The log's entry for a request. */
export function logEntry(
  request: WireRequest,
  where: { scenario: Scenario; step: number; to: string; path: string; rule: number },
): LogEntry {
  const { scenario, step, to, path, rule } = where
  const headers = withoutDefaults(request.headers, scenario.steps[step]?.request)
  // Boundaries differ in length.
  const multipart = headers['content-type']?.startsWith('multipart/form-data')
  const { length } = request.body
  return {
    step,
    to,
    method: request.method,
    path,
    preflight:
      request.method === 'OPTIONS' &&
      request.headers.some(([name]) => name.toLowerCase() === 'access-control-request-method'),
    headers,
    ...(length > 0 ? { bodyLength: multipart ? 'multipart' : length } : {}),
    rule,
  }
}
