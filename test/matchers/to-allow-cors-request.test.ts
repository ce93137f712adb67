import 'expect-cors/vitest'
import cors from 'cors'
import { endpoint, evaluateCors } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { ALLOW, APP, answering, EVIL, listen, preflighting } from './servers.js'

describe('on an endpoint', () => {
  const app = express()
  app.use(
    cors({
      origin: [APP, 'https://admin.example.com'],
      methods: ['GET', 'PUT'],
      allowedHeaders: ['content-type'],
      credentials: true,
    }),
  )
  app.put('/orders', express.json(), (request, response) => {
    response.json(request.body)
  })

  test('holds for preflight, request and response', async () => {
    await expect(app).toAllowCorsRequest({ origin: APP })
    await expect(app).toAllowCorsRequest({
      origin: APP,
      path: '/orders',
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      credentials: 'include',
      body: '{}',
    })
    await expect(app).not.toAllowCorsRequest({ origin: EVIL })
    await expect(app).not.toAllowCorsRequest({ origin: APP, method: 'DELETE' })
    expect(await failure(() => expect(app).not.toAllowCorsRequest({ origin: APP, method: 'PUT' }))).toContain(
      `a page at ${APP} may send PUT and read the response`,
    )
    expect(await failure(() => expect(app).toAllowCorsRequest({ origin: APP, method: 'DELETE' }))).toContain(
      'DELETE',
    )
  })

  test('a good preflight is not enough', async () => {
    const handler = preflighting({ [ALLOW]: APP, 'Access-Control-Allow-Methods': 'PUT' }, {})
    await expect(handler).not.toAllowCorsRequest({ origin: APP, method: 'PUT' })
    expect(await failure(() => expect(handler).toAllowCorsRequest({ origin: APP, method: 'PUT' }))).toContain(
      'PUT',
    )
    expect(handler.requests.map(({ method }) => method)).toEqual(['OPTIONS', 'PUT', 'OPTIONS', 'PUT'])
  })

  test.each([404, 500])('a %i with the header is readable', async (status) => {
    await expect(answering(status, { [ALLOW]: '*' })).toAllowCorsRequest({ origin: APP })
  })

  test('opaque satisfies neither form', async () => {
    const handler = answering(200, { [ALLOW]: '*' })
    for (const wanted of [
      { origin: APP, mode: 'no-cors' as const },
      { origin: APP, mode: 'no-cors' as const, method: 'POST', body: 'x' },
    ]) {
      expect(await failure(() => expect(handler).toAllowCorsRequest(wanted))).toContain('opaque')
      expect(await failure(() => expect(handler).not.toAllowCorsRequest(wanted))).toContain('opaque')
    }
    const redirecting = answering(302, { [ALLOW]: '*', Location: '/' })
    const manual = { origin: APP, redirect: 'manual' as const }
    expect(await failure(() => expect(redirecting).toAllowCorsRequest(manual))).toContain('opaque')
    expect(await failure(() => expect(redirecting).not.toAllowCorsRequest(manual))).toContain('opaque')
  })

  test('where engines differ both forms fail, and the first line says who does what', async () => {
    const handler = answering(200, { [ALLOW]: '*' })
    const wanted = { origin: APP, headers: { DPR: '2' } }
    for (const message of [
      await failure(() => expect(handler).toAllowCorsRequest(wanted)),
      await failure(() => expect(handler).not.toAllowCorsRequest(wanted)),
    ]) {
      expect(firstLine(message)).toBe(
        'GET / from https://app.example.com: Chromium sends no preflight and allows it; Firefox and WebKit send a preflight and block it (header-not-allowed on the preflight).',
      )
    }
  })

  test('a request that engines send differently is sent for each, and the failure says so', async () => {
    // Chromium drops User-Agent.
    const handler = preflighting({ [ALLOW]: '*', 'Access-Control-Allow-Headers': 'user-agent' }, {})
    const message = await failure(() =>
      expect(handler).toAllowCorsRequest({ origin: APP, headers: { 'User-Agent': 'me' } }),
    )
    expect(message).toContain('The request itself was sent 2 times')
    expect(message).toContain("{ engines: ['chromium'] }")
  })

  test('a page that may not even send is no verdict on the server', async () => {
    const handler = answering(200, { [ALLOW]: '*' })
    const wanted = { origin: APP, body: 'x' }
    expect(await refusal(() => expect(handler).toAllowCorsRequest(wanted))).toContain('body-with-get-or-head')
    expect(await refusal(() => expect(handler).not.toAllowCorsRequest(wanted))).toContain('not asked')
    expect(handler.requests).toHaveLength(0)
  })

  test('needs the request', async () => {
    expect(await refusal(() => expect(app).toAllowCorsRequest())).toContain('needs the request')
    // @ts-expect-error there is no origin
    expect(await refusal(() => expect(app).toAllowCorsRequest({}))).toContain("page's origin")
    // @ts-expect-error there is no such mode
    expect(await refusal(() => expect(app).toAllowCorsRequest({ origin: APP, mode: 'navigate' }))).toContain(
      'mode',
    )
    // @ts-expect-error it is a RequestCredentials
    expect(await refusal(() => expect(app).toAllowCorsRequest({ origin: APP, credentials: true }))).toContain(
      "'include'",
    )
  })
})

describe('redirects', () => {
  test('to another origin: the origin is null from then on, and Authorization stays behind', async () => {
    const last = await listen((_request, response) => {
      response.writeHead(200, { [ALLOW]: '*', 'Access-Control-Allow-Headers': 'authorization' }).end()
    })
    const middle = await listen((_request, response) => {
      response
        .writeHead(307, {
          [ALLOW]: '*',
          'Access-Control-Allow-Headers': 'authorization',
          Location: `${last.url}/last`,
        })
        .end()
    })
    const first = await listen((request, response) => {
      const status = request.method === 'OPTIONS' ? 204 : 307
      response
        .writeHead(status, {
          [ALLOW]: APP,
          'Access-Control-Allow-Headers': 'authorization',
          Location: `${middle.url}/middle`,
        })
        .end()
    })
    const wanted = {
      origin: APP,
      headers: { Authorization: 'Bearer s3cret' },
      engines: ['chromium'] as const,
    }
    await expect(first.url).toAllowCorsRequest(wanted)
    expect(first.received.map(({ line, headers }) => [line, headers.origin, headers.authorization])).toEqual([
      ['OPTIONS /', APP, undefined],
      ['GET /', APP, 'Bearer s3cret'],
    ])
    expect(middle.received.map(({ line, headers }) => [line, headers.origin, headers.authorization])).toEqual(
      [['GET /middle', 'null', undefined]],
    )
    expect(last.received.map(({ line, headers }) => [line, headers.origin, headers.authorization])).toEqual([
      ['GET /last', 'null', undefined],
    ])
  })

  test('a tainted origin needs a server that allows null', async () => {
    const last = await listen((_request, response) => {
      response.writeHead(200, { [ALLOW]: APP }).end()
    })
    const middle = await listen((_request, response) => {
      response.writeHead(302, { [ALLOW]: APP, Location: last.url }).end()
    })
    const first = await listen((_request, response) => {
      response.writeHead(302, { [ALLOW]: APP, Location: middle.url }).end()
    })
    await expect(first.url).not.toAllowCorsRequest({ origin: APP })
    expect(await failure(() => expect(first.url).toAllowCorsRequest({ origin: APP }))).toContain('null')
  })

  test('a redirect without the header is blocked, and one in a preflight too', async () => {
    const silent = (request: Request): Response =>
      new URL(request.url).pathname === '/end'
        ? new Response(null, { headers: { [ALLOW]: '*' } })
        : new Response(null, { status: 302, headers: { Location: '/end' } })
    await expect(silent).toBlockCorsRequest({ origin: APP }, 'missing-allow-origin')
    await expect(answering(307, { [ALLOW]: '*', Location: '/end' })).toBlockCorsRequest(
      { origin: APP, method: 'PUT' },
      'preflight-redirect',
    )
  })

  test('an endless chain ends', async () => {
    let requests = 0
    const handler = (_request: Request): Response =>
      new Response(null, { status: 302, headers: { [ALLOW]: '*', Location: `/${++requests}` } })
    await expect(handler).toBlockCorsRequest({ origin: APP }, 'too-many-redirects')
    expect(requests).toBe(21)
  })

  test('a POST becomes a GET without its body', async () => {
    const { url, received } = await listen((request, response) => {
      response.writeHead(request.url === '/' ? 302 : 200, { [ALLOW]: '*', Location: '/end' }).end()
    })
    await expect(url).toAllowCorsRequest({ origin: APP, method: 'POST', body: 'a=1' })
    expect(received.map(({ line, body }) => [line, body.toString()])).toEqual([
      ['POST /', 'a=1'],
      ['GET /end', ''],
    ])
  })

  test('an app in this process may lead to the network', async () => {
    const { url, received } = await listen((_request, response) => {
      response.writeHead(200, { [ALLOW]: '*' }).end()
    })
    const app = answering(302, { [ALLOW]: '*', Location: url })
    await expect(app).toAllowCorsRequest({ origin: 'http://app.example.com' })
    expect(received).toHaveLength(1)
  })
})

describe('on a journey', () => {
  const request = { origin: APP, url: 'https://api.example.com/orders' }
  const allowed = evaluateCors({ request, response: { status: 200, headers: { [ALLOW]: '*' } } })
  const blocked = evaluateCors({ request, response: { status: 200, headers: {} } })
  const opaque = evaluateCors({
    request: { ...request, mode: 'no-cors' },
    response: { status: 200, headers: {} },
  })

  test('takes no argument', async () => {
    expect(allowed).toAllowCorsRequest()
    expect(blocked).not.toAllowCorsRequest()
    expect({ verdict: allowed, exchanges: [] }).toAllowCorsRequest()
    expect(await failure(() => expect(blocked).toAllowCorsRequest())).toContain('Access-Control-Allow-Origin')
    expect(await failure(() => expect(allowed).not.toAllowCorsRequest())).toContain('may send GET')
    expect(await refusal(() => expect(allowed).toAllowCorsRequest({ origin: APP }))).toContain(
      'takes no request',
    )
  })

  test('opaque satisfies neither form', async () => {
    expect(await failure(() => expect(opaque).toAllowCorsRequest())).toContain('opaque')
    expect(await failure(() => expect(opaque).not.toAllowCorsRequest())).toContain('opaque')
  })

  test('incomplete is no verdict', async () => {
    for (const verdict of [
      evaluateCors({ request }),
      evaluateCors({ request: { ...request, method: 'PUT' } }),
    ]) {
      expect(await refusal(() => expect(verdict).toAllowCorsRequest())).toContain('incomplete')
      expect(await refusal(() => expect(verdict).not.toAllowCorsRequest())).toContain('incomplete')
    }
  })
})

test('a response does not show its journey', async () => {
  const response = { status: 200, headers: { [ALLOW]: '*' } }
  for (const wanted of [undefined, { origin: APP }]) {
    expect(await refusal(() => expect(response).toAllowCorsRequest(wanted))).toContain('toAllowOrigin')
    expect(await refusal(() => expect(response).not.toAllowCorsRequest(wanted))).toContain('toAllowOrigin')
  }
})

test('mixed content counts for a server elsewhere, and on this machine only where asked', async () => {
  const { url } = await listen((_request, response) => {
    response.writeHead(200, { [ALLOW]: '*' }).end()
  })
  await expect(url).toAllowCorsRequest({ origin: APP })
  // http on this machine is mixed content in WebKit alone.
  for (const assertion of [
    expect(endpoint(url, { mixedContent: true })),
    expect(endpoint(url, { mixedContent: true })).not,
  ]) {
    expect(firstLine(await failure(() => assertion.toAllowCorsRequest({ origin: APP })))).toBe(
      'GET / from https://app.example.com: Chromium and Firefox allow it; WebKit blocks it (mixed-content before it is sent).',
    )
  }
  expect(
    await refusal(() => expect('http://api.example.com').not.toAllowCorsRequest({ origin: APP })),
  ).toContain('mixed-content')
})
