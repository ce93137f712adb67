import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import type { CorsContract } from '../../src/contract/contract.js'
import { defineCorsContract } from '../../src/contract/define-contract.js'
import { endpoint } from '../../src/subject/endpoint.js'
import { APP, api, contract, lines, STRANGER } from './broken-api.js'

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const one = (route: CorsContract['routes'][`GET /${string}`], origins = { allow: [APP], deny: [STRANGER] }) =>
  defineCorsContract({ origins, routes: { 'GET /orders': route } })

const allowing =
  (status: number, refusal: number | (() => number) = status): RequestListener =>
  (request, response) => {
    const isOurs = request.headers.origin === APP
    response
      .writeHead(
        isOurs ? status : typeof refusal === 'number' ? refusal : refusal(),
        isOurs ? { 'Access-Control-Allow-Origin': APP } : {},
      )
      .end()
  }

describe('options', () => {
  it.each<[string, object]>([
    ['an unknown route', { only: 'GET /order' }],
    ['no route', { only: [] }],
    ['an unknown environment', { environment: 'staging' }],
    ['an unknown option', { concurency: 4 }],
    ['a rate that is none', { rate: 'fast' }],
    ['no concurrency', { concurrency: 0 }],
    ['a timeout that is none', { timeout: -1 }],
    ['no engine', { engines: [] }],
    ['a seed that is none', { seed: 0.5 }],
    ['progress that is no function', { onProgress: true }],
  ])('%s', async (_name, options) => {
    const error = await checkCorsContract(contract, api().server, options).catch((reason: Error) => reason)
    expect((error as Error).name).toBe('CorsUsageError')
    expect((error as Error).message).toMatchSnapshot()
  })

  it.each<[string, unknown]>([
    ['a number', 7],
    ['a response', new Response('')],
    ['a map', new Map([['staging', 'https://staging.example.com']])],
    ['no target', {}],
    ['a name without one', { staging: undefined }],
    ['a relative URL', '/orders'],
  ])('%s is no target', async (_name, target) => {
    const error = await checkCorsContract(contract, target).catch((reason: Error) => reason)
    expect((error as Error).message).toMatchSnapshot()
  })

  it('nothing to judge is an error', async () => {
    const nobody = one({}, { allow: [], deny: [] })
    await expect(checkCorsContract(nobody, api().server)).rejects.toThrow('nothing to judge')
  })

  it('checks the routes that are named', async () => {
    const report = await checkCorsContract(contract, api().server, { only: ['GET /public', 'GET /internal'] })
    expect(new Set(report.cells.map(({ route }) => route))).toEqual(new Set(['GET /public', 'GET /internal']))
    expect(report.outcome).toBe('honored')
  })

  it('a seed chooses the origins of a public route', async () => {
    const asked = async (seed?: number) => {
      const { server, received } = api()
      await checkCorsContract(
        contract,
        server,
        seed === undefined ? { only: 'GET /public' } : { only: 'GET /public', seed },
      )
      return received
    }
    const [first, second] = await asked(7)
    expect(first).not.toBe(second)
    expect(await asked(7)).toEqual([first, second])
    expect(await asked(8)).not.toEqual([first, second])
    expect(await asked()).not.toEqual(await asked())
  })

  it('says how far it has come', async () => {
    const onProgress = vi.fn()
    const { cells, requests } = await checkCorsContract(contract, api().server, { onProgress })
    expect(onProgress.mock.calls.map(([{ judged }]) => judged)).toEqual(cells.map((_, at) => at + 1))
    expect(onProgress.mock.lastCall?.[0]).toMatchObject({
      cells: cells.length,
      broken: 0,
      unjudged: 0,
      requests,
    })
  })

  it('takes the environment of a target of its name', async () => {
    const staged = defineCorsContract({
      origins: { allow: [APP] },
      routes: { 'GET /orders': {} },
      environments: { staging: { origins: { allow: ['https://staging.example.com'] } } },
    })
    const report = await checkCorsContract(staged, { staging: api().server, production: api().server })
    expect(report.cells.map(({ target, origin, expected }) => `${target} ${expected} ${origin}`)).toEqual([
      'staging allow https://staging.example.com',
      'staging deny https://stranger.example',
      'staging deny null',
      `production allow ${APP}`,
      'production deny https://stranger.example',
      'production deny null',
    ])
  })

  it('ends under fake timers', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    expect((await checkCorsContract(contract, api().server, { rate: '200/s' })).outcome).toBe('honored')
  })
})

describe('extraHeaders', () => {
  it('replace a header that the page sets, and are left out where a status says so', async () => {
    const seen: string[] = []
    const target = await listen((request, response) => {
      const { authorization, origin = '', 'x-gate': gate } = request.headers
      seen.push(`${request.method} ${gate} ${authorization}`)
      const status = request.method === 'OPTIONS' ? 204 : authorization === 'Bearer real' ? 200 : 401
      const allowed =
        origin === APP
          ? { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Headers': 'authorization' }
          : {}
      response.writeHead(status, allowed).end()
    })
    const statuses = one({
      headers: ['authorization'],
      statuses: { 200: {}, 401: { without: ['authorization'] } },
    })
    const extraHeaders = { Authorization: 'Bearer real', 'X-Gate': 'open' }
    const report = await checkCorsContract(
      statuses,
      endpoint(target, { extraHeaders: { 'X-Gate': 'shut' } }),
      { extraHeaders },
    )
    expect(report.outcome).toBe('honored')
    expect([...new Set(seen)].sort()).toEqual([
      'GET open Bearer real',
      'GET open undefined',
      'OPTIONS open Bearer real',
    ])
  })

  it('go to no other host, and are in no report', async () => {
    const elsewhere: unknown[] = []
    const other = await listen((request, response) => {
      elsewhere.push(request.headers['x-gate'])
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
    })
    const target = await listen((_request, response) =>
      response
        .writeHead(302, { Location: `${other}/?token=hush-hush`, 'Access-Control-Allow-Origin': '*' })
        .end(),
    )
    const report = await checkCorsContract(one({}), target, { extraHeaders: { 'X-Gate': 'hush-hush' } })
    expect(elsewhere.length).toBeGreaterThan(0)
    expect(new Set(elsewhere)).toEqual(new Set([undefined]))
    expect(report.outcome).toBe('broken')
    expect(report.cells[1]?.request).toEqual({
      url: `${target}/orders`,
      method: 'GET',
      credentials: 'omit',
      headers: [],
      extraHeaders: ['X-Gate'],
    })
    expect(JSON.stringify(report)).not.toContain('hush-hush')
  })
})

describe('the name of a target', () => {
  const staged = defineCorsContract({
    origins: { allow: [APP], deny: [STRANGER] },
    routes: { 'GET /orders': {} },
    environments: { staging: {}, production: {}, 'eu-1': {} },
  })

  it.each(['stagin', 'Staging', 'satging', 'prod', 'eu-1a'])('%s looks like an environment', async (name) => {
    await expect(checkCorsContract(staged, { [name]: api().server })).rejects.toThrow(
      `the target '${name}' is not called as an environment of the contract, which has '`,
    )
  })

  it.each(['staging', 'eu-2', 'local', 'qa', 'target'])('%s does not', async (name) => {
    const report = await checkCorsContract(staged, { [name]: await listen(allowing(200)) })
    expect(report.outcome).toBe('honored')
  })
})

describe('statuses', () => {
  it.each<[string, number, number | (() => number), string[]]>([
    ['a refusal with a status of its own', 200, 403, ['held', 'held']],
    ['an error that is thrown at a stranger', 200, 500, ['held', 'held']],
    ['a gateway that fails', 200, 502, ['held', 'unjudged network-error']],
    ['another status for everybody', 204, 204, ['unjudged unexpected-status', 'unjudged unexpected-status']],
  ])('%s', async (_name, status, refusal, expected) => {
    const report = await checkCorsContract(
      one({ statuses: { 200: {} } }),
      await listen(allowing(status, refusal)),
    )
    expect(lines(report).map((line) => line.split(': ')[1])).toEqual(expected)
  })

  it.each([502, 504])(
    'a gateway whose %i nobody declared says nothing of the server behind it',
    async (down) => {
      const refuses = await checkCorsContract(one({}), await listen(allowing(200, down)))
      expect(refuses.cells.map(({ outcome }) => outcome)).toEqual(['held', 'unjudged'])
      expect(refuses.cells[1]?.explanation).toContain(`A gateway responded with ${down}`)
      const isDown = await listen((_request, response) => response.writeHead(down).end())
      expect((await checkCorsContract(one({}), isDown)).outcome).toBe('unjudged')
      const declared = one({ statuses: { [down]: {} } })
      expect((await checkCorsContract(declared, isDown)).outcome).toBe('broken')
    },
  )

  it.each([404, 405])(
    'an allowed origin that gets %i, which nobody declared, is no control',
    async (status) => {
      const target = await listen(allowing(status))
      const report = await checkCorsContract(one({}), target)
      expect(report.outcome).toBe('unjudged')
      expect(report.cells.map(({ outcome }) => outcome)).toEqual(['held', 'unjudged'])
      expect(report.cells[1]?.explanation).toContain(`If ${status} is intended, declare it in \`statuses\`.`)
      const declared = one({ statuses: { [status]: {} } })
      expect((await checkCorsContract(declared, target)).outcome).toBe('honored')
    },
  )

  it('an error that does not come again is no refusal', async () => {
    let crashes = 1
    const target = await listen(allowing(200, () => (crashes-- > 0 ? 500 : 200)))
    const { cells, requests } = await checkCorsContract(one({ statuses: { 200: {} } }), target)
    expect([cells.map(({ outcome }) => outcome), requests]).toEqual([['held', 'held'], 3])
  })
})

describe('methods that change something', () => {
  const posting = (send: boolean, headers: string[] = []) =>
    defineCorsContract({
      origins: { allow: [APP], deny: [STRANGER] },
      routes: { 'POST /orders': { send, headers, body: 'a=1' } },
    })

  it('a POST without a preflight is judged only where it is sent', async () => {
    const posted: unknown[] = []
    const target = await listen((request, response) => {
      if (request.method === 'POST') posted.push(request.headers.origin)
      allowing(200)(request, response)
    })
    const unsent = await checkCorsContract(posting(false), target)
    expect(lines(unsent).map((line) => line.split(': ')[1])).toEqual([
      'unjudged not-asked',
      'unjudged not-asked',
    ])
    expect(unsent.cells[0]?.explanation).toMatchInlineSnapshot(
      `"A browser sends this POST without a preflight, and the request itself is sent only where the route says \`send: true\`."`,
    )
    expect(posted).toEqual([])
    const sent = await checkCorsContract(posting(true), target)
    expect(sent.outcome).toBe('honored')
    expect(posted.sort()).toEqual([APP, STRANGER])
  })

  it('a preflight that passes is enough for a method to be sent, though nobody may read the response', async () => {
    const target = await listen((request, response) => {
      const { origin = '' } = request.headers
      const isAllowed = request.method === 'OPTIONS' || origin === APP
      response
        .writeHead(
          200,
          isAllowed ? { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Headers': 'x-a' } : {},
        )
        .end()
    })
    const report = await checkCorsContract(posting(true, ['x-a']), target)
    expect(lines(report)).toEqual([
      `POST /orders ← ${APP}: held`,
      `POST /orders ← ${STRANGER}: broken origin-allowed`,
    ])
    expect(report.cells[1]?.explanation).toMatchInlineSnapshot(
      `"A page at https://stranger.example, which must be denied, may send POST: its preflight passes."`,
    )
  })

  it('one that no page may call is judged where OPTIONS names it', async () => {
    const nobody = defineCorsContract({ origins: { allow: [] }, routes: { 'DELETE /admin': {} } })
    const methods: unknown[] = []
    const target = (headers: Record<string, string>) =>
      listen((request, response) => {
        methods.push(request.method)
        response.writeHead(200, headers).end()
      })
    expect((await checkCorsContract(nobody, await target({ Allow: 'GET, DELETE' }))).outcome).toBe('honored')
    const untold = await checkCorsContract(nobody, await target({}))
    expect(untold.outcome).toBe('unjudged')
    expect(untold.cells[0]?.explanation).toMatchInlineSnapshot(
      `"Refused, but whether the route is there at all can only be seen by sending DELETE, which needs \`send: true\` (or a response to OPTIONS whose Allow names it)."`,
    )
    expect(new Set(methods)).toEqual(new Set(['OPTIONS']))
  })
})

it('an origin of the target itself is not judged', async () => {
  const target = await listen(allowing(200))
  const own = defineCorsContract({
    origins: { allow: [target, APP], deny: [STRANGER] },
    routes: { 'GET /orders': {} },
  })
  const report = await checkCorsContract(own, target)
  expect(lines(report).map((line) => line.split(': ')[1])).toEqual(['unjudged not-asked', 'held', 'held'])
})

it('requests that several routes share are sent once', async () => {
  const asked: string[] = []
  const target = await listen((request, response) => {
    asked.push(`${request.url} ${request.headers.origin}`)
    allowing(request.url === '/boom' ? 500 : 200)(request, response)
  })
  const statuses = { 200: {}, 500: { path: '/boom' } }
  const shared = defineCorsContract({
    origins: { allow: [APP], deny: [STRANGER] },
    defaults: { statuses },
    routes: { 'GET /orders': {}, 'GET /items': {} },
  })
  const report = await checkCorsContract(shared, target)
  expect(report).toMatchObject({ outcome: 'honored', requests: 6 })
  expect(asked.filter((line) => line.startsWith('/boom')).sort()).toEqual([
    `/boom ${APP}`,
    `/boom ${STRANGER}`,
  ])
})
