/** The server of the recordings: answers by a scenario's rules, exactly as the recorder's did. */
import { receivedLine } from '../../src/fetch/header-list.js'
import type { ResponseHead } from '../../src/fetch/response.js'
import { kinds } from './bodies.js'
import type { RawResponse } from './raw-server.js'
import { origins, type RecordedRule } from './recordings.js'

export interface ScenarioRequest {
  /** Which of several top-level documents asks. */
  readonly page?: number
  readonly step: number
  /** The origin of the server asked. */
  readonly to: string
  readonly method: string
  /** The path below the scenario's own. */
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
}

export interface ScenarioResponse extends RawResponse {
  /** As they go over the wire: with whatever white space the scenario puts around a value. */
  readonly headers: [string, string][]
  /** Which rule answered. */
  readonly rule: number
}

/** Characters above 0xFF are sent as UTF-8 and others as one byte, so one character per byte is what arrives. */
function bytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1') === text
    ? text
    : Buffer.from(text, 'utf8').toString('latin1')
}

/** A server for one scenario. */
export function scenarioServer(scenario: {
  readonly id: string
  readonly server: { readonly rules: readonly RecordedRule[] }
}): (request: ScenarioRequest) => ScenarioResponse {
  const used = new Map<RecordedRule, number>()
  let count = 0
  return (request) => {
    count++
    const header = (name: string): string =>
      request.headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? ''
    const acrm = header('access-control-request-method')
    const preflight = request.method === 'OPTIONS' && acrm !== ''
    const index = scenario.server.rules.findIndex((rule) => {
      const { when = {} } = rule
      if (when.preflight !== undefined && when.preflight !== preflight) return false
      if (when.method !== undefined && when.method !== request.method) return false
      if (when.path !== undefined && when.path !== request.path.replace(/\?.*$/, '')) return false
      if (when.to !== undefined && origins[when.to] !== request.to) return false
      if (when.step !== undefined && when.step !== request.step) return false
      if (when.page !== undefined && when.page !== request.page) return false
      if (when.auth !== undefined && when.auth !== (header('authorization') !== '')) return false
      if (when.origin !== undefined && when.origin !== (header('origin') !== '')) return false
      const conditional = header('if-none-match') !== '' || header('if-modified-since') !== ''
      if (when.cond !== undefined && when.cond !== conditional) return false
      return when.times === undefined || (used.get(rule) ?? 0) < when.times
    })
    const rule = scenario.server.rules[index]
    if (rule === undefined) return { status: 404, headers: [], body: '', rule: -1 }
    const uses = used.get(rule) ?? 0
    used.set(rule, uses + 1)
    const fill = (text: string): string =>
      text.replace(/\{\{([^}]+)\}\}/g, (whole, key: string) => {
        if (key === 'origin') return header('origin')
        if (key === 'acrm') return acrm
        if (key === 'acrh') return header('access-control-request-headers')
        if (key === 's') return `/s/${scenario.id}`
        if (key === 'n') return String(count)
        if (key.startsWith('host:')) return new URL(origins[key.slice(5)] as string).host
        return origins[key] ?? whole
      })
    const kind = rule.kind === undefined ? undefined : kinds[rule.kind]
    const given = kind?.body ?? rule.body ?? ''
    const body = typeof given === 'string' ? fill(given.replaceAll('{{uses}}', String(uses))) : given
    const lines = (list: RecordedRule['headers']): [string, string][] =>
      list.map(([name, value]) => [name, bytes(fill(value))])
    const headers = lines(rule.headers)
    if (kind !== undefined && !headers.some(([name]) => name.toLowerCase() === 'content-type'))
      headers.push(['Content-Type', kind.type])
    const { delay } = rule
    // Media are sent as the whole range that is asked for.
    const isRange = kind?.type === 'audio/wav' && rule.status === 200 && header('range') === 'bytes=0-'
    const status = isRange ? 206 : (rule.status ?? 200)
    if (isRange) {
      const length = Buffer.byteLength(body)
      headers.push(['Content-Range', `bytes 0-${length - 1}/${length}`])
    }
    if (status !== 204 && status !== 304) headers.push(['Content-Length', String(Buffer.byteLength(body))])
    const prelude = rule.prelude?.map(([interim, list]) => [interim, lines(list)] as const)
    return { status, headers, body, prelude, delay, rule: index }
  }
}

/** A response as a transport gives it to the steps. */
export function asReceived({ status, headers }: ScenarioResponse): ResponseHead {
  return { status, headers: headers.map(([name, value]) => receivedLine(name, value)) }
}
