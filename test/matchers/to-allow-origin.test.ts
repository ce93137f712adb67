import 'expect-cors/vitest'
import cors from 'cors'
import { configure, endpoint, observed } from 'expect-cors'
import express from 'express'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { APP, answering, EVIL, listen } from './servers.js'

const allowing = { status: 200, headers: { 'Access-Control-Allow-Origin': APP } }

describe('on a response', () => {
  test.each([
    ['the origin itself', { 'Access-Control-Allow-Origin': APP }],
    ['a wildcard', { 'Access-Control-Allow-Origin': '*' }],
    ['another case of the name', { 'access-control-ALLOW-origin': APP }],
    ['white space around it', { 'Access-Control-Allow-Origin': ` ${APP}\t` }],
  ])('holds for %s', async (_, headers) => {
    expect({ status: 200, headers }).toAllowOrigin(APP)
    await failure(() => expect(observed({ status: 200, headers }, { origin: APP })).not.toAllowOrigin(APP))
  })

  test.each<[string, Record<string, string> | [string, string][], string]>([
    ['nothing', {}, 'Access-Control-Allow-Origin'],
    ['another origin', { 'Access-Control-Allow-Origin': EVIL }, EVIL],
    ['a trailing slash', { 'Access-Control-Allow-Origin': `${APP}/` }, 'slash'],
    ['another case', { 'Access-Control-Allow-Origin': 'https://App.example.com' }, 'case'],
    ['another scheme', { 'Access-Control-Allow-Origin': 'http://app.example.com' }, 'scheme'],
    ['a port', { 'Access-Control-Allow-Origin': `${APP}:8443` }, '8443'],
    ['a pattern', { 'Access-Control-Allow-Origin': 'https://*.example.com' }, 'pattern'],
    ['null', { 'Access-Control-Allow-Origin': 'null' }, 'null'],
    ['a list', { 'Access-Control-Allow-Origin': `${APP}, ${EVIL}` }, EVIL],
    [
      'two lines',
      [
        ['Access-Control-Allow-Origin', APP],
        ['Access-Control-Allow-Origin', APP],
      ],
      'two lines',
    ],
    [
      'a wildcard on a second line',
      [
        ['Access-Control-Allow-Origin', APP],
        ['Access-Control-Allow-Origin', '*'],
      ],
      'two lines',
    ],
  ])('fails for %s, and its .not holds', async (_, headers, why) => {
    expect(observed({ status: 200, headers }, { origin: APP })).not.toAllowOrigin(APP)
    expect(await failure(() => expect({ status: 200, headers }).toAllowOrigin(APP))).toContain(why)
  })

  test.each([200, 204, 304, 401, 403, 404, 500, 503])('a %i with the header is readable', (status) => {
    expect({ ...allowing, status }).toAllowOrigin(APP)
  })

  test('an opaque origin is null, and any scheme is an origin', async () => {
    expect({ status: 200, headers: { 'access-control-allow-origin': 'null' } }).toAllowOrigin('null')
    expect({ status: 200, headers: { 'access-control-allow-origin': '*' } }).toAllowOrigin('null')
    expect({
      status: 200,
      headers: { 'access-control-allow-origin': 'capacitor://localhost' },
    }).toAllowOrigin('capacitor://localhost')
    expect({ status: 200, headers: { 'access-control-allow-origin': APP } }).toAllowOrigin(APP)
    await failure(() => expect(allowing).toAllowOrigin('null'))
  })

  test('a failure whose sent origin is unknown asks whether it was sent', async () => {
    const bare = { status: 200, headers: {} }
    expect(await failure(() => expect(bare).toAllowOrigin(APP))).toContain(
      `Was it requested with the header \`Origin: ${APP}\`?`,
    )
    expect(await failure(() => expect(observed(bare, { origin: APP })).toAllowOrigin(APP))).not.toContain(
      'Was it requested',
    )
  })

  test('a client that joins lines may hide two of them', async () => {
    const headers = new Headers([
      ['Access-Control-Allow-Origin', APP],
      ['Access-Control-Allow-Origin', APP],
    ])
    expect(await failure(() => expect(new Response(null, { headers })).toAllowOrigin(APP))).toContain(
      'joins header lines',
    )
  })

  test('of supertest, which knows the origin it sent', async () => {
    const app = express().use(cors({ origin: [APP, 'https://admin.example.com'] }))
    expect(await supertest(app).get('/').set('Origin', APP)).toAllowOrigin(APP)
    expect(await supertest(app).get('/').set('Origin', EVIL)).not.toAllowOrigin(EVIL)
  })

  test('takes no options that say how to ask', async () => {
    expect(await refusal(() => expect(allowing).toAllowOrigin(APP, { path: '/orders' }))).toContain('path')
    expect(await refusal(() => expect(allowing).toAllowOrigin(APP, { method: 'PUT' }))).toContain('method')
    expect(allowing).toAllowOrigin(APP, { engines: ['firefox'] })
  })
})

describe('on an endpoint', () => {
  const app = express()
  app.get('/public', cors(), (_request, response) => {
    response.json([])
  })
  app.use('/orders', cors({ origin: [APP, 'https://admin.example.com'], credentials: true }))
  app.get('/orders', (_request, response) => {
    response.json([])
  })
  app.put('/orders', (_request, response) => {
    response.json([])
  })

  test('an Express app, on the path that is asked for', async () => {
    await expect(app).toAllowOrigin(APP, { path: '/orders' })
    await expect(app).toAllowOrigin(EVIL, { path: '/public' })
    await expect(app).not.toAllowOrigin(EVIL, { path: '/orders' })
    await expect(app).not.toAllowOrigin(APP, { path: '/nowhere' })
    // A 404 behind the middleware is readable.
    await expect(app).toAllowOrigin(APP, { path: '/orders/1/2/3' })
    expect(await failure(() => expect(app).toAllowOrigin(EVIL, { path: '/orders' }))).toContain(EVIL)
    expect(await failure(() => expect(app).not.toAllowOrigin(APP, { path: '/orders' }))).toContain(
      `Access-Control-Allow-Origin is '${APP}'`,
    )
  })

  test('a URL, with the path below its own', async () => {
    const { url, received } = await listen((_request, response) => {
      response.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end()
    })
    await expect(`${url}/v1?a=1`).toAllowOrigin(APP, { path: '/orders?b=2' })
    await expect(new URL(url)).toAllowOrigin('null')
    expect(received.map(({ line, headers }) => [line, headers.origin])).toEqual([
      ['GET /v1/orders?a=1&b=2', APP],
      ['GET /', 'null'],
    ])
  })

  test('a listener and a handler', async () => {
    await expect(
      endpoint({
        listener: (
          _request: unknown,
          response: { setHeader: (a: string, b: string) => void; end(): void },
        ) => {
          response.setHeader('Access-Control-Allow-Origin', APP)
          response.end()
        },
      }),
    ).toAllowOrigin(APP)
    await expect(answering(500, { 'Access-Control-Allow-Origin': APP })).toAllowOrigin(APP)
    await expect({ fetch: answering(200) }).not.toAllowOrigin(APP)
  })

  test('all engines that send the same share one exchange', async () => {
    const handler = answering(200, { 'Access-Control-Allow-Origin': APP })
    await expect(handler).toAllowOrigin(APP)
    expect(handler.requests).toHaveLength(1)
    expect(handler.requests[0]?.headers.get('cookie')).toBeNull()
  })

  test('a request that is preflighted needs its preflight', async () => {
    await expect(app).toAllowOrigin(APP, { path: '/orders', method: 'PUT' })
    const handler = answering(401, { 'Access-Control-Allow-Origin': '*' })
    const failing = await failure(() =>
      expect(handler).toAllowOrigin(APP, { method: 'PUT', diagnose: false }),
    )
    expect(failing).toContain('401')
    await expect(handler).not.toAllowOrigin(APP, { method: 'PUT' })
    expect(handler.requests.map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS'])
  })

  test('redirects are judged hop by hop', async () => {
    const steps = (request: Request): Response =>
      new URL(request.url).pathname === '/'
        ? new Response(null, {
            status: 302,
            headers: { Location: '/next', 'Access-Control-Allow-Origin': '*' },
          })
        : new Response(null, { headers: { 'Access-Control-Allow-Origin': APP } })
    await expect(steps).toAllowOrigin(APP)
    const silent = (request: Request): Response =>
      new URL(request.url).pathname === '/'
        ? new Response(null, { status: 302, headers: { Location: '/next' } })
        : new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
    await expect(silent).not.toAllowOrigin(APP)
    expect(await failure(() => expect(silent).toAllowOrigin(APP))).toContain('redirect')
  })

  test('engines are those of the call, of endpoint() or of configure()', async () => {
    // DPR is preflighted in Firefox and WebKit; this server knows no preflight.
    const handler = (request: Request): Response =>
      request.method === 'OPTIONS'
        ? new Response(null, { status: 405 })
        : new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
    const headers = { DPR: '2' }
    await expect(handler).toAllowOrigin(APP, { headers, engines: ['chromium'] })
    await expect(endpoint(handler, { engines: ['chromium'] })).toAllowOrigin(APP, { headers })
    await expect(handler).not.toAllowOrigin(APP, { headers, engines: ['firefox', 'webkit'] })
    onTestFinished(configure({ engines: ['chromium'] }))
    await expect(handler).toAllowOrigin(APP, { headers })
  })

  test('where engines differ both forms fail, and the first line says who does what', async () => {
    const handler = (request: Request): Response =>
      request.method === 'OPTIONS'
        ? new Response(null, { status: 405 })
        : new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
    const headers = { DPR: '2' }
    for (const message of [
      await failure(() => expect(handler).toAllowOrigin(APP, { headers })),
      await failure(() => expect(handler).not.toAllowOrigin(APP, { headers })),
    ]) {
      expect(firstLine(message)).toBe(
        'GET / from https://app.example.com: Chromium sends no preflight and allows it; Firefox and WebKit send a preflight and block it (missing-allow-origin on the preflight).',
      )
    }
  })

  test('credentials are another matcher', async () => {
    expect(await refusal(() => expect(app).toAllowOrigin(APP, { credentials: 'include' }))).toContain(
      'toAllowCredentialedOrigin',
    )
    // @ts-expect-error it is a RequestCredentials
    expect(await refusal(() => expect(app).toAllowOrigin(APP, { credentials: true }))).toContain("'include'")
  })

  test('unknown options are refused with the nearest that is known', async () => {
    // @ts-expect-error there is no such option
    expect(await refusal(() => expect(app).toAllowOrigin(APP, { paht: '/orders' }))).toContain('"path"')
  })
})
