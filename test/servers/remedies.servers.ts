/**
 * Every remedy on a real server: started with the fault, the assertion fails; with the remedy applied as it is printed, and all else as it was,
 * the assertion passes, and whatever worked before works still. `npm run test:servers -- nginx flask` tries these only, and fails where one is
 * not installed.
 */
import { configure } from 'expect-cors'
import 'expect-cors/vitest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { servers, untried } from '../../src/diagnose/remedies/known-servers.js'
import { failure } from '../matchers/assertions.js'
import { start } from './children.js'
import { journeyOf, plainStatuses, showsMaxAge, type Want, workingOf, worse } from './requests.js'
import * as java from './tried/java.js'
import * as nodeApps from './tried/node-apps.js'
import * as proxies from './tried/proxies.js'
import * as scripted from './tried/scripted.js'
import { CREDENTIALS, EVIL, type Fix, ORIGIN, type TriedServer } from './tried-server.js'
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

const PUT: Want = {
  origin: ORIGIN,
  method: 'PUT',
  path: '/orders',
  headers: { 'Content-Type': 'application/json', Authorization: CREDENTIALS },
  body: '{}',
  credentials: 'include',
}
const FAILING: Want = {
  origin: ORIGIN,
  method: 'GET',
  path: '/fail',
  headers: { Authorization: CREDENTIALS },
  credentials: 'include',
}

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
    test.each(server.faults)('%s', { timeout: 120_000 }, async (fault) => {
      const want = fault.endsWith('errors') ? FAILING : PUT
      onTestFinished(configure({ server: server.name }))
      const upstream = await startUpstream(fault)
      onTestFinished(() => upstream.close())
      const run = async (fix: Fix | null): Promise<string> => {
        const running = await start(server, { fault, fix, upstream: upstream.url })
        onTestFinished(() => running.stop())
        return running.url
      }

      const broken = await run(null)
      const message = await failure(() => expect(broken).toAllowCorsRequest({ ...want, timeout: 20_000 }))
      const before = await workingOf(broken)
      const plain = await plainStatuses(broken)
      const journey = await journeyOf(broken, want)
      const fix = fixIn(message, server.name)
      const printed = `${fix.title}\n${fix.snippet}`

      const fixed = await run(fix)
      await expect(fixed, printed).toAllowCorsRequest({ ...want, timeout: 20_000 })
      expect(worse(before, await workingOf(fixed), showsMaxAge(journey)), printed).toEqual([])
      expect(await plainStatuses(fixed), printed).toMatchObject(plain)
      await expect(fixed, printed).toBlockCorsRequest({ ...want, origin: EVIL, timeout: 20_000 })
    })
  })
}

/** The fix in a message: its title, and its snippet without the margin. */
function fixIn(message: string, server: string): Fix {
  const [, title, snippet = ''] =
    new RegExp(`\\nIn ${server}: (.*)((?:\\n {2}.*|\\n(?=\\n {2}))*)`).exec(message) ?? []
  if (title === undefined) throw new Error(`there is no fix in:\n${message}`)
  return { title, snippet: snippet.replace(/^\n/, '').replace(/^ {2}/gm, '') }
}
