/**
 * One engine's run: visits every origin once, so that their cookies are there, then deals the scenarios to the runner page, answers
 * their requests by their rules and keeps what arrived.
 */
import { readFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import { scenarioServer } from '../recordings/scenario-server.js'
import { logEntry } from './request-log.js'
import {
  type LogEntry,
  type Outcome,
  origins,
  type Recording,
  type Scenario,
  scenarioPath,
  urlOf,
} from './scenario.js'
import { headerOf, type WireRequest, type WireResponse } from './wire.js'

interface Running {
  readonly scenario: Scenario
  readonly answer: ReturnType<typeof scenarioServer>
  readonly log: LogEntry[]
  step: number
}

const file = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8')
const pages: Readonly<Record<string, readonly [string, string]>> = {
  '/__runner': ['text/html', file('runner.html')],
  '/__/runner.js': ['text/javascript', file('runner.js')],
  '/__/exec.js': ['text/javascript', file('exec.js')],
  '/__frame': ['text/html', file('frame.html')],
  '/__/worker.js': ['text/javascript', file('worker.js')],
}

const { prologueCookies } = JSON.parse(
  readFileSync(new URL('../recordings/origins.json', import.meta.url), 'utf8'),
) as { prologueCookies: Record<'http' | 'https', string[]> }

/** `localhost` is not visited: it has no cookies. */
const visited: readonly string[] = Object.entries(origins)
  .filter(([key]) => key !== 'lo-http')
  .map(([, origin]) => origin)

const runner = (origin: string): string => `${origin}/__runner`

export class Session {
  /** Where the engine is to start. */
  readonly startUrl = runner(visited[0] as string)
  readonly finished: Promise<void>
  /** When the page was last heard of. */
  lastSign = Date.now()

  #toVisit = [...visited]
  #queue: Scenario[]
  #runs = new Map<string, Running>()
  #current: Running | undefined
  #results: { run: Running; steps: readonly Outcome[] }[] = []
  #finish!: () => void
  #fail!: (error: Error) => void

  constructor(scenarios: readonly Scenario[]) {
    // Page by page: moving from one origin to another takes a navigation.
    const byPage = grouped(scenarios)
    this.#queue = [...byPage.values()].flat()
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
  }

  /** What was recorded so far. */
  get recordings(): Recording[] {
    return this.#results.map(({ run, steps }) => ({
      scenario: run.scenario,
      result: { steps },
      log: run.log,
      console: [],
    }))
  }

  /** Answers any request, of the runner page or of a scenario. */
  answer(request: WireRequest, scheme: 'http' | 'https', port: number): WireResponse {
    const host = headerOf(request.headers, 'host') ?? `localhost:${port}`
    const url = new URL(request.target, `${scheme}://${host}`)
    if (isControl(url, request.method)) return this.#control(url, request)
    if (url.pathname === '/favicon.ico') return text(404, '')
    const id = /^\/s\/([^/]+)/.exec(url.pathname)?.[1]
    const run = id === undefined ? this.#current : (this.#runs.get(id) ?? this.#current)
    if (run === undefined) return text(404, '')
    return respond(run, url, request)
  }

  #control(url: URL, request: WireRequest): WireResponse {
    const page = pages[url.pathname]
    if (page !== undefined) {
      const cookies =
        url.pathname === '/__runner' ? prologueCookies[url.protocol === 'https:' ? 'https' : 'http'] : []
      return text(200, page[1], page[0], cookies)
    }
    const data = JSON.parse(request.body.toString('utf8') || '{}') as Record<string, unknown>
    return text(200, JSON.stringify(this.#message(url.pathname.slice(4), data)), 'application/json')
  }

  #message(kind: string, data: Record<string, unknown>): object {
    this.lastSign = Date.now()
    switch (kind) {
      case 'start':
        return this.#next(data.origin as string)
      case 'step': {
        const run = this.#runs.get(data.id as string)
        if (run !== undefined) run.step = data.step as number
        return {}
      }
      case 'result': {
        const run = this.#runs.get(data.id as string)
        if (run !== undefined) this.#results.push({ run, steps: data.steps as Outcome[] })
        return this.#next(origins[run?.scenario.page.origin ?? ''] as string)
      }
      default:
        this.#fail(new Error(`the runner page failed: ${String(data.error)}`))
        return {}
    }
  }

  /** What the page at an origin is to do next. */
  #next(origin: string): object {
    if (this.#toVisit[0] === origin) this.#toVisit.shift()
    const next = this.#toVisit[0]
    if (next !== undefined) return { goto: runner(next) }
    const scenario = this.#queue[0]
    if (scenario === undefined) {
      // Requests that a failed step left behind still arrive.
      setTimeout(this.#finish, 200)
      return {}
    }
    const pageOrigin = origins[scenario.page.origin] as string
    if (pageOrigin !== origin) return { goto: runner(pageOrigin) }
    this.#queue.shift()
    this.#current = { scenario, answer: scenarioServer(scenario), log: [], step: 0 }
    this.#runs.set(scenario.id, this.#current)
    const steps = scenario.steps.map(({ wait, request }) => ({
      wait,
      request,
      url: urlOf(scenario, request),
    }))
    return { id: scenario.id, context: scenario.page.context, steps }
  }
}

/** Whether a request is of the runner page; a scenario may ask for URLs beside it. */
function isControl({ pathname, search }: URL, method: string): boolean {
  if (method === 'POST') return /^\/__\/(start|step|result|fail)$/.test(pathname)
  return method === 'GET' && search === '' && pathname in pages
}

function grouped(scenarios: readonly Scenario[]): Map<string, Scenario[]> {
  const groups = new Map<string, Scenario[]>()
  for (const scenario of scenarios) {
    const group = groups.get(scenario.page.origin)
    if (group === undefined) groups.set(scenario.page.origin, [scenario])
    else group.push(scenario)
  }
  return groups
}

/** Answers by the scenario's rules and logs the request. */
function respond(run: Running, url: URL, request: WireRequest): WireResponse {
  const { scenario, step } = run
  const prefix = scenarioPath(scenario.id)
  const below = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : path)
  const { method, headers } = request
  const to = url.origin
  const answered = run.answer({ step, to, method, path: below(url.pathname), headers })
  const path = below(url.pathname + url.search)
  run.log.push(logEntry(request, { scenario, step, to, path, rule: answered.rule }))
  // The white space around a value goes over the wire as well.
  const written = scenario.server.rules[answered.rule]?.headers ?? []
  const lines = answered.headers.map(([name, value], index): [string, string] => {
    const [, before = '', after = ''] = /^([\t ]*).*?([\t ]*)$/s.exec(written[index]?.[1] ?? '') ?? []
    return [name, before + value + after]
  })
  if (answered.rule < 0) lines.push(['Content-Length', '0'])
  const { status, body } = answered
  return { status, reason: STATUS_CODES[status] ?? 'X', headers: lines, body }
}

function text(
  status: number,
  body: string,
  type = 'text/plain',
  cookies: readonly string[] = [],
): WireResponse {
  const headers: [string, string][] = [
    ['Content-Type', `${type}; charset=utf-8`],
    ['Cache-Control', 'no-store'],
    ['Content-Length', String(Buffer.byteLength(body))],
    ...cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]),
  ]
  return { status, reason: STATUS_CODES[status] ?? '', headers, body }
}
