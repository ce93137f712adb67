/** Where a simulation departs from what an engine did, and one recording from another. */
import { isDeepStrictEqual } from 'node:util'
import { withoutDefaults } from './request-log.js'
import type { LogEntry, Outcome, Recording, Scenario } from './scenario.js'
import { isSameSite, type Simulation } from './simulate.js'

export interface Difference {
  /** Such as `step 0 status`. */
  readonly what: string
  /** What the engine did. */
  readonly expected: unknown
  readonly got: unknown
}

/** What the simulation got wrong. */
export function compare({ scenario, result, log }: Recording, simulation: Simulation): Difference[] {
  const differences: Difference[] = []
  const check = (what: string, expected: unknown, got: unknown) => {
    if (!isDeepStrictEqual(expected, got)) differences.push({ what, expected, got })
  }
  result.steps.forEach((recorded, index) => {
    const simulated = simulation.steps[index] ?? {}
    const fields = comparedFields(scenario, index, recorded.outcome)
    if (recorded.outcome !== simulated.outcome) {
      const said = ({ outcome, message }: Partial<Outcome>) => outcome + (message ? ` (${message})` : '')
      check(`step ${index} outcome`, said(recorded), said(simulated))
    } else if (fields.length > 0) {
      const expected = comparable(recorded)
      const got = comparable(simulated)
      for (const field of fields) {
        if (field in got) check(`step ${index} ${field}`, expected[field], got[field])
      }
    }
  })
  const shown = requestOf(scenario, simulation.cookies)
  check('requests', log.map(shown), simulation.log.map(shown))
  return differences
}

/** What of a step is compared; the rest says nothing about CORS or is not simulated. */
function comparedFields(scenario: Scenario, index: number, outcome: Outcome['outcome']): string[] {
  const api = scenario.steps[index]?.request.api
  const asked = ['requestMethod', 'requestHeaders']
  if (outcome === 'rejected') return api === 'fetch' ? ['error', ...asked] : ['events', 'readyState']
  switch (api) {
    case 'fetch':
      return ['type', 'status', 'redirected', 'url', 'headers', 'body', ...asked]
    case 'xhr':
      return ['status', 'url', 'headers', 'body', 'events']
    default:
      return ['events', 'readyState']
  }
}

/** An outcome in one form, whoever describes it: headers combined and in order, no fragment, nothing of an opaque response. */
function comparable(outcome: Partial<Outcome>): Record<string, unknown> {
  const opaque = outcome.type === 'opaque' || outcome.type === 'opaqueredirect'
  const known: Record<string, unknown> = { ...outcome }
  if (outcome.requestHeaders !== undefined)
    known.requestHeaders = combined(outcome.requestHeaders).map(withoutBoundary)
  if (opaque) for (const field of ['url', 'redirected', 'headers']) delete known[field]
  else {
    if (outcome.url !== undefined) known.url = outcome.url.replace(/#.*/s, '')
    if (outcome.headers !== undefined) known.headers = combined(outcome.headers)
  }
  return known
}

const withoutBoundary = (line: string): string =>
  line.replace(/^(content-type: multipart\/form-data; ?boundary=)-.*/, '$1B')

function combined(headers: readonly (readonly [string, string])[]): string[] {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value])
  }
  return [...values].map(([name, lines]) => `${name}: ${lines.join(', ')}`).sort()
}

/** What an engine says about itself and the page. */
const notCompared = /^(referer|sec-)/

/** What engines send with preflights, which may happen to be what the page set for the request. */
const ownInPreflights = /^(accept|cache-control|pragma)$/

/** A request as one string for each header and one for the rest, so that a difference shows well. */
function requestOf(scenario: Scenario, cookies: boolean) {
  return ({ step, to, method, path, preflight, headers }: Omit<LogEntry, 'rule'>): string => {
    const own = withoutDefaults(Object.entries(headers), scenario.steps[step]?.request)
    const lines = Object.entries(own).filter(
      ([name]) =>
        !notCompared.test(name) &&
        !(preflight && ownInPreflights.test(name)) &&
        (name !== 'cookie' || (cookies && isSameSite(scenario, to))),
    )
    const written = lines.map(([name, value]) => `${name}: ${value}`).join(' | ')
    return `${step} ${preflight ? 'preflight ' : ''}${method} ${to}${path.replace(/\?.*/s, '')} { ${written} }`
  }
}

/** Whether two recordings of one scenario say the same; multipart boundaries are random. */
export function sameRecording(one: Recording, other: Recording): boolean {
  return isDeepStrictEqual(unrandom(one), unrandom(other))
}

function unrandom({ result, log }: Recording): unknown {
  const text = JSON.stringify({ steps: result.steps, log })
  return JSON.parse(text.replace(/boundary=-+(WebKitFormBoundary|geckoformboundary)\w+/g, 'boundary=B'))
}
