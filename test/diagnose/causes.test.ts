/** What no explanation may say: whatever the responses, a sentence never names a cause that the headers of the same response rule out. */
import { type CorsCause, evaluateCors, explainCors, type Verdict } from 'expect-cors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cacheSigns } from '../../src/diagnose/cache-signs.js'
import { tracesIn } from '../../src/diagnose/evidence.js'
import { runs } from '../slice.js'
import { API, APP, journey } from './sample.js'

type Line = readonly [string, string]

const line = fc.constantFrom<Line>(
  ['Vary', 'Origin'],
  ['Vary', 'Accept-Encoding, origin'],
  ['Vary', 'Accept-Encoding'],
  ['Access-Control-Allow-Credentials', 'true'],
  ['Access-Control-Allow-Methods', 'GET, POST'],
  ['Access-Control-Allow-Methods', 'PUT, DELETE'],
  ['Access-Control-Allow-Headers', 'content-type, authorization'],
  ['access-control-expose-headers', 'ETag'],
  ['Access-Control-Max-Age', '600'],
  ['Access-Control-Allow-Origin', APP],
  ['Access-Control-Allow-Origin', 'https://other.example.com'],
  ['Access-Control-Allow-Origin', '*'],
  ['Allow', 'GET, HEAD'],
  ['WWW-Authenticate', 'Basic'],
  ['Server', 'nginx'],
  ['X-Powered-By', 'Express'],
  ['Location', '/login'],
  ['Location', `${API}/orders/`],
  ['X-Cache', 'HIT'],
  ['X-Cache', 'MISS'],
  ['Age', '30'],
  ['Via', '1.1 varnish'],
)

const verdicts = fc
  .record({
    status: fc.constantFrom(
      200,
      204,
      301,
      302,
      304,
      308,
      400,
      401,
      403,
      404,
      405,
      407,
      413,
      415,
      426,
      429,
      500,
      501,
      502,
      503,
      504,
    ),
    lines: fc.uniqueArray(line, { maxLength: 6 }),
    method: fc.constantFrom('GET', 'PUT', 'PROPFIND'),
    headers: fc.constantFrom<Record<string, string>>({}, { Authorization: 'x' }, { 'X-Custom': '1' }),
    credentials: fc.constantFrom('same-origin' as const, 'include' as const),
    origin: fc.constantFrom(APP, 'null'),
  })
  .map(({ status, lines, ...asked }) => {
    const request = { url: `${API}/orders`, ...asked }
    const response = { status, headers: lines }
    const isPreflighted = evaluateCors({ request, engine: 'chromium' }).preflight.required
    const verdict = evaluateCors({
      request,
      engine: 'chromium',
      ...(isPreflighted ? { preflight: response } : { response }),
    })
    return { verdict, lines }
  })
  .filter(({ verdict }) => verdict.outcome === 'blocked')

/** Sentences that say no CORS rules ran, and causes that mean it. */
const NO_RULES =
  /authentication runs before|no route for OPTIONS|no CORS rules|without CORS rules|CORS rules do not run|before (any|its|their) CORS rules|error path|adds no CORS headers/
const NO_RULES_CAUSES: ReadonlySet<CorsCause> = new Set(['no-cors-here', 'gateway', 'rate-limit'])

/** Whether a response shows that CORS rules ran. */
function rulesRan(lines: readonly Line[]): boolean {
  return tracesIn(lines).length > 0 || lines.some(([name]) => /^access-control-/i.test(name))
}

test('no sentence says that no CORS rules ran where the response shows that they did', () => {
  fc.assert(
    fc.property(verdicts, ({ verdict, lines }) => {
      fc.pre(rulesRan(lines) && verdict.code !== 'preflight-redirect')
      const { explanation, causes } = explainCors(verdict)
      expect(explanation).not.toMatch(NO_RULES)
      expect(causes.filter((cause) => NO_RULES_CAUSES.has(cause) && (verdict.status ?? 0) < 500)).toEqual([])
    }),
    runs(1000, 5),
  )
}, 60_000)

test('every block has a cause, and a cache is named only where the response came from one, or may have', () => {
  fc.assert(
    fc.property(verdicts, ({ verdict, lines }) => {
      const { explanation, causes } = explainCors(verdict)
      expect(causes.length).toBeGreaterThan(0)
      expect(explanation).toMatch(/^[A-Z].*[^.]\.$/)
      const isHit = cacheSigns(lines)?.isHit
      if (/came from a cache/.test(explanation)) expect(isHit).toBe(true)
      if (isHit === false) expect(explanation).not.toMatch(/cache kept/)
      const isOrigin = /allow-origin-mismatch|missing-allow-origin/.test(verdict.code ?? '')
      const misses = !verdict.code?.startsWith('missing') && verdict.hop.origin === 'null'
      if (isHit === true && isOrigin && !misses) expect(causes).toContain('cached')
    }),
    runs(700, 5),
  )
}, 60_000)

describe('what a cache leaves in a response', () => {
  test.each<[string, readonly Line[], boolean | null | undefined]>([
    ['nothing', [['Cache-Control', 'max-age=60']], undefined],
    ['nginx', [['X-Cache-Status', 'HIT']], true],
    ['nginx, passing', [['X-Cache-Status', 'BYPASS']], false],
    [
      'Varnish, the first time',
      [
        ['X-Varnish', '32770'],
        ['Age', '0'],
        ['Via', '1.1 varnish (Varnish/7.1)'],
      ],
      false,
    ],
    [
      'Varnish, a hit',
      [
        ['X-Varnish', '32772 32771'],
        ['Age', '1'],
      ],
      true,
    ],
    [
      'Fastly',
      [
        ['X-Served-By', 'cache-fra-1'],
        ['X-Cache', 'HIT, MISS'],
        ['X-Cache-Hits', '1, 0'],
      ],
      true,
    ],
    [
      'Fastly, a miss',
      [
        ['X-Served-By', 'cache-fra-1'],
        ['X-Cache', 'MISS'],
        ['X-Cache-Hits', '0'],
      ],
      false,
    ],
    [
      'CloudFront',
      [
        ['X-Cache', 'Hit from cloudfront'],
        ['Age', '12'],
      ],
      true,
    ],
    [
      'CloudFront, a miss',
      [
        ['X-Cache', 'Miss from cloudfront'],
        ['Via', '1.1 x.cloudfront.net (CloudFront)'],
      ],
      false,
    ],
    ['Cloudflare', [['CF-Cache-Status', 'HIT']], true],
    ['Cloudflare, not cached', [['CF-Cache-Status', 'DYNAMIC']], false],
    ['RFC 9211', [['Cache-Status', 'ExampleCache; hit; ttl=30']], true],
    ['RFC 9211, forwarded', [['Cache-Status', 'ExampleCache; fwd=uri-miss; stored']], false],
    ['Squid', [['X-Cache', 'TCP_MEM_HIT from proxy']], true],
    ['a proxy that is no cache', [['Via', '1.1 Caddy']], undefined],
    ['a server that names its host', [['X-Served-By', 'web-3']], undefined],
  ])('%s', (_, lines, isHit) => {
    expect(cacheSigns(lines)?.isHit).toBe(isHit)
  })
})

describe('what other responses show', () => {
  const listed = (verdict: Verdict, related: Parameters<typeof explainCors>[0]): string =>
    explainCors({ ...(related as object), verdict } as Parameters<typeof explainCors>[0]).explanation

  test('a preflight that allowed the origin rules out that it is not on the list', () => {
    const allowed: Line[] = [
      ['Access-Control-Allow-Origin', APP],
      ['Access-Control-Allow-Methods', 'PUT'],
    ]
    const found = journey({ method: 'PUT', preflight: [204, allowed], response: [500, []] })
    expect(explainCors(found).causes).not.toContain('origin-not-listed')
    expect(explainCors(found).explanation).toContain(
      'so the CORS rules know this origin, but they leave out this 500',
    )
    expect(explainCors(found.verdict).explanation).toBe(explainCors(found).explanation)
    const stripped = journey({
      method: 'PUT',
      preflight: [204, allowed],
      response: [500, [['Vary', 'Origin']]],
    })
    expect(listed(stripped.verdict, stripped)).toContain('something takes the header away again')
  })
})
