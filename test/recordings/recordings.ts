/** The recordings of real browsers, as data: see README.md in this folder. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export type RecordedEngine = 'chromium' | 'firefox' | 'webkit'
export const recordedEngines: readonly RecordedEngine[] = ['chromium', 'firefox', 'webkit']

export interface RecordedRequest {
  /** `fetches` are several at once, of the same URL. */
  readonly api: 'fetch' | 'xhr' | 'eventsource' | 'fetches'
  readonly target: string
  readonly path: string
  readonly urlTemplate?: string
  readonly method?: string
  readonly headers?: readonly (readonly [string, string])[]
  /** How a `fetch` is given its headers: `ways` of page-run.ts. A `Request` made with them, where it does not say. */
  readonly given?: string
  readonly body?: { readonly type: string; readonly mime?: string }
  readonly mode?: 'cors' | 'no-cors' | 'same-origin'
  readonly credentials?: 'omit' | 'same-origin' | 'include'
  readonly redirect?: 'follow' | 'error' | 'manual'
  readonly cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'
  readonly withCredentials?: boolean
  readonly uploadListeners?: boolean
  readonly list?: readonly Partial<RecordedRequest>[]
}

export interface RecordedRule {
  readonly when?: {
    readonly preflight?: boolean
    readonly method?: string
    readonly path?: string
    readonly to?: string
    readonly step?: number
    readonly times?: number
    readonly page?: number
    /** Whether the request has `Authorization`, a condition, `Origin`. */
    readonly auth?: boolean
    readonly cond?: boolean
    readonly origin?: boolean
  }
  /** Default 200. */
  readonly status?: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
  /** What the body is: `kinds` of bodies.ts. */
  readonly kind?: string
  readonly prelude?: readonly (readonly [number, readonly (readonly [string, string])[]])[]
  readonly delay?: number
}

export interface RecordedScenario {
  readonly id: string
  readonly family: string
  readonly page: { readonly origin: string; readonly context: 'window' | 'sandboxed-iframe' | 'worker' }
  readonly steps: readonly { readonly wait?: number; readonly request: RecordedRequest }[]
  readonly server: { readonly rules: readonly RecordedRule[] }
}

export interface RecordedOutcome {
  readonly outcome: 'resolved' | 'rejected'
  readonly stage?: string
  readonly type?: string
  readonly status?: number
  readonly statusText?: string
  readonly redirected?: boolean
  readonly url?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | null
  readonly error?: string
  readonly message?: string
  readonly requestMethod?: string
  readonly requestHeaders?: readonly (readonly [string, string])[]
  readonly events?: readonly string[]
  readonly rawHeaders?: string
  readonly readyState?: number
}

export interface RecordedLogEntry {
  readonly step: number
  readonly to: string
  readonly method: string
  readonly path: string
  readonly preflight: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly bodyLength?: number
  readonly rule: number
}

export interface RecordedMessage {
  readonly kind?: string
  readonly source?: string
  readonly text?: string
  readonly corsError?: string
  readonly failedParameter?: string
  readonly errorText?: string
  readonly blockedReason?: string
}

export interface Recording {
  readonly scenario: RecordedScenario
  readonly result: { readonly steps: readonly RecordedOutcome[] }
  readonly log: readonly RecordedLogEntry[]
  readonly console: readonly RecordedMessage[]
}

const read = (name: string): Buffer => readFileSync(new URL(name, import.meta.url))

/** What an engine did on every scenario, in a fixed order. */
export function recordingsOf(engine: RecordedEngine, folder: '.' | './http-cache' = '.'): Recording[] {
  return gunzipSync(read(`${folder}/${engine}.jsonl.gz`))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording)
}

const fixtures = JSON.parse(read('./origins.json').toString('utf8')) as {
  origins: Record<string, string>
  prologueCookies: { http: string[]; https: string[] }
}

/** Symbolic origins to URLs. */
export const origins: Readonly<Record<string, string>> = fixtures.origins

/** The cookies that every origin but `lo-http` had set before the first scenario, by its scheme. */
export const prologueCookies = fixtures.prologueCookies
