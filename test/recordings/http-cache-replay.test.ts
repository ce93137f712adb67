/**
 * Replays what three browsers did with questions about their HTTP caches: which statuses are kept and when they are fresh, what validates them,
 * `Vary`, cache modes, methods, request headers. A slice of them, unless all are asked for. Recorded by `npm run test:browsers`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slice } from '../slice.js'
import { type PageRunner, type Seen, startPageRunner } from './page-run.js'
import {
  type RecordedEngine,
  type RecordedLogEntry,
  type RecordedOutcome,
  recordedEngines,
  recordingsOf,
} from './recordings.js'

const UNLIKE =
  "Chromium keeps the response to a page's own condition where what is stored has no such validator"
const PART = 'Chromium answers a request for a part from the whole that it has stored'

/** What the page does not get right, with the reason. Nothing else may differ, and these must. */
const known: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {
    'hc-req-If-None-Match-1': UNLIKE,
    'hc-req-If-Modified-Since-Mon': UNLIKE,
    'hc-req-etag-If-Modified-Since-Mon': UNLIKE,
    'hc-range-200': PART,
    'hc-get-then-range': PART,
    'hc-range-after': PART,
  },
  firefox: {
    'hc-xhr-conditional': "Firefox keeps the response to an XHR's own condition",
    'hc-redirect-mode-no-store': 'Firefox asks again for where a redirect led that was reloaded',
  },
  webkit: {
    'hc-post-refused': 'WebKit keeps what is stored where the response to another method is refused',
  },
}

let runner: PageRunner
beforeAll(async () => {
  runner = await startPageRunner()
})
afterAll(() => runner.close())

const shownOutcome = ({ outcome, type, status, url, headers, body }: RecordedOutcome): unknown => ({
  outcome,
  type,
  status,
  url,
  headers: headers?.map(([name, value]) => `${name}: ${value}`),
  body,
})

/** The recorder leaves out what the browser itself says to caches. */
const shownLog = (log: readonly (RecordedLogEntry | Seen)[]): unknown =>
  log.map(({ step, method, path, preflight, headers }) => ({
    at: step,
    request: `${method} ${path}${preflight ? ' (preflight)' : ''}`,
    conditions: Object.entries(headers)
      .filter(([name]) => /^(origin|if-.*|range)$/.test(name))
      .map(([name, value]) => `${name}: ${value}`)
      .sort(),
  }))

describe.each(recordedEngines)('%s', (engine) => {
  test('the HTTP cache', async () => {
    const wrong: unknown[] = []
    for (const { scenario, result, log } of slice(recordingsOf(engine, './http-cache'), 4)) {
      const { id } = scenario
      const run = await runner.run(scenario, engine)
      const got = { outcomes: run.outcomes.map(shownOutcome), log: shownLog(run.log) }
      const want = { outcomes: result.steps.map(shownOutcome), log: shownLog(log) }
      const agrees = JSON.stringify(got) === JSON.stringify(want)
      if (agrees && id in known[engine]) wrong.push(`${id} agrees now: take it off the list`)
      if (!agrees && !(id in known[engine])) wrong.push({ id, got, want })
    }
    expect(wrong).toEqual([])
  }, 60_000)
})
