/** What the recorder writes and the generator makes: the recordings' own types, with what a body may carry besides. */
import {
  origins,
  type RecordedLogEntry,
  type RecordedRequest,
  type RecordedScenario,
  type Recording as SharedRecording,
} from '../recordings/recordings.js'

export type {
  RecordedEngine as Engine,
  RecordedOutcome as Outcome,
  RecordedRequest as StepRequest,
  RecordedRule as Rule,
  RecordedScenario as Scenario,
} from '../recordings/recordings.js'
export { origins, recordedEngines as engines } from '../recordings/recordings.js'

/** A request that arrived; how long a multipart body is says nothing. */
export type LogEntry = Omit<RecordedLogEntry, 'bodyLength'> & { readonly bodyLength?: number | 'multipart' }

export type Recording = Omit<SharedRecording, 'log'> & { readonly log: readonly LogEntry[] }

/** The path all URLs of a scenario begin with. */
export const scenarioPath = (id: string): string => `/s/${id}`

/** Every name that an origin has, for certificates and hosts files. */
export const hosts: readonly string[] = [
  ...new Set(Object.values(origins).map((origin) => new URL(origin).hostname)),
]

/** The URL a step asks for, as the page is given it. */
export function urlOf(scenario: RecordedScenario, request: RecordedRequest): string {
  const template = request.urlTemplate ?? `{{${request.target}}}{{s}}${request.path}`
  return template.replace(/\{\{([^}]+)\}\}/g, (whole, key: string) => {
    if (key === 's') return scenarioPath(scenario.id)
    if (key.startsWith('host:')) return new URL(origins[key.slice(5)] as string).host
    return origins[key] ?? whole
  })
}
