/** What must hold of the words for every recorded block: of a slice of them, some of every family, unless all are asked for. */
import { describe, expect, test } from 'vitest'
import { formatExchanges } from '../../src/diagnose/exchange.js'
import { explainCors } from '../../src/diagnose/explain.js'
import { failureMessage } from '../../src/diagnose/failure-message.js'
import { remediesFor } from '../../src/diagnose/remedies/index.js'
import { servers } from '../../src/diagnose/remedies/known-servers.js'
import type { ServerName } from '../../src/diagnose/remedies/server-names.js'
import { sendInstead } from '../../src/diagnose/send-instead.js'
import { corsCheck } from '../../src/fetch/cors-check.js'
import type { Header } from '../../src/fetch/header-list.js'
import { checkPreflightResponse } from '../../src/fetch/preflight.js'
import type { Journey } from '../../src/verdict/verdict.js'
import { recordedEngines, recordingsOf } from '../recordings/recordings.js'
import { howMany, slice, sliceOfEach } from '../slice.js'
import { journeysOf } from './recorded-journeys.js'

describe.each(recordedEngines)('%s', (engine) => {
  const recordings = sliceOfEach(recordingsOf(engine), 3, ({ scenario }) => scenario.family)
  const blocked = recordings.flatMap(({ scenario }) =>
    journeysOf(scenario, engine).flatMap((journey) =>
      journey.verdict.outcome === 'blocked' ? [{ id: scenario.id, journey }] : [],
    ),
  )

  test('an explanation is one whole sentence', () => {
    for (const { id, journey } of blocked) {
      for (const subject of [journey, journey.verdict]) {
        const { explanation } = explainCors(subject)
        expect(explanation, id).toMatch(/^[A-Z`a-z].*[^.]\.$/)
        expect(explanation, id).not.toMatch(/undefined|\[object|\. [A-Z]|NaN/)
      }
    }
  })

  test('it names the header at fault and its value', () => {
    for (const { id, journey } of blocked) {
      const { header, value } = journey.verdict
      const { explanation } = explainCors(journey)
      if (header === undefined || header === 'Location' || journey.verdict.blockedAt === 'request') continue
      expect(explanation, id).toContain(header)
      if (typeof value === 'string' && /^[!-~]{1,60}$/.test(value) && !value.includes('@')) {
        expect(explanation.includes(value), `${id}: ${explanation}`).toBe(true)
      }
    }
  })

  test('what to send instead ends the block', () => {
    let healed = 0
    for (const { id, journey } of blocked) {
      const instead = sendInstead(journey)
      if (instead === null) continue
      const answer = journey.exchanges.at(-1)
      if (answer === undefined) throw new Error(`${id}: no answer`)
      const replaced = [...instead.lines.map(([name]) => name), ...(instead.omit ?? [])]
      const names = new Set(replaced.map((name) => name.toLowerCase()))
      const kept = answer.response.headers.filter(([name]) => !names.has(name.toLowerCase()))
      const headers: Header[] = [...kept, ...instead.lines]
      const status = instead.status ?? answer.response.status
      expect(failureOf(journey, status, headers), id).toBeNull()
      healed++
    }
    expect(healed).toBeGreaterThan(howMany(400, 4))
  })

  test('nothing shows user info', () => {
    for (const { id, journey } of blocked) {
      const message = failureMessage({
        hint: 'hint',
        journeys: [{ engine: journey.verdict.engine, journey }],
      })
      const explained = JSON.stringify(explainCors(journey))
      for (const text of [message, explained, formatExchanges(journey)]) {
        expect(text, id).not.toMatch(/\/\/(user|user:pass)@|undefined/)
      }
    }
  })

  test('every server has a way out where headers can help', () => {
    const names = Object.keys(servers) as ServerName[]
    for (const { id, journey } of slice(blocked, 2)) {
      if (sendInstead(journey) === null || journey.verdict.code?.startsWith('event-stream') === true) continue
      for (const server of names) {
        // Where a request is redirected, the first way out is not to ask there.
        const remedy = remediesFor(journey, { server }).find(({ for: place }) => place !== 'page')
        expect(remedy?.for, id).toBe(server)
        expect(remedy?.snippet ?? remedy?.title, id).not.toMatch(/undefined|\[object/)
      }
    }
  }, 30_000)
})

/** What the standard finds wrong with the answer after the change. */
function failureOf(journey: Journey, status: number, headers: Header[]): unknown {
  const { verdict } = journey
  const credentials =
    verdict.credentials ||
    verdict.code === 'wildcard-allow-origin-with-credentials' ||
    verdict.code === 'invalid-allow-credentials'
  const { origin } = verdict.hop
  if (verdict.code?.startsWith('event-stream') === true) return null
  if (verdict.blockedAt !== 'preflight') return corsCheck({ origin, credentials }, headers)
  const sent = journey.exchanges.at(-1)?.request.headers ?? []
  const asked = sent.find(([name]) => name.toLowerCase() === 'access-control-request-headers')?.[1]
  const unsafeHeaders = (asked?.split(',') ?? []).map(
    (name) => ({ name, spelling: name, value: '', reason: 'name' }) as const,
  )
  const subject = { origin, credentials, method: verdict.method, unsafeHeaders }
  return checkPreflightResponse(subject, { status, headers }).failure
}
