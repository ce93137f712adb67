/** The parts of an explanation by themselves, as they are exported. */
import { consoleMessage, explainCors, formatExchanges, remediesFor, type ServerName } from 'expect-cors'
import { expect, test } from 'vitest'
import { ALLOWS, API, APP, journey } from './sample.js'

const found = journey({
  url: `${API}/orders?token=s3cret`,
  method: 'PATCH',
  preflight: [204, [...ALLOWS, ['Access-Control-Allow-Methods', 'GET, PUT']]],
})

test("consoleMessage: what the verdict's engine prints, or another, never a secret", () => {
  expect(consoleMessage(found)).toBe(explainCors(found).consoleMessage)
  expect(consoleMessage(found)).toContain('Method PATCH is not allowed by Access-Control-Allow-Methods')
  expect(consoleMessage(found, 'firefox')).toMatch(/^Cross-Origin Request Blocked: /)
  expect(consoleMessage(found, 'standard')).toBeNull()
  for (const engine of ['chromium', 'firefox', 'webkit'] as const) {
    expect(consoleMessage(found, engine)).not.toContain('s3cret')
    // Whoever asks for them untyped does not get them either.
    expect(consoleMessage(found, engine, { redact: false } as never)).not.toContain('s3cret')
  }
  expect(consoleMessage(journey({ response: [200, ALLOWS] }))).toBeNull()
})

test('remediesFor: for the server that is named', () => {
  const server: ServerName = 'express'
  expect(remediesFor(found, { server })[0]).toMatchObject({
    for: 'express',
    snippet: expect.stringContaining("methods: ['GET', 'PUT', 'PATCH'],"),
  })
  expect(remediesFor(found).length).toBeGreaterThan(1)
})

test('explainCors: a verdict says as much as its journey; a copy of it still says what it can', () => {
  expect(explainCors(found.verdict)).toEqual(explainCors(found))
  const copy = JSON.parse(JSON.stringify(found.verdict)) as typeof found.verdict
  expect(copy).toEqual(found.verdict)
  expect(explainCors(copy).summary).toBe(explainCors(found).summary)
})

test('formatExchanges: what was sent and answered; nothing for a copy of a verdict', () => {
  expect(formatExchanges(found)).toBe(
    [
      `> OPTIONS ${API}/orders?token=[redacted]`,
      '> Access-Control-Request-Method: PATCH',
      `> Origin: ${APP}`,
      '< 204',
      `< Access-Control-Allow-Origin: ${APP}`,
      '< Access-Control-Allow-Credentials: true',
      '✗ Access-Control-Allow-Methods: GET, PUT',
    ].join('\n'),
  )
  expect(formatExchanges(found.verdict)).toBe(formatExchanges(found))
  expect(formatExchanges({ ...found.verdict })).toBe('')
})
