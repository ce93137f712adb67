/** examples/front-end/: its set-ups in jsdom, and its API by way of Vite's dev server; test/browsers/ has Chromium. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { openPage } from 'expect-cors'
import { expect, onTestFinished, test } from 'vitest'
import { createViteServer } from 'vitest/node'
// @ts-expect-error: an example is JavaScript.
import { createApi } from '../../examples/front-end/api.mjs'
// @ts-expect-error: an example is JavaScript.
import { forgetful } from '../../examples/front-end/policy.mjs'
import { runFixtures } from '../runners/run-fixtures.js'

const example = new URL('../../examples/front-end/', import.meta.url)

test('green unaware, red where CORS is enforced, green again with the policy fixed', async () => {
  const { code, output } = await runFixtures(
    ['--maxWorkers=2'],
    {},
    new URL('front-end.config.ts', import.meta.url),
  )
  expect(code).toBe(1)
  const marks = [...output.matchAll(/(✓|❯) \|(\w+)\| test\/orders\.test\.jsx/g)].map(([, mark, name]) => [
    name,
    mark,
  ])
  expect(Object.fromEntries(marks)).toEqual({
    unaware: '✓',
    enforced: '❯',
    forgetful: '❯',
    fixed: '✓',
    proxied: '✓',
  })
  // As the page of the example shows it.
  const shown = [
    ...readFileSync(new URL('README.md', example), 'utf8').matchAll(/```text\n(.*?)\n```/gs),
  ].map(([, text]) => text)
  expect(shown).toHaveLength(2)
  for (const message of shown) expect(output).toContain(message)
}, 120_000)

test("by way of Vite's dev server, whatever the policy of the API", async () => {
  const server = createApi(forgetful).listen(0, 'localhost')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  process.env.API = `http://localhost:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    delete process.env.API
  })
  const vite = await createViteServer({
    root: fileURLToPath(example),
    server: { port: 0, host: 'localhost', ws: false },
    optimizeDeps: { noDiscovery: true },
    logLevel: 'error',
  })
  onTestFinished(() => vite.close())
  await vite.listen()
  const page = openPage(vite.resolvedUrls?.local[0] as string, { engine: 'chromium' })
  onTestFinished(() => page.close())
  const headers = { authorization: 'Bearer demo' }
  const response = await page.fetch('/api/orders', { headers })
  expect([response.status, response.headers.get('x-total-count')]).toEqual([200, '12'])
  await expect(page.fetch(`${process.env.API}/orders`, { headers })).rejects.toThrow('Failed to fetch')
})
