/**
 * Every remedy on a real server: started with the fault, the assertion fails and names the remedy; with its snippet in the place that its
 * title says, the assertion passes. `npm run test:servers -- nginx flask` tries these only, and fails where one is not installed.
 */
import 'expect-cors/vitest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { remediesFor } from '../../src/diagnose/remedies/index.js'
import { type ServerName, servers, untried } from '../../src/diagnose/remedies/known-servers.js'
import type { RemedyKind, ServerRemedies } from '../../src/diagnose/remedies/remedy.js'
import { travelAll } from '../../src/page/ask.js'
import { resolveEndpoint } from '../../src/subject/endpoint.js'
import { start } from './children.js'
import * as java from './tried/java.js'
import * as nodeApps from './tried/node-apps.js'
import * as proxies from './tried/proxies.js'
import * as scripted from './tried/scripted.js'
import { CREDENTIALS, ORIGIN, type TriedServer } from './tried-server.js'
import { startUpstream } from './upstream.js'

const all: readonly TriedServer[] = [nodeApps, proxies, scripted, java].flatMap((module): TriedServer[] =>
  Object.values(module),
)
const asked = (process.env.EXPECT_CORS_SERVERS ?? '').split(',').filter((name) => name !== '')

test('every server of the table is tried here, or said not to be', () => {
  expect([...all.map(({ name }) => name), ...untried].sort()).toEqual(Object.keys(servers).sort())
  const unknown = asked.filter((name) => !all.some((server) => server.name === name))
  expect(unknown, 'there are no such servers here').toEqual([])
})

const PUT = {
  origin: ORIGIN,
  method: 'PUT',
  path: '/orders',
  headers: { 'Content-Type': 'application/json', Authorization: CREDENTIALS },
  body: '{}',
  credentials: 'include',
  timeout: 20_000,
} as const
const FAILING = {
  origin: ORIGIN,
  method: 'GET',
  path: '/fail',
  credentials: 'include',
  timeout: 20_000,
} as const

for (const server of all) {
  if (asked.length > 0 && !asked.includes(server.name)) continue
  const missing = server.missing()
  describe(server.name, () => {
    if (missing !== null) {
      const isAsked = asked.includes(server.name)
      test.skipIf(!isAsked)(missing, () => {
        throw new Error(missing)
      })
      return
    }
    test.each(Object.keys(servers[server.name].titles) as RemedyKind[])(
      '%s',
      { timeout: 120_000 },
      async (kind) => {
        const want = kind === 'errors' ? FAILING : PUT
        const upstream = await startUpstream(kind)
        onTestFinished(() => upstream.close())
        const run = async (snippet: string | null): Promise<string> => {
          const running = await start(server, { kind, snippet, upstream: upstream.url })
          onTestFinished(() => running.stop())
          return running.url
        }

        const broken = await run(null)
        await expect(expect(broken).toAllowCorsRequest(want)).rejects.toThrow('Send instead')
        const remedy = await remedyFor(broken, want, server.name)
        const { titles } = servers[server.name] as ServerRemedies
        expect(remedy.title).toMatch(titles[kind] ?? '')

        const mended = await run(remedy.snippet ?? '')
        await expect(mended).toAllowCorsRequest(want)
        await expect(mended).not.toAllowOrigin('https://evil.example', { path: want.path, timeout: 20_000 })
      },
    )
  })
}

async function remedyFor(url: string, want: typeof PUT | typeof FAILING, server: ServerName) {
  const { path, timeout, ...request } = want
  const endpoint = resolveEndpoint(url, { path, timeout }, ORIGIN)
  const { runs } = await travelAll(
    endpoint,
    { ...request, url: endpoint.url.href },
    ['chromium'],
    AbortSignal.timeout(timeout),
  )
  const [remedy] = runs[0] === undefined ? [] : remediesFor(runs[0].journey, { server })
  if (remedy === undefined) throw new Error('nothing was blocked')
  return remedy
}
