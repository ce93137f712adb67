/** `npm run test:browsers -- --front-end`: examples/front-end/ in a real Chromium, against its API; what its test is told is what Chromium does. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createViteServer } from 'vitest/node'
// @ts-expect-error: an example is JavaScript.
import { createApi } from '../../examples/front-end/api.mjs'
// @ts-expect-error: an example is JavaScript.
import { forgetful, policy } from '../../examples/front-end/policy.mjs'
// @ts-expect-error: an example is JavaScript.
import { handlersAt } from '../../examples/front-end/test/handlers.js'
import { consoleMessage, openPage } from '../../src/index.js'
import { type MockPolicy, withCors } from '../../src/msw/index.js'

/** What the page shows, and what was said on the console of what was blocked. */
interface Shown {
  readonly text: string
  readonly said: readonly string[]
}

interface Case {
  readonly name: string
  readonly policy: MockPolicy
  readonly proxied?: boolean
  readonly text: string
}

const cases: readonly Case[] = [
  { name: 'forgetful', policy: forgetful, text: 'failed: Network Error' },
  { name: 'fixed', policy, text: '2 of 12' },
  { name: 'forgetful, proxied', policy: forgetful, proxied: true, text: '2 of 12' },
]

/** Looks at the page with each policy; returns the exit code. */
export async function lookAtFrontEnd(): Promise<number> {
  let good = true
  for (const each of cases) {
    const { inChromium, simulated } = await tryCase(each)
    const expected = JSON.stringify({ ...simulated, text: each.text })
    const isSame = JSON.stringify(inChromium) === expected && simulated.text === each.text
    console.log(
      `${each.name}: ${isSame ? [inChromium.text, ...inChromium.said].join('; ') : `expected ${expected}, got ${JSON.stringify(inChromium)}`}`,
    )
    good &&= isSame
  }
  return good ? 0 : 1
}

async function tryCase({
  policy: given,
  proxied = false,
}: Case): Promise<{ inChromium: Shown; simulated: Shown }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-front-end-'))
  const allow: string[] = []
  const server = createApi({ ...given, allow }).listen(0, 'localhost')
  await once(server, 'listening')
  const api = `http://localhost:${(server.address() as AddressInfo).port}`
  process.env.API = api
  const vite = await createViteServer({
    root: fileURLToPath(new URL('../../examples/front-end', import.meta.url)),
    cacheDir: path.join(folder, 'vite'),
    server: { port: 0, host: 'localhost' },
    define: { 'import.meta.env.VITE_API': JSON.stringify(proxied ? '/api' : api) },
    logLevel: 'error',
  })
  try {
    await vite.listen()
    const page = new URL(vite.resolvedUrls?.local[0] as string)
    allow.push(page.origin)
    return {
      inChromium: await chromium(page, folder),
      simulated: await simulated({ ...given, allow }, page, proxied ? `${page.origin}/api` : api),
    }
  } finally {
    await vite.close()
    server.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What a test is told over a mock with the same policy. */
async function simulated(given: MockPolicy, location: URL, api: string): Promise<Shown> {
  const { origin } = new URL(api)
  const page = openPage(location, {
    engine: 'chromium',
    servers: { [origin]: withCors(given, handlersAt(api)) },
  })
  const xhr = new page.XMLHttpRequest()
  xhr.open('GET', `${api}/orders`)
  xhr.setRequestHeader('authorization', 'Bearer demo')
  const ended = new Promise<void>((resolve) => {
    xhr.onloadend = () => resolve()
  })
  xhr.send()
  await ended
  const said = page.blocked.map(({ verdict }) => consoleMessage(verdict) ?? '')
  const text =
    xhr.status === 200
      ? `${JSON.parse(xhr.responseText).length} of ${xhr.getResponseHeader('x-total-count')}`
      : 'failed: Network Error'
  await page.close()
  return { text, said }
}

async function chromium(url: URL, folder: string): Promise<Shown> {
  const { stdout, stderr } = await promisify(execFile)(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr'],
      `--user-data-dir=${path.join(folder, 'profile')}`,
      ...['--virtual-time-budget=20000', '--dump-dom', url.href],
    ],
    { maxBuffer: 2 ** 26, timeout: 120_000 },
  )
  const text = /<p role="status">(.*?)<\/p>/.exec(stdout)?.[1] ?? stdout
  return {
    text,
    said: [...stderr.matchAll(/CONSOLE[^"]*"(Access to .*?)", source/g)].map(([, message = '']) => message),
  }
}
