import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import type { ContractReport } from '../../src/contract/contract-report.js'
import { defineCorsContract } from '../../src/contract/define-contract.js'
import { APP, STRANGER } from './broken-api.js'

const ORIGINS = Array.from({ length: 5 }, (_, at) => `https://app${at}.example.com`)

/** 20 routes, 5 origins allowed and one denied. */
const contract = defineCorsContract({
  origins: { allow: ORIGINS, deny: [STRANGER] },
  defaults: { statuses: { 200: {} } },
  routes: Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      at % 2 === 0 ? (`GET /${at}` as const) : (`PUT /${at}` as const),
      {},
    ]),
  ),
})

const honoring: RequestListener = (request, response) => {
  const { origin = '', 'access-control-request-method': method } = request.headers
  const allowed = ORIGINS.includes(origin)
    ? { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Methods': method ?? '' }
    : {}
  response.writeHead(request.method === 'OPTIONS' ? 204 : 200, allowed).end()
}

/** What listens until the test ends; its origin. */
async function listen(server: Server | SocketServer): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function tally({ cells }: ContractReport): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outcome, code } of cells) {
    const what = code === undefined ? outcome : `${outcome} ${code}`
    counts[what] = (counts[what] ?? 0) + 1
  }
  return counts
}

describe('never a false green', () => {
  it.each<[string, RequestListener, Record<string, number>]>([
    [
      'a router that has none of it',
      (_request, response) => response.writeHead(404).end(),
      { 'unjudged unexpected-status': 50, 'broken missing-allow-origin': 50, 'unjudged no-control': 20 },
    ],
    [
      'a server that allows nobody',
      (_request, response) => response.writeHead(200).end(),
      { 'broken missing-allow-origin': 100, 'unjudged no-control': 20 },
    ],
    [
      'a server that is always busy',
      (_request, response) => response.writeHead(503).end(),
      { 'unjudged rate-limited': 120 },
    ],
    [
      'what is no HTTP',
      (request) => request.socket.end('HELO there\r\n\r\n'),
      { 'unjudged network-error': 120 },
    ],
    [
      'what resets each connection',
      (request) => request.socket.resetAndDestroy(),
      { 'unjudged network-error': 120 },
    ],
  ])('%s', async (_name, listener, counts) => {
    const report = await checkCorsContract(contract, await listen(createServer(listener)))
    expect(tally(report)).toEqual(counts)
    expect(report.outcome).not.toBe('honored')
    expect(report.cells.every(({ outcome, explanation }) => outcome === 'held' || explanation !== '')).toBe(
      true,
    )
  })

  it('nothing listens', async () => {
    const origin = await listen(createServer(honoring).on('connection', (socket) => socket.destroy()))
    expect(tally(await checkCorsContract(contract, origin))).toEqual({ 'unjudged network-error': 120 })
  })

  it('an app that has been closed', async () => {
    const server = createServer(honoring)
    await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const report = await checkCorsContract(contract, server)
    expect(tally(report)).toEqual({ 'unjudged network-error': 120 })
  })

  it('a path that is misspelt, where nobody may call', async () => {
    const { origins } = contract
    const target = createServer((request, response) =>
      request.url === '/0' ? honoring(request, response) : response.writeHead(404).end(),
    )
    const nobody = (path: '/0' | '/00') =>
      checkCorsContract(
        defineCorsContract({ origins: { ...origins, allow: [] }, routes: { [`GET ${path}`]: {} } }),
        target,
      )
    expect(tally(await nobody('/0'))).toEqual({ held: 1 })
    expect(tally(await nobody('/00'))).toEqual({ 'unjudged no-control': 1 })
  })
})

describe('faults on the way', () => {
  it('a server that dies in the middle: what was judged before is in the report', async () => {
    let left = 40
    const server = createServer((request, response) => {
      if (left-- > 0) honoring(request, response)
      else request.socket.destroy()
      if (left === 0) server.close()
    })
    const report = await checkCorsContract(contract, await listen(server), { concurrency: 4 })
    const { held = 0, ...rest } = tally(report)
    expect(held).toBeGreaterThan(20)
    expect(Object.keys(rest).sort()).toEqual(
      ['unjudged network-error', 'unjudged no-control'].slice(0, Object.keys(rest).length),
    )
    expect(report.outcome).toBe('unjudged')
    expect(report.cells).toHaveLength(120)
  })

  it('a server that hangs: the run ends in time', async () => {
    let left = 40
    const server = createServer((request, response) => {
      if (left-- > 0) honoring(request, response)
    })
    const started = performance.now()
    const report = await checkCorsContract(contract, await listen(server), { timeout: 300 })
    expect(performance.now() - started).toBeLessThan(4000)
    const { held = 0, ...rest } = tally(report)
    expect(held).toBeGreaterThan(10)
    expect(rest['unjudged network-error']).toBeGreaterThan(50)
    expect(report.outcome).toBe('unjudged')
  })

  it('one route that hangs: the others are judged', async () => {
    const server = createServer((request, response) => {
      if (request.url !== '/4') honoring(request, response)
    })
    const report = await checkCorsContract(contract, await listen(server), { timeout: 500 })
    expect(tally(report)).toEqual({ held: 114, 'unjudged network-error': 6 })
  })

  it('an invalid certificate, or no TLS at all', async () => {
    const origin = await listen(createSocketServer((socket) => socket.end('nothing of the kind')))
    const report = await checkCorsContract(contract, origin.replace('http:', 'https:'))
    expect(tally(report)).toEqual({ 'unjudged network-error': 120 })
  })

  it('429 for a while: it waits for as long as it is told', async () => {
    const asked: number[] = []
    const until = performance.now() + 900
    const server = createServer((request, response) => {
      asked.push(performance.now())
      if (performance.now() > until) honoring(request, response)
      else response.writeHead(429, { 'Retry-After': '1' }).end()
    })
    const report = await checkCorsContract(contract, await listen(server), { concurrency: 4 })
    expect(tally(report)).toEqual({ held: 120 })
    // Nobody asked while told to wait.
    expect(asked.filter((at) => at < until).length).toBeLessThanOrEqual(4)
    expect(report.requests).toBe(asked.length)
  })

  it('429 with a wait that nobody waits for: nothing more is sent', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked++
      response.writeHead(429, { 'Retry-After': '3600' }).end()
    })
    const report = await checkCorsContract(contract, await listen(server), { concurrency: 4 })
    expect(tally(report)).toEqual({ 'unjudged rate-limited': 120 })
    expect(asked).toBeLessThanOrEqual(4)
  })

  it('every third response 503: it is asked again', async () => {
    let count = 0
    const server = createServer((request, response) => {
      if (count++ % 3 === 2) response.writeHead(503).end()
      else honoring(request, response)
    })
    const report = await checkCorsContract(contract, await listen(server))
    expect(tally(report)).toEqual({ held: 120 })
  })

  it('a method that changes something is never sent twice', async () => {
    const posted: string[] = []
    const server = createServer((request, response) => {
      if (request.method === 'POST') posted.push(request.headers.origin ?? '-')
      if (request.method === 'POST' && request.headers.origin === APP) request.socket.destroy()
      else
        response
          .writeHead(request.method === 'POST' ? 503 : 204, { 'Access-Control-Allow-Origin': '*' })
          .end()
    })
    const sending = defineCorsContract({
      origins: { allow: [APP, ...ORIGINS], deny: [] },
      routes: { 'POST /orders': { send: true, body: 'a=1' } },
    })
    const report = await checkCorsContract(sending, await listen(server))
    expect(tally(report)).toEqual({ 'unjudged network-error': 1, 'unjudged rate-limited': 5 })
    expect([...posted].sort()).toEqual([APP, ...ORIGINS].sort())
  })

  it.each(['text/event-stream', 'application/x-ndjson'])(
    'a stream that does not end is no reason to wait: %s',
    async (type) => {
      const server = createServer((request, response) => {
        response.writeHead(200, {
          'Content-Type': type,
          'Access-Control-Allow-Origin': ORIGINS.includes(request.headers.origin ?? '')
            ? (request.headers.origin ?? '')
            : 'null',
        })
        response.write('data: 1\n\n')
      })
      const stream = defineCorsContract({
        origins: { allow: ORIGINS, deny: [STRANGER] },
        routes: { 'GET /events': {} },
      })
      const started = performance.now()
      const report = await checkCorsContract(stream, await listen(server), { timeout: 3000 })
      expect(tally(report)).toEqual({ held: 6 })
      expect(performance.now() - started).toBeLessThan(2500)
    },
  )
})

describe('the end of a run', () => {
  it('a signal ends it, with the report of what was judged', async () => {
    const ending = new AbortController()
    const server = createServer(honoring)
    const report = await checkCorsContract(contract, await listen(server), {
      concurrency: 2,
      signal: ending.signal,
      onProgress: ({ judged }) => {
        if (judged === 30) ending.abort()
      },
    })
    const { held = 0, ...rest } = tally(report)
    expect(held).toBeGreaterThanOrEqual(30)
    expect(rest['unjudged not-asked']).toBeGreaterThan(60)
    expect(report).toMatchObject({ outcome: 'unjudged' })
  })

  it('a signal that is aborted already', async () => {
    const report = await checkCorsContract(contract, createServer(honoring), { signal: AbortSignal.abort() })
    expect(tally(report)).toEqual({ 'unjudged not-asked': 120 })
    expect(report.requests).toBe(0)
  })

  it('a deadline ends it while requests hang', async () => {
    const started = performance.now()
    const report = await checkCorsContract(contract, await listen(createServer(() => {})), { deadline: 200 })
    expect(performance.now() - started).toBeLessThan(1500)
    expect(tally(report)).toEqual({ 'unjudged not-asked': 120 })
  })

  it('no more requests than may be', async () => {
    const report = await checkCorsContract(contract, await listen(createServer(honoring)), {
      maxRequests: 33,
    })
    expect(report.requests).toBe(33)
    expect(tally(report).held).toBeGreaterThan(20)
    expect(report.cells.find(({ code }) => code === 'not-asked')?.explanation).toMatchInlineSnapshot(
      `"Not asked: the run may send no more (maxRequests: 33)."`,
    )
  })

  it('a rate holds for all that is sent to a target', async () => {
    const few = defineCorsContract({
      origins: { allow: ORIGINS, deny: [STRANGER] },
      routes: { 'GET /0': {} },
    })
    const started = performance.now()
    await checkCorsContract(few, await listen(createServer(honoring)), { rate: '20/s' })
    expect(performance.now() - started).toBeGreaterThan(240)
  })
})
