/** What consoles print, taken apart: every block of the recordings, and what only looks like CORS. */
import { readFileSync } from 'node:fs'
import { evaluateCors } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { consoleText } from '../../src/diagnose/console/index.js'
import { knownMessages } from '../../src/diagnose/console/known-messages.js'
import { codeMeanings, looksLikeMeanings } from '../../src/diagnose/console/meanings.js'
import { readMessage } from '../../src/diagnose/console/read-message.js'
import type { CorsFailureCode } from '../../src/fetch/failure.js'
import { recordedEngines, recordingsOf } from '../recordings/recordings.js'
import { journeysOf } from './recorded-journeys.js'

/** What stands between the quotes where a value holds quotes and full stops itself, or nothing at all is said of the cause. */
const SAYS_LITTLE =
  /^(?:Fetch API|XMLHttpRequest|EventSource) cannot load \S+(?:\.| due to access control checks\.)$|CORS request did not succeed/

const straight = (text: string): string =>
  text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')

/** Where a console names another fault of the same response or URL than the one that decides. */
const ANOTHER_FAULT: Readonly<Record<string, string>> = {
  's1-combos-0006': 'Firefox speaks of the method, which is not listed either',
  's1-redirects-0101': 'WebKit speaks of the ftp: URL that the response redirects to',
  's1-schemes-0003': 'WebKit calls an ftp: URL insecure content first',
}

describe.each(recordedEngines)('%s', (engine) => {
  const printed = recordingsOf(engine).flatMap(({ scenario }) =>
    journeysOf(scenario, engine).flatMap((journey) => {
      const text = consoleText(journey, undefined, { redact: false })
      return text === null ? [] : [{ id: scenario.id, text, verdict: journey.verdict }]
    }),
  )

  test('there is something to read', () => {
    expect(printed.length).toBeGreaterThan(600)
  })

  test.each([
    ['as it is printed', (text: string) => text],
    ['with straight quotes', straight],
    [
      'after what the console puts before it, wrapped',
      (text: string) => `app.js:12 ${text}`.replace(/(.{70}) /g, '$1\n  '),
    ],
  ])('the cause is among what is told: %s', (_name, changed) => {
    const wrong = printed.filter(({ id, text, verdict }) => {
      const read = readMessage(changed(text))
      if (read === null || (read.voice !== null && read.voice !== engine)) return true
      if (read.codes.includes(verdict.code as CorsFailureCode)) return false
      return !text.split('\n').every((line) => SAYS_LITTLE.test(line)) && ANOTHER_FAULT[id] === undefined
    })
    expect(wrong).toEqual([])
  })

  test('what it says of the request is what was asked', () => {
    const wrong = printed.flatMap(({ id, text, verdict }) => {
      const read = readMessage(text)
      const first =
        read?.url === undefined ||
        !read.url.startsWith('http') ||
        new URL(read.url).origin === new URL(verdict.url).origin ||
        verdict.hop.url !== verdict.url
      const place = read?.blockedAt === undefined || read.blockedAt === verdict.blockedAt
      const who =
        read?.origin === undefined ||
        read.origin === verdict.origin ||
        verdict.hop.origin === read.origin ||
        verdict.origin === 'null'
      const method = read?.method === undefined || read.method === verdict.method
      return first && place && who && method
        ? []
        : [
            {
              id,
              text,
              read: JSON.stringify(read),
              verdict: `${verdict.code} ${verdict.blockedAt} ${verdict.method} ${verdict.origin} ${verdict.url}`,
            },
          ]
    })
    expect(wrong).toEqual([])
  })
})

describe('what elements ask', () => {
  const kinds = ['image', 'mask', 'script', 'module', 'style', 'font', 'audio', 'track', 'manifest'] as const

  test.each(
    kinds.flatMap((as) => (['chromium', 'firefox', 'webkit'] as const).map((engine) => ({ as, engine }))),
  )('$as, $engine', ({ as, engine }) => {
    const verdict = evaluateCors({
      engine,
      request: { origin: 'https://app.example.com', url: 'https://cdn.test/a', as, crossorigin: '' },
      response: { status: 200, headers: {} },
    })
    const text = consoleText({ verdict, exchanges: [] }, undefined, { redact: false })
    if (text === null) return expect({ as, engine }).toEqual({ as: 'font', engine: 'webkit' })
    expect(readMessage(text)).toMatchObject({ voice: engine })
    expect(readMessage(text)?.codes[0]).toBe('missing-allow-origin')
    if (engine === 'chromium')
      expect(readMessage(text)).toMatchObject({
        url: 'https://cdn.test/a',
        origin: 'https://app.example.com',
        initiator: undefined,
      })
  })
})

describe('what looks like CORS and is not', () => {
  test.each([
    ['GET https://api.example.com/orders net::ERR_FAILED 200 (OK)', 'failed-load'],
    ['Failed to load resource: net::ERR_BLOCKED_BY_CLIENT', 'extension'],
    ['GET https://cdn.example.com/a.json net::ERR_BLOCKED_BY_ORB', 'opaque-response-blocking'],
    [
      'Cross-Origin Read Blocking (CORB) blocked cross-origin response https://x.test/ with MIME type application/json.',
      'opaque-response-blocking',
    ],
    [
      'The resource at “https://x.test/a.json” was blocked by OpaqueResponseBlocking. Reason: “mime type”.',
      'opaque-response-blocking',
    ],
    [
      "SecurityError: Failed to execute 'toDataURL' on 'HTMLCanvasElement': Tainted canvases may not be exported.",
      'tainted-canvas',
    ],
    ['SecurityError: The operation is insecure.', 'tainted-canvas'],
    ['net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200 (OK)', 'resource-policy'],
    [
      `Connecting to 'https://api.test/' violates the following Content Security Policy directive: "connect-src 'self'". The action has been blocked.`,
      'content-security-policy',
    ],
    [
      'Content-Security-Policy: The page’s settings blocked the loading of a resource (connect-src) at https://api.test/ because it violates the following directive: “connect-src”',
      'content-security-policy',
    ],
    ['GET https://api.test/ net::ERR_CERT_AUTHORITY_INVALID', 'untrusted-certificate'],
    ['[vite] http proxy error: /api/orders\nAggregateError [ECONNREFUSED]:', 'dev-proxy'],
    ['GET http://localhost:8080/ net::ERR_CONNECTION_REFUSED', 'no-response'],
    [
      'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.test/. (Reason: CORS request did not succeed). Status code: (null).',
      'no-response',
    ],
    ['TypeError: Failed to fetch', 'script-error'],
    ['TypeError: NetworkError when attempting to fetch resource.', 'script-error'],
    ['TypeError: Load failed', 'script-error'],
    ['AxiosError: Network Error', 'script-error'],
    [
      "Access to fetch at 'http://192.168.1.4/' from origin 'https://app.example.com' has been blocked by CORS policy: Permission was denied for this request to access the `local` address space.",
      'local-network-access',
    ],
    [
      "Access to fetch at 'http://127.0.0.1:3000/' from origin 'http://app.example.com' has been blocked by CORS policy: The request client is not a secure context and the resource is in more-private address space `loopback`.",
      'local-network-access',
    ],
  ])('%s', (text, looksLike) => {
    expect(readMessage(text)).toMatchObject({ looksLike, codes: [] })
    expect(readMessage(straight(text))).toMatchObject({ looksLike })
  })

  test.each([
    '',
    'hello',
    'Uncaught ReferenceError: foo is not defined',
    'a'.repeat(100_000),
    "Access to '".repeat(5_000),
  ])('nothing is made of what is not known: %.30s', (text) => {
    const start = performance.now()
    expect(readMessage(text)).toBeNull()
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

test('each has a section in the docs, and every code that a message stands for has a meaning', () => {
  const page = readFileSync(new URL('../../docs/looks-like-cors.md', import.meta.url), 'utf8')
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name)
  expect(sections.sort()).toEqual(Object.keys(looksLikeMeanings).sort())
  const codes = new Set(knownMessages.flatMap((message) => message.codes ?? []))
  expect([...codes].filter((code) => codeMeanings[code] === undefined)).toEqual([])
  expect(Object.keys(codeMeanings).filter((code) => !codes.has(code as CorsFailureCode))).toEqual([])
})
