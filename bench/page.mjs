// The page's requests per second beside those of undici's `request`, which sends the same requests and does nothing else.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openPage } from 'expect-cors'
import { Agent, request } from 'undici'
import { throughput, throughputTable } from './measure.mjs'

const ROUNDS = 25
const MILLISECONDS = 120
const AT_ONCE = 16
const AIM = 0.5

const server = fork(fileURLToPath(new URL('page-server.mjs', import.meta.url)))
try {
  const [port] = await once(server, 'message')
  const page = openPage(`http://localhost:${port}/orders`, { engine: 'chromium' })
  const other = `http://127.0.0.1:${port}`
  await (await page.fetch('/login')).text()
  const json = { 'Content-Type': 'application/json' }
  const requests = {
    'GET of the same origin, with two cookies': [`http://localhost:${port}/orders`, {}],
    'GET of another origin': [`${other}/orders`, {}],
    'GET of another origin, credentials included': [`${other}/orders`, { credentials: 'include' }],
    'PUT of JSON to another origin, preflight cached': [
      `${other}/orders/1`,
      { method: 'PUT', headers: json, body: '{"amount":3}' },
    ],
  }
  const dispatcher = new Agent()
  for (const [name, [url, init]] of Object.entries(requests)) {
    await (await page.fetch(url, init)).text()
    const { exchanges } = await page.inspect(url, init)
    const { method, headers } = exchanges.at(-1).request
    const same = { method, headers: headers.flat(), body: init.body ?? null, dispatcher }
    const contenders = {
      'undici request': async () => (await request(url, same)).body.text(),
      'page.fetch': async () => (await page.fetch(url, init)).text(),
    }
    throughputTable(`${name} (${AT_ONCE} at a time, the body read as text)`, await inTurn(contenders), AIM)
  }
  await page.close()
  await dispatcher.close()
} finally {
  server.disconnect()
}

/** What each of the rounds in turn came to. */
async function inTurn(contenders) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const result = await throughput(() => manyOf(run))
      if (round >= 0) results[name].push(result)
    }
  }
  return results
}

/** Runs something again and again for some time, several at once, and says how often. */
async function manyOf(run) {
  const started = performance.now()
  let done = 0
  const lane = async () => {
    while (performance.now() - started < MILLISECONDS) {
      await run()
      done++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return done
}
