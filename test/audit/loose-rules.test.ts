/** Rules that servers have for origins, each loose in some of the ways in which a regular expression can be: every way is found, and nothing where there is none. */
import { type AuditFindingId, auditOrigins } from 'expect-cors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../slice.js'

/** What may be loose, and the class that it must be given. */
const LOOSE = {
  scheme: 'insecure-scheme',
  subdomains: 'any-subdomain',
  firstDot: 'unescaped-dot',
  lastDot: 'unescaped-dot',
  port: 'other-port',
  end: 'prefix-match',
  start: 'suffix-match',
} as const satisfies Record<string, AuditFindingId>

type Looseness = { readonly [Part in keyof typeof LOOSE]: boolean }

function ruleOf({ scheme, subdomains, firstDot, lastDot, port, end, start }: Looseness): RegExp {
  const dot = (isLoose: boolean): string => (isLoose ? '.' : '\\.')
  const host = `app${dot(firstDot)}example${dot(lastDot)}com`
  const before = start ? '' : `^http${scheme ? 's?' : 's'}:\\/\\/${subdomains ? '([a-z0-9-]+\\.)*' : ''}`
  return new RegExp(`${before}${host}${port ? '(:\\d+)?' : ''}${end ? '' : '$'}`)
}

/** Beside its own, what follows from it. */
function classesOf(loose: Looseness): AuditFindingId[] {
  const parts = Object.keys(LOOSE) as (keyof Looseness)[]
  const said = parts.filter((part) => loose[part]).map((part) => LOOSE[part])
  return [
    ...said,
    // Without a beginning, the scheme and what stands before the name are whatever one likes.
    ...(loose.start ? (['insecure-scheme', 'any-subdomain'] as const) : []),
    // Without an end, a port is as good as anything.
    ...(loose.end ? (['other-port'] as const) : []),
    ...(loose.start && loose.end ? (['substring-match'] as const) : []),
  ]
}

const looseness = fc.record(
  Object.fromEntries(Object.keys(LOOSE).map((part) => [part, fc.boolean()])) as Record<
    keyof Looseness,
    fc.Arbitrary<boolean>
  >,
)

test('every way is found, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(looseness, fc.nat(), async (loose, seed) => {
      const rule = ruleOf(loose)
      const fetch = ({ headers, method }: Request): Response => {
        const origin = headers.get('origin') ?? ''
        const allowed: Record<string, string> = rule.test(origin)
          ? {
              'access-control-allow-origin': origin,
              'access-control-allow-credentials': 'true',
              'access-control-allow-methods': 'PUT',
            }
          : {}
        return new Response(null, {
          status: method === 'OPTIONS' ? 204 : 200,
          headers: { vary: 'Origin', ...allowed },
        })
      }
      const { findings } = await auditOrigins({ fetch }, { trusted: ['https://app.example.com'], seed })
      const ids = findings.map(({ id }) => id)
      expect([...ids].sort(), String(rule)).toEqual([...new Set(classesOf(loose))].sort())
      for (const { origin = '' } of findings) expect(rule.test(origin), `${rule} ${origin}`).toBe(true)
    }),
    {
      ...runs(128, 8),
      examples: [[Object.fromEntries(Object.keys(LOOSE).map((part) => [part, false])) as Looseness, 0]],
    },
  )
}, 60_000)
