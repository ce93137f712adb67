/** What real browsers did where CORS meets the rest of a browser, as data: `beyond/`. A scenario is a sequence of top-level documents. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RecordedEngine, RecordedMessage, RecordedRule } from './recordings.js'

export interface BeyondStep {
  readonly kind: string
  /** With the placeholders of the rules, as are those of `ctx` and `list`. */
  readonly url?: string
  readonly init?: Readonly<Record<string, unknown>>
  readonly attrs?: Readonly<Record<string, string>>
  readonly body?: BeyondBody
  readonly method?: string
  readonly headers?: readonly (readonly [string, string])[]
  /** `withCredentials` of an XHR or event stream. */
  readonly cred?: boolean
  readonly user?: string
  readonly pass?: string
  readonly ms?: number
  readonly code?: string
  readonly css?: string
  readonly tag?: string
  readonly el?: string
  readonly opts?: Readonly<Record<string, string>>
  readonly list?: readonly BeyondStep[]
  /** Where it runs, if not in the page itself. */
  readonly ctx?: {
    readonly iframe?: string
    readonly attrs?: Readonly<Record<string, string>>
    readonly worker?: 'classic' | 'blob' | 'data'
    readonly shared?: boolean
  }
  /** Whether the page is left at once. */
  readonly unload?: boolean
  /** Of a form. */
  readonly enctype?: string
  readonly timing?: boolean
}

export type BeyondBody =
  | string
  | { readonly bytes: number }
  | { readonly blob: string | number; readonly mime?: string }
  | { readonly form: unknown }
  | { readonly params: unknown }
  | { readonly buffer: unknown }
  | { readonly stream: unknown }

export interface BeyondPage {
  readonly origin: string
  readonly path?: string
  readonly userinfo?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly head?: string
  readonly steps: readonly BeyondStep[]
}

export interface BeyondScenario {
  readonly id: string
  readonly family: string
  readonly pages: readonly BeyondPage[]
  readonly server: { readonly rules: readonly RecordedRule[] }
}

/** What a step came to: members that the recorder left out are undefined. */
export type BeyondOutcome = Readonly<Record<string, unknown>> & { readonly outcome: string }

export interface BeyondRequest {
  readonly page?: number
  readonly step: number
  readonly to: string
  readonly method: string
  readonly path: string
  readonly preflight?: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly bodyLength?: number
}

export interface BeyondRecording {
  readonly id: string
  /** A page stopped behind the browser's login dialog; its outcomes are lost. */
  readonly stalled?: boolean
  readonly result: readonly (readonly BeyondOutcome[])[]
  readonly log: readonly BeyondRequest[]
  readonly console: readonly RecordedMessage[]
}

const read = (name: string): Buffer => readFileSync(new URL(`./${name}`, import.meta.url))

/** The recordings in `beyond/`, and what was recorded besides of elements, preloads and resource policies. */
const linesOf = <T>(name: string): T[] =>
  ['beyond', 'elements'].flatMap((folder) =>
    gunzipSync(read(`${folder}/${name}.jsonl.gz`))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T),
  )

export const beyondScenarios = (): BeyondScenario[] => linesOf('scenarios')

export const beyondRecordings = (engine: RecordedEngine): Map<string, BeyondRecording> =>
  new Map(linesOf<BeyondRecording>(engine).map((recording) => [recording.id, recording]))

/** Long `Accept` values by the names that the recordings have for them. */
export const acceptValues = JSON.parse(read('beyond/accept.json').toString('utf8')) as Readonly<
  Record<string, string>
>
