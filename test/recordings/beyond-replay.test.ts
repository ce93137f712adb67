/**
 * Replays what three browsers did where CORS meets the rest of a browser (the HTTP cache, elements, beacons, login prompts, referrers): every
 * outcome that a script saw, every request that the server saw, and what the console said of blocks.
 */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slice } from '../slice.js'
import {
  acceptValues,
  type BeyondOutcome,
  type BeyondRecording,
  type BeyondRequest,
  type BeyondScenario,
  beyondRecordings,
  beyondScenarios,
} from './beyond.js'
import { differences } from './beyond-differences.js'
import { type BeyondRun, type BeyondRunner, startBeyondRunner } from './beyond-run.js'
import { NoRunner } from './beyond-steps.js'
import { type RecordedEngine, recordedEngines } from './recordings.js'

let runner: BeyondRunner
beforeAll(async () => {
  runner = await startBeyondRunner()
})
afterAll(() => runner.close())

/** The browser's own headers, which the recorder left out. */
const LEFT_OUT =
  /^(host|user-agent|connection|accept-encoding|accept-language|priority|content-length|transfer-encoding|sec-ch-ua.*)$/

/** What is said of requests, but for those of documents: no page of ours asks for its own. */
function shownLog(log: readonly BeyondRequest[], { pages }: BeyondScenario): unknown[] {
  const isLeft = pages.some(({ steps }) => steps.some(({ unload }) => unload))
  const asked = log.filter(
    ({ method, path }) => method !== 'GET' || pages.every((page) => page.path !== path),
  )
  return asked.map(({ page = 0, step, to, method, path, preflight = false, headers }) => ({
    // Which page a request was of that came after its page was left, nobody noted.
    at: isLeft ? '' : `${page}.${step}`,
    request: `${method} ${to}${path}${preflight ? ' (preflight)' : ''}`,
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name, value]) => !LEFT_OUT.test(name) && !(name === 'accept' && value === '*/*'))
        .map(([name, value]) => [name, (acceptValues[value] ?? value).replace(/boundary=.*/, 'boundary')])
        .sort(),
    ),
  }))
}

function shownResult(result: readonly (readonly BeyondOutcome[])[]): unknown {
  // The members that are undefined are not there; Resource Timing is not simulated.
  return JSON.parse(JSON.stringify(result, (name, value) => (name === 'timing' ? undefined : value)))
}

/** Lines of the consoles that are not about what was blocked. */
const NOT_ABOUT_BLOCKS = [
  /^Failed to load resource/,
  /^Unable to get image data from canvas/,
  /WebGL/,
  /^The character encoding of a framed document/,
  /^Blocked a frame with origin .* from accessing a frame/,
  /^Cookie “/,
  /^Blocked \S+ from asking for credentials because it is a cross-origin request/,
  /^Referrer Policy: Ignoring the less restricted referrer policy/,
  /^Manifest: /,
  /^A preload for .* is found, but is not used/,
  /^Successfully preconnected/,
  // What a script throws, and what it says itself.
  /^(Error|TypeError): (boom-)?secret/,
]

const BLOB_URL = /blob:\S+/
/** Where the recorder cut long lines of WebKit's. */
const CUT = / be served over HTTPS\.$/
const PRINCIPAL_ID = /moz-nullprincipal:\{[0-9a-f-]*\}/

/** What a style sheet calls a font; the page is not told. */
const FONT_FAMILY = /\(font-family: "[^"]*"/

function shownConsole(lines: readonly string[]): string[] {
  const said = lines
    .map((line) =>
      line
        .trim()
        .replace(PRINCIPAL_ID, 'moz-nullprincipal:{…}')
        .replace(BLOB_URL, 'blob:…')
        .replace(FONT_FAMILY, '(font-family: "…"')
        .replace(CUT, ''),
    )
    .filter((line) => line !== '' && !NOT_ABOUT_BLOCKS.some((pattern) => pattern.test(line)))
  return [...new Set(said)].sort()
}

/** `EXPECT_CORS_SHOW=cache-mode` prints what differs in the scenarios whose ids begin so. */
const asked = process.env.EXPECT_CORS_SHOW

function show(engine: string, id: string, got: Shown, want: Shown): void {
  const text = (what: unknown): string => JSON.stringify(what, null, 1).replace(/\n +/g, ' ')
  console.log(`${engine} ${id}\n  got  ${text(only(got, want))}\n  want ${text(only(want, got))}`)
}

interface Shown {
  readonly outcomes: unknown
  readonly requests: unknown
  readonly console: unknown
}

const shownRun = ({ result, log, console }: BeyondRun, scenario: BeyondScenario): Shown => ({
  outcomes: shownResult(result),
  requests: shownLog(log, scenario),
  console: shownConsole(console),
})

const shownRecording = ({ result, log, console }: BeyondRecording, scenario: BeyondScenario): Shown => ({
  outcomes: shownResult(result),
  requests: shownLog(log, scenario),
  console: shownConsole(console.flatMap(({ text }) => text ?? [])),
})

const scenarios = beyondScenarios()
const families = [...new Set(scenarios.map(({ family }) => family))]
const matched = new Map<string, string[]>()

/** Side by side, but not more than a machine has patience for. */
const AT_ONCE = 16

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

describe.each(recordedEngines)('%s', (engine: RecordedEngine) => {
  const recordings = beyondRecordings(engine)
  const known = differences[engine]

  test.each(families)(
    '%s',
    async (family) => {
      const all = scenarios.filter((scenario) => scenario.family === family)
      const own = all.length > 60 ? slice(all, 4) : all
      const wrong: unknown[] = []
      let equal = 0
      await inParallel(own, async (scenario: BeyondScenario) => {
        const { id } = scenario
        const recording = recordings.get(id) as BeyondRecording
        const want = shownRecording(recording, scenario)
        const got = await runner.run(scenario, engine, recording).then(
          (run) => shownRun(run, scenario),
          (error: unknown) => {
            if (error instanceof NoRunner) return { outcomes: error.message, requests: null, console: null }
            throw error
          },
        )
        const agrees = isEqual(got, want)
        if (agrees) equal++
        else if (asked !== undefined && id.startsWith(asked)) show(engine, id, got, want)
        if (agrees && id in known) wrong.push(`${id} agrees now: take it off the list`)
        if (!agrees && !(id in known)) wrong.push({ id, got: only(got, want), want: only(want, got) })
      })
      matched.set(family, [...(matched.get(family) ?? []), `${engine} ${equal}/${own.length}`])
      expect(wrong).toEqual([])
    },
    120_000,
  )

  test('lists only scenarios that there are', () => {
    expect(Object.keys(known).filter((id) => !recordings.has(id))).toEqual([])
  })
})

afterAll(() => {
  const rows = [...matched].map(([family, counts]) => `${family.padEnd(10)} ${counts.join('  ')}`)
  console.log(['recordings beyond CORS headers: scenarios that agree', ...rows].join('\n'))
})

const isEqual = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b)

/** What differs. */
function only(a: Shown, b: Shown): Partial<Shown> {
  return Object.fromEntries(
    Object.entries(a).filter(([name, value]) => !isEqual(value, b[name as keyof Shown])),
  ) as Partial<Shown>
}
