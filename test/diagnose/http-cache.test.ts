/** What is said of a block where the response came from the browser's own cache. */
import { expect, test } from 'vitest'
import { formatExchanges } from '../../src/diagnose/exchange.js'
import { explainCors } from '../../src/diagnose/explain.js'
import { isCorsError } from '../../src/page/cors-error.js'
import { openPage } from '../../src/page/open-page.js'
import type { Journey } from '../../src/verdict/verdict.js'

const api = 'https://images.example.net'

type Headers = Record<string, string>

/** How the last of several requests was blocked. */
async function blockedAfter(
  answer: (origin: string | null, isConditional: boolean) => Response,
  engine: 'chromium' | 'firefox',
  ...inits: object[]
): Promise<Journey> {
  const server = {
    fetch: ({ headers }: Request) => answer(headers.get('origin'), headers.has('if-none-match')),
  }
  const page = openPage('https://app.example.com', { engine, httpCache: true, servers: { [api]: server } })
  let last: unknown
  for (const init of inits) last = await page.fetch(`${api}/a.png`, init).catch((error: Error) => error.cause)
  await page.close()
  if (!isCorsError(last)) throw new Error('the last request was not blocked')
  return last.journey
}

const s3 =
  (headers: Headers) =>
  (origin: string | null): Response =>
    new Response('x', {
      headers: origin === null ? headers : { ...headers, 'Access-Control-Allow-Origin': origin },
    })

test('an image kept without CORS', async () => {
  const journey = await blockedAfter(
    s3({ 'Cache-Control': 'max-age=600' }),
    'chromium',
    { mode: 'no-cors' },
    {},
  )
  const { explanation, causes, remedies } = explainCors(journey, { server: 'express' })
  expect(explanation).toBe(
    "The response to GET https://images.example.net/a.png (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; it came from the browser's HTTP cache without a request: an earlier one, without `Origin` as for an image or from another origin, had put it there (there is no `Vary: Origin`).",
  )
  expect(causes).toEqual(['cached'])
  expect(remedies[0]).toMatchObject({
    for: 'express',
    snippet: expect.stringContaining("res.vary('Origin')"),
  })
  expect(remedies[1]?.title).toContain("cache: 'reload'")
  expect(explainCors(journey).remedies[0]).toMatchObject({
    for: 'server',
    title: expect.stringContaining('`Vary: Origin` with every response'),
  })
  expect(formatExchanges(journey)).toContain('< 200 (from the HTTP cache: nothing was sent)')
})

test('the response to another origin, and one for no credentials', async () => {
  const other = () =>
    new Response('x', {
      headers: { 'Access-Control-Allow-Origin': 'https://b.example', 'Cache-Control': 'max-age=9' },
    })
  expect(explainCors(await blockedAfter(other, 'firefox', {}, {}))).toMatchObject({
    explanation: expect.stringContaining("it came from the browser's HTTP cache without a request"),
    causes: ['cached'],
  })
  const star = s3({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'max-age=9' })
  const journey = await blockedAfter(() => star(null), 'chromium', {}, { credentials: 'include' })
  expect(explainCors(journey).explanation).toContain(
    "it came from the browser's HTTP cache without a request",
  )
})

test('Firefox keeps what it refused', async () => {
  const journey = await blockedAfter(
    () => new Response('x', { headers: { 'Cache-Control': 'max-age=9', Vary: 'Origin' } }),
    'firefox',
    {},
    {},
  )
  expect(explainCors(journey).explanation).toContain('it was refused before, and this browser keeps it')
})

test('a 304 without CORS headers', async () => {
  const journey = await blockedAfter(
    (_origin, isConditional) =>
      new Response(isConditional ? null : 'x', {
        status: isConditional ? 304 : 200,
        headers: { ETag: '"1"', 'Cache-Control': 'no-cache' },
      }),
    'chromium',
    { mode: 'no-cors' },
    {},
  )
  expect(explainCors(journey).explanation).toContain(
    'confirmed by a 304, and that replaces only the CORS headers',
  )
  expect(formatExchanges(journey)).toContain('< 200 (from the HTTP cache, after a 304)')
})
