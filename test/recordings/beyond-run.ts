/** Runs the scenarios of `beyond/` through the simulated page over a real loopback server. */
import { CookieJar } from 'tough-cookie'
import { consoleText } from '../../src/diagnose/console/index.js'
import { parseReferrerPolicy, type ReferrerPolicy } from '../../src/fetch/referrer.js'
import { openPage, type Page, type PageOptions } from '../../src/page/open-page.js'
import type {
  BeyondOutcome,
  BeyondPage,
  BeyondRecording,
  BeyondRequest,
  BeyondScenario,
  BeyondStep,
} from './beyond.js'
import { loadHead } from './beyond-elements.js'
import { runStep, type StepRun } from './beyond-steps.js'
import { type RawRequest, type RawResponse, startRawServer } from './raw-server.js'
import { origins, prologueCookies, type RecordedEngine } from './recordings.js'
import { profileOf } from './replay.js'
import { scenarioServer } from './scenario-server.js'

/** What the scripts saw, what the server saw, and what the console said. */
export interface BeyondRun {
  readonly result: readonly (readonly BeyondOutcome[])[]
  readonly log: readonly BeyondRequest[]
  readonly console: readonly string[]
}

export interface BeyondRunner {
  run(scenario: BeyondScenario, engine: RecordedEngine, recording: BeyondRecording): Promise<BeyondRun>
  close(): void
}

/** About as long as a browser needs to the next document. */
const NAVIGATION = 60

const BETWEEN_STEPS = 10
const BEFORE_SLEEP = 60

interface Running {
  readonly scenario: BeyondScenario
  readonly answer: ReturnType<typeof scenarioServer>
  readonly log: BeyondRequest[]
  page: number
  step: number
}

/** Starts the server; scenarios may run side by side. */
export async function startBeyondRunner(): Promise<BeyondRunner> {
  const running = new Map<string, Running>()
  const answer = ({ method, target, headers, body }: RawRequest): RawResponse => {
    // Every run and every origin in it is served below a path of its own.
    const [, run = '', key = '', rest = ''] = /^\/@([^/]+)\/@([^/]+)(.*)$/.exec(target) ?? []
    const current = running.get(run)
    if (current === undefined) return { status: 410, headers: [['Content-Length', '0']], body: '' }
    const prefix = `/s/${current.scenario.id}`
    const path = rest.startsWith(prefix) ? rest.slice(prefix.length) : rest
    const names = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
    const preflight = method === 'OPTIONS' && 'access-control-request-method' in names
    const to = origins[key] as string
    const { page, step } = current
    current.log.push({ page, step, to, method, path, preflight, headers: names, bodyLength: body.length })
    return current.answer({ page, step, to, method, path, headers })
  }
  const server = await startRawServer(answer)
  return {
    async run(scenario, engine, recording) {
      const key = `${engine}-${scenario.id}`
      const current: Running = { scenario, answer: scenarioServer(scenario), log: [], page: 0, step: 0 }
      running.set(key, current)
      try {
        return await runScenario(scenario, engine, recording, `${server.address}/@${key}`, current)
      } finally {
        running.delete(key)
      }
    },
    close: () => server.close(),
  }
}

async function runScenario(
  scenario: BeyondScenario,
  engine: RecordedEngine,
  recording: BeyondRecording,
  address: string,
  current: Running,
): Promise<BeyondRun> {
  let now = Date.now()
  const run: StepRun = {
    async sleep(milliseconds) {
      await pause(milliseconds)
      now += milliseconds
    },
  }
  const options: PageOptions = {
    engine: profileOf[engine],
    servers: Object.fromEntries(
      Object.entries(origins).map(([key, origin]) => [origin, `${address}/@${key}`]),
    ),
    cookies: await jarWithPrologue(),
    httpVersion: '1.1',
    httpCache: true,
    now: () => now,
  }
  const result: BeyondOutcome[][] = []
  const pages: { readonly page: Page; readonly worker: boolean }[] = []
  let page: Page | undefined
  for (const [index, document] of scenario.pages.entries()) {
    const url = documentUrl(scenario, document, index)
    const policy = { referrerPolicy: referrerPolicyOf(document) }
    page = page === undefined ? openPage(url, { ...options, ...policy }) : page.navigate(url, policy)
    pages.push({ page, worker: false })
    if (index > 0) await pause(NAVIGATION)
    current.page = index
    const contexts = new Map<string, Page>()
    const outcomes: BeyondOutcome[] = []
    result.push(outcomes)
    await loadHead(page, document, (text) => filledText(text, scenario))
    for (const [number, recorded] of document.steps.entries()) {
      current.step = number
      const step = filled(recorded, scenario)
      const place = step.ctx === undefined ? page : contextOf(page, step.ctx, contexts)
      const outcome = await runStep(place, step, run)
      outcomes.push(outcome)
      // The recorder took a moment to say that the next step begins; what goes on beside a step is over before one that waits.
      await pause(document.steps[number + 1]?.kind === 'sleep' ? BEFORE_SLEEP : BETWEEN_STEPS)
      // Firefox's login dialog stops the page, whose outcomes are lost.
      if (recording.stalled === true && outcome.outcome === 'timeout') break
    }
    for (const [key, context] of contexts) pages.push({ page: context, worker: key.includes('"worker"') })
  }
  await page?.close()
  const lines = pages.flatMap(({ page: { blocked }, worker }) =>
    blocked.flatMap(
      ({ journey }) => consoleText(journey, undefined, { redact: false, worker })?.split('\n') ?? [],
    ),
  )
  return { result: result.slice(0, recording.result.length), log: current.log, console: lines }
}

/** The policy that a document's headers or its markup name. */
function referrerPolicyOf({ headers = [], head = '' }: BeyondPage): ReferrerPolicy | undefined {
  const meta = /<meta name=referrer content=([\w-]+)>/.exec(head)?.[1]
  return (meta as ReferrerPolicy | undefined) ?? (parseReferrerPolicy(headers) || undefined)
}

function documentUrl(scenario: BeyondScenario, document: BeyondPage, index: number): string {
  if (document.origin === 'file') return 'file:///page.html'
  const url = new URL(`/s/${scenario.id}${document.path ?? `/__page${index}`}`, origins[document.origin])
  const [user = '', password = ''] = document.userinfo?.split(':') ?? []
  url.username = user
  url.password = password
  return url.href
}

/** The frame or worker of a page that a step runs in. */
function contextOf(page: Page, ctx: NonNullable<BeyondStep['ctx']>, known: Map<string, Page>): Page {
  const key = JSON.stringify(ctx)
  let context = known.get(key)
  if (context === undefined) {
    const made: Readonly<Record<string, string>> = {
      srcdoc: 'about:srcdoc',
      blob: `blob:${page.origin}/0`,
      data: 'data:text/html,x',
      classic: '/__b/worker.js',
    }
    const where = (ctx.iframe ?? ctx.worker) as string
    const sandbox = ctx.attrs?.sandbox
    const isSandboxed = sandbox !== undefined && !sandbox.includes('allow-same-origin')
    context = page.frame({
      url: made[where] ?? where,
      context: ctx.worker !== undefined ? 'worker' : isSandboxed ? 'sandboxed-iframe' : 'window',
    })
    known.set(key, context)
  }
  return context
}

/** A step with its placeholders filled in. */
function filled(step: BeyondStep, scenario: BeyondScenario): BeyondStep {
  return JSON.parse(filledText(JSON.stringify(step), scenario)) as BeyondStep
}

function filledText(text: string, scenario: BeyondScenario): string {
  return text.replace(/\{\{([^}]+)\}\}/g, (whole, key: string) => {
    if (key === 's') return `/s/${scenario.id}`
    if (key.startsWith('host:')) return new URL(origins[key.slice(5)] as string).host
    return origins[key] ?? whole
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The cookies that a visit to every origin had set before. */
async function jarWithPrologue(): Promise<CookieJar> {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false })
  for (const [key, origin] of Object.entries(origins)) {
    if (key === 'lo-http') continue
    const scheme = origin.startsWith('https:') ? 'https' : 'http'
    for (const cookie of prologueCookies[scheme]) await jar.setCookie(cookie, origin)
  }
  return jar
}
