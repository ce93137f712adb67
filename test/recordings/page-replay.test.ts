/**
 * Replays the recordings through the simulated page over a real loopback server: what the script saw (outcome, type, status, headers, url, body, events)
 * and every request the server saw, cookies included where page and server are same-site. A slice of them, unless all are asked for.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slice } from '../slice.js'
import { type PageRunner, startPageRunner } from './page-run.js'
import { type RecordedEngine, recordedEngines, recordingsOf } from './recordings.js'
import { shownLog, shownOutcome, wanted } from './shown-run.js'

/** Scenarios that the page does not get right, with the reason. Nothing else may differ, and these must. */
const DEL =
  "a header value with the byte 0x7F: Node's HTTP clients refuse to send it, so that the page's request fails"
const known: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: { 's1-request-headers-0010': DEL, 's1-request-headers-0102': DEL },
  firefox: { 's1-request-headers-0010': DEL, 's1-request-headers-0102': DEL },
  webkit: {
    's1-request-headers-0010': DEL,
    's1-request-headers-0102': DEL,
  },
}

let runner: PageRunner
beforeAll(async () => {
  runner = await startPageRunner()
})
afterAll(() => runner.close())

describe.each(recordedEngines)('%s', (engine) => {
  const recordings = recordingsOf(engine)
  const families = [...new Set(recordings.map(({ scenario }) => scenario.family))]
  test.each(families)(
    '%s',
    async (family) => {
      const own = recordings.filter(({ scenario }) => scenario.family === family)
      for (const recording of slice(own, Math.min(8, own.length))) {
        const { scenario } = recording
        const { outcomes, log } = await runner.run(scenario, engine)
        const got = { outcomes: outcomes.map(shownOutcome), log: shownLog(recording, log) }
        const want = {
          outcomes: recording.result.steps.map((outcome) => shownOutcome(wanted(outcome))),
          log: shownLog(recording, recording.log),
        }
        if (scenario.id in known[engine])
          expect(got, `${scenario.id} agrees now: take it off the list`).not.toEqual(want)
        else expect(got, scenario.id).toEqual(want)
      }
    },
    60_000,
  )
})
