// A contract's check beside undici's `request`, which sends the same distinct requests over as many connections, and does nothing else.
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { checkCorsContract, defineCorsContract } from 'expect-cors'
import { Agent, request } from 'undici'
import { respond } from './contract-server.mjs'
import { ratio, table, throughput, throughputTable } from './measure.mjs'

const ROUTES = 200
const ORIGINS = 50
const ROUNDS = 7
const AT_ONCE = 16
const AIM = 0.5

/** Half of the routes GET, half PUT; half of the origins allowed. */
function contractOf(routes, origins, headers) {
  const named = (kind) => Array.from({ length: origins / 2 }, (_, at) => `https://${kind}${at}.example.com`)
  return defineCorsContract({
    origins: { allow: named('app'), deny: named('other') },
    defaults: { statuses: { 200: {} }, ...headers },
    routes: Object.fromEntries(
      Array.from({ length: routes }, (_, at) => [
        at % 2 === 0 ? `GET /orders/${at}` : `PUT /orders/${at}`,
        at % 2 === 0 ? { exposes: ['x-total-count'] } : { headers: ['content-type'], maxAge: 600 },
      ]),
    ),
  })
}

/** The distinct requests of a check, as they arrived. */
async function requestsOf(contract) {
  const seen = []
  const upstream = createServer((incoming, response) => {
    const { method, url, rawHeaders } = incoming
    const headers = []
    for (let at = 0; at < rawHeaders.length; at += 2)
      if (!['host', 'connection'].includes(rawHeaders[at].toLowerCase()))
        headers.push(rawHeaders[at], rawHeaders[at + 1])
    seen.push([url, { method, headers }])
    respond(incoming, response)
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  await checkCorsContract(contract, `http://127.0.0.1:${upstream.address().port}`)
  upstream.close()
  return seen
}

if (process.argv[2] === 'memory') {
  const [routes, port] = process.argv.slice(3).map(Number)
  const report = await checkCorsContract(contractOf(routes, ORIGINS), `http://127.0.0.1:${port}`)
  if (report.outcome !== 'honored') throw new Error(report.outcome)
  globalThis.gc()
  console.log(
    JSON.stringify({
      heap: process.memoryUsage().heapUsed,
      cells: report.cells.length,
      now: process.memoryUsage.rss(),
      most: process.resourceUsage().maxRSS * 1024,
    }),
  )
  process.exit()
}

const server = fork(fileURLToPath(new URL('contract-server.mjs', import.meta.url)))
try {
  const [port] = await once(server, 'message')
  const origin = `http://127.0.0.1:${port}`
  for (const [name, headers] of [
    ['one request a cell', {}],
    ['GET with a preflight', { headers: ['authorization'] }],
  ]) {
    const contract = contractOf(ROUTES, ORIGINS, headers)
    const requests = await requestsOf(contract)
    const dispatcher = new Agent({ connections: AT_ONCE })
    const contenders = {
      async 'undici request'() {
        let next = 0
        const lane = async () => {
          for (let at = next++; at < requests.length; at = next++) {
            const [path, options] = requests[at]
            const { body } = await request(origin + path, { ...options, dispatcher })
            await body.dump()
          }
        }
        await Promise.all(Array.from({ length: AT_ONCE }, lane))
        return requests.length
      },
      async checkCorsContract() {
        const report = await checkCorsContract(contract, origin)
        if (report.outcome !== 'honored')
          throw new Error(JSON.stringify(report.cells.find(({ outcome }) => outcome !== 'held')))
        return report.requests
      },
    }
    const results = { 'undici request': [], checkCorsContract: [] }
    for (let round = -1; round < ROUNDS; round++) {
      for (const [contender, run] of Object.entries(contenders)) {
        const result = await throughput(run)
        if (result.sent !== requests.length)
          throw new Error(`${contender} sent ${result.sent} of ${requests.length} requests`)
        if (round >= 0) results[contender].push(result)
      }
    }
    throughputTable(
      `a contract of ${ROUTES} routes and ${ORIGINS} origins, three engines, ${name} (${AT_ONCE} at a time)`,
      results,
      AIM,
    )
    await dispatcher.close()
  }
  const memory = (routes) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', '--no-warnings', fileURLToPath(import.meta.url), 'memory', routes, port],
      { encoding: 'utf8' },
    )
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout)
  }
  const small = memory(ROUTES)
  const large = memory(5 * ROUTES)
  const megabytes = (bytes) =>
    `${Math.round(bytes / 2 ** 20)
      .toString()
      .padStart(5)} MB`
  table('resident memory, at the end and at most', [
    ['10,000 cells', megabytes(small.now), megabytes(small.most)],
    [
      '50,000 cells',
      megabytes(large.now),
      megabytes(large.most),
      ratio(large.now, small.now, 1.3),
      ratio(large.most, small.most, 1.3),
    ],
  ])
} finally {
  server.disconnect()
}
