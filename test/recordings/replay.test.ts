/**
 * Replays what Chromium, Firefox and WebKitGTK did on 1,497 scenarios each: how every step ended, what a script could see, every request the server
 * saw in order with the headers that concern origins, and Chromium's own error code.
 */
import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/fetch/failure.js'
import { byteLowercase } from '../../src/fetch/http-tokens.js'
import {
  type RecordedEngine,
  type RecordedOutcome,
  type Recording,
  recordedEngines,
  recordingsOf,
} from './recordings.js'
import { profileOf, type Replay, type ReplayedLogEntry, type ReplayedOutcome, replay } from './replay.js'
import { shownRequests } from './shown-run.js'

/** Scenarios that the rules do not get right, with the reason. Nothing else may differ, and these must. */
const known: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {},
  firefox: {},
  webkit: {},
}

/** Chromium's names for our codes; the preflight's twins carry a prefix. */
const chromiumCodes: Partial<Record<Failure['code'], string>> = {
  'missing-allow-origin': 'MissingAllowOriginHeader',
  'multiple-allow-origin': 'MultipleAllowOriginValues',
  'invalid-allow-origin': 'InvalidAllowOriginValue',
  'allow-origin-mismatch': 'AllowOriginMismatch',
  'wildcard-allow-origin-with-credentials': 'WildcardOriginNotAllowed',
  'invalid-allow-credentials': 'InvalidAllowCredentials',
  'preflight-status': 'PreflightInvalidStatus',
  'preflight-redirect': 'PreflightDisallowedRedirect',
  'invalid-allow-methods': 'InvalidAllowMethodsPreflightResponse',
  'invalid-allow-headers': 'InvalidAllowHeadersPreflightResponse',
  'method-not-allowed': 'MethodDisallowedByPreflightResponse',
  'header-not-allowed': 'HeaderDisallowedByPreflightResponse',
  'redirect-with-credentials': 'RedirectContainsCredentials',
}

function chromiumCode(outcome: ReplayedOutcome): string[] {
  const { failure } = outcome
  const name = failure === undefined ? undefined : chromiumCodes[failure.code]
  if (failure === undefined || name === undefined) return []
  return [failure.blockedAt === 'preflight' && !name.includes('Preflight') ? `Preflight${name}` : name]
}

/** The headers a page may have set, beside those that concern origins. Others are the browser's own. */
const compared =
  /^(origin|access-control-request-.*|authorization|content-type|content-language|x-.*|traceparent|baggage|range|if-.*|dpr|width|downlink|ect|rtt|device-memory|viewport-width|last-event-id|pragma|purpose|cache-control)$/

function shownOutcome(outcome: RecordedOutcome | ReplayedOutcome, api: string): unknown {
  if (outcome.outcome === 'rejected') return 'rejected'
  if (api === 'eventsource') return 'resolved'
  const headers = new Set((outcome.headers ?? []).map(([name]) => byteLowercase(name)))
  const shown = { status: outcome.status, headers: [...headers].sort() }
  if (api === 'xhr') return shown
  const readable = outcome.type === 'basic' || outcome.type === 'cors'
  return {
    ...shown,
    type: outcome.type,
    ...(readable ? { url: outcome.url, redirected: outcome.redirected } : {}),
  }
}

function shown(
  recording: Recording,
  run: Pick<Replay, 'log'> & { steps: readonly (RecordedOutcome | ReplayedOutcome)[] },
) {
  return {
    outcomes: run.steps.map((outcome, index) =>
      shownOutcome(outcome, recording.scenario.steps[index]?.request.api ?? ''),
    ),
    log: shownRequests(run.log, (name) => compared.test(name)),
  }
}

describe.each(recordedEngines)('%s', (engine) => {
  const recordings = recordingsOf(engine)
  const families = [...new Set(recordings.map(({ scenario }) => scenario.family))]

  test('all scenarios are there', () => {
    expect(recordings).toHaveLength(1497)
    expect(families).toHaveLength(18)
  })

  test.each(families)('%s', (family) => {
    for (const recording of recordings) {
      if (recording.scenario.family !== family) continue
      const { id } = recording.scenario
      const got = replay(recording.scenario, profileOf[engine])
      const want = shown(recording, {
        steps: recording.result.steps,
        log: recording.log as unknown as ReplayedLogEntry[],
      })
      if (id in known[engine])
        expect(shown(recording, got), `${id} agrees now: take it off the list`).not.toEqual(want)
      else expect(shown(recording, got), id).toEqual(want)
      if (engine !== 'chromium') continue
      const codes = recording.console.flatMap((message) => message.corsError ?? [])
      expect(got.steps.flatMap(chromiumCode), `${id}: Chromium's error code`).toEqual(codes)
    }
  })
})
