/** The server of the recordings: answers by a scenario's rules, exactly as the recorder's did. */
import { receivedLine } from '../../src/fetch/header-list.js'
import type { ResponseHead } from '../../src/fetch/response.js'
import { origins, type RecordedRule, type RecordedScenario } from './recordings.js'

export interface ScenarioRequest {
  readonly step: number
  /** The origin of the server asked. */
  readonly to: string
  readonly method: string
  /** The path below the scenario's own. */
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
}

export interface ScenarioResponse {
  readonly status: number
  /** As they go over the wire: with whatever white space the scenario puts around a value. */
  readonly headers: [string, string][]
  readonly body: string
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
export function scenarioServer(scenario: RecordedScenario): (request: ScenarioRequest) => ScenarioResponse {
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
      return when.times === undefined || (used.get(rule) ?? 0) < when.times
    })
    const rule = scenario.server.rules[index]
    if (rule === undefined) return { status: 404, headers: [], body: '', rule: -1 }
    used.set(rule, (used.get(rule) ?? 0) + 1)
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
    const body = fill(rule.body ?? '')
    const headers = rule.headers.map(([name, value]): [string, string] => [name, bytes(fill(value))])
    if (rule.status !== 204 && rule.status !== 304)
      headers.push(['Content-Length', String(Buffer.byteLength(body))])
    return { status: rule.status, headers, body, rule: index }
  }
}

/** A response as a transport gives it to the steps. */
export function asReceived({ status, headers }: ScenarioResponse): ResponseHead {
  return { status, headers: headers.map(([name, value]) => receivedLine(name, value)) }
}
