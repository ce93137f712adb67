import 'expect-cors/vitest'
import cors from 'cors'
import { endpoint, observed } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, answering, EVIL, listen } from './servers.js'

describe('on a response', () => {
  test.each<[string, Record<string, string> | [string, string][]]>([
    ['Origin', { vary: 'Origin' }],
    ['any case', { VARY: 'ORIGIN' }],
    ['among others', { vary: 'Accept-Encoding , origin' }],
    ['a wildcard', { vary: '*' }],
    [
      'on a second line',
      [
        ['Vary', 'Accept'],
        ['Vary', 'Origin'],
      ],
    ],
  ])('holds for %s, whatever the policy', async (_, headers) => {
    expect({ status: 200, headers }).toVaryOnOrigin()
    expect(observed({ status: 404, headers }, { origin: EVIL })).toVaryOnOrigin()
    expect(await failure(() => expect({ status: 200, headers }).not.toVaryOnOrigin())).toContain(
      'varies on the origin',
    )
  })

  test.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'has no Vary header'],
    ['others', { vary: 'Accept, Accept-Encoding' }, 'does not name Origin'],
    ['a longer name', { vary: 'X-Origin, Origin-Agent' }, 'does not name Origin'],
  ])('fails for %s', async (_, headers, why) => {
    expect({ status: 200, headers }).not.toVaryOnOrigin()
    expect(await failure(() => expect({ status: 200, headers }).toVaryOnOrigin())).toContain(why)
  })

  test('says that a wildcard needs none', async () => {
    const response = { status: 200, headers: { 'access-control-allow-origin': '*' } }
    expect(response).not.toVaryOnOrigin()
    expect(await failure(() => expect(response).toVaryOnOrigin())).toContain('No Vary is needed here')
  })

  test('takes no options', async () => {
    expect(
      await refusal(() => expect({ status: 200, headers: {} }).toVaryOnOrigin({ origin: APP })),
    ).toContain('origin')
  })
})

/** Lets `APP` in, and says `Vary` as told. */
function allowing(vary: (origin: string | null) => boolean, constant?: string) {
  return (request: Request): Response => {
    const origin = request.headers.get('origin')
    const headers = new Headers(vary(origin) ? { Vary: 'Accept, Origin' } : { Vary: 'Accept' })
    if (constant !== undefined) headers.set('Access-Control-Allow-Origin', constant)
    else if (origin === APP) headers.set('Access-Control-Allow-Origin', APP)
    return new Response(null, { headers })
  }
}

/** What both forms refuse to judge, in the same words. */
async function neither(subject: unknown, options: object): Promise<string> {
  const positive = await refusal(() => expect(subject).toVaryOnOrigin(options))
  expect(await refusal(() => expect(subject).not.toVaryOnOrigin(options))).toBe(positive)
  return positive
}

describe('on an endpoint', () => {
  test('holds where all three askings vary', async () => {
    const app = express().use('/orders', cors({ origin: [APP, EVIL] }))
    await expect(app).toVaryOnOrigin({ origin: APP, path: '/orders' })
    await expect(app).toVaryOnOrigin({ origin: EVIL, path: '/orders', method: 'HEAD' })
    await expect(allowing(() => false)).not.toVaryOnOrigin({ origin: APP })
  })

  test('asks as the allowed origin, as another and as none', async () => {
    const { url, received } = await listen((_request, response) => {
      response.writeHead(200, { Vary: 'Origin', 'Access-Control-Allow-Origin': APP }).end()
    })
    await expect(url).toVaryOnOrigin({ origin: APP, path: '/orders' })
    expect(received.map(({ line }) => line)).toEqual(['GET /orders', 'GET /orders', 'GET /orders'])
    const [first, second, third] = received.map(({ headers }) => headers.origin)
    expect(first).toBe(APP)
    expect(second).toMatch(/^https?:\/\//)
    expect(second).not.toBe(APP)
    expect(third).toBeUndefined()
    for (const { headers } of received.slice(1)) {
      expect(headers.referer).toBeUndefined()
      expect(headers['sec-fetch-site']).toBeUndefined()
    }
  })

  test.each<[string, (origin: string | null) => boolean, string]>([
    ['where it allows alone', (origin) => origin === APP, 'without an Origin'],
    ['with an origin alone', (origin) => origin !== null, 'without an Origin'],
    ['where it refuses alone', (origin) => origin !== APP, `with Origin: ${APP}`],
  ])('a server that varies %s satisfies neither form', async (_, isVarying, why) => {
    const handler = allowing(isVarying)
    expect(await failure(() => expect(handler).toVaryOnOrigin({ origin: APP }))).toContain(why)
    expect(await failure(() => expect(handler).not.toVaryOnOrigin({ origin: APP }))).toContain(
      'varies on the origin',
    )
  })

  test.each([
    ['a wildcard', '*'],
    ['one origin for all', APP],
  ])('is literal on %s, and says that none is needed', async (_, value) => {
    const constant = allowing(() => false, value)
    const message = await failure(() => expect(constant).toVaryOnOrigin({ origin: APP }))
    expect(message).toContain(`No Vary is needed here: Access-Control-Allow-Origin is '${value}'`)
    expect(message).not.toContain('Send instead')
    expect(message).not.toContain('a cache may')
    await expect(constant).not.toVaryOnOrigin({ origin: APP })
    await expect(allowing(() => true, value)).toVaryOnOrigin({ origin: APP })
    const reflecting = (request: Request): Response =>
      new Response(null, { headers: { 'Access-Control-Allow-Origin': request.headers.get('origin') ?? '*' } })
    expect(await failure(() => expect(reflecting).toVaryOnOrigin({ origin: APP }))).toContain('Send instead')
  })

  test.each<[string, Response]>([
    ['a 404 without CORS', new Response(null, { status: 404, headers: { Vary: 'Origin' } })],
    ['a bare 200', new Response(null, { headers: { Vary: 'Origin' } })],
    ['no Vary either', new Response()],
    [
      'another origin',
      new Response(null, { headers: { Vary: 'Origin', 'Access-Control-Allow-Origin': EVIL } }),
    ],
    [
      'a redirect without CORS',
      new Response(null, { status: 302, headers: { Vary: 'Origin', Location: '/x' } }),
    ],
  ])('%s is not judged: the origin must be allowed', async (_, response) => {
    expect(await neither(() => response.clone(), { origin: APP })).toContain(
      'needs an origin that the server allows',
    )
  })

  test('credentials and headers are part of the request that must be allowed', async () => {
    const seen: Headers[] = []
    const guarded = (request: Request): Response => {
      const headers = { 'Access-Control-Allow-Origin': APP, Vary: 'Origin' }
      if (request.method === 'OPTIONS')
        return new Response(null, { headers: { ...headers, 'Access-Control-Allow-Headers': 'x-tenant' } })
      seen.push(request.headers)
      return request.headers.get('x-tenant') === '7' ? new Response(null, { headers }) : new Response()
    }
    expect(await neither(guarded, { origin: APP })).toContain('missing-allow-origin')
    seen.length = 0
    await expect(endpoint(guarded, { headers: { 'x-tenant': '7' } })).toVaryOnOrigin({ origin: APP })
    await expect(guarded).toVaryOnOrigin({ origin: APP, headers: { 'x-tenant': '7' } })
    expect(seen.map((headers) => headers.get('x-tenant'))).toEqual(Array(6).fill('7'))
    const withCredentials = endpoint(guarded, { headers: { 'x-tenant': '7' }, credentials: 'include' })
    expect(await neither(withCredentials, { origin: APP })).toContain('allow-credentials')
  })

  test.each(['POST', 'DELETE', 'put', 'OPTIONS'])('%s is not sent', async (method) => {
    const handler = answering(200, { 'Access-Control-Allow-Origin': APP, Vary: 'Origin' })
    expect(await neither(handler, { origin: APP, method })).toContain('GET or HEAD')
    expect(await neither(endpoint(handler, { method }), { origin: APP })).toContain('GET or HEAD')
    expect(await neither(handler, { origin: APP, body: 'x' })).toContain('body-with-get-or-head')
    expect(handler.requests).toHaveLength(0)
  })

  test.each([
    ['at its first', '/', '/'],
    ['at its end', '/end', '/end'],
  ])('each hop of a redirect is judged: a Vary missing %s', async (_, bare, path) => {
    const asked: string[] = []
    const moving = (request: Request): Response => {
      const { pathname } = new URL(request.url)
      asked.push(
        `${pathname} ${request.headers.get('origin') === null ? 'none' : 'origin'} ${request.headers.get('x-gate')}`,
      )
      const headers = {
        'Access-Control-Allow-Origin': request.headers.get('origin') === APP ? APP : 'https://no.example',
        ...(pathname === bare ? {} : { Vary: 'Origin' }),
      }
      return pathname === '/'
        ? new Response(null, { status: 302, headers: { ...headers, Location: '/end' } })
        : new Response(null, { headers })
    }
    const gated = endpoint(moving, { extraHeaders: { 'x-gate': 'open' } })
    const message = await failure(() => expect(gated).toVaryOnOrigin({ origin: APP }))
    expect(message).toContain(`api.expect-cors.test${path}\n`)
    expect(asked).toEqual([
      '/ origin open',
      '/end origin open',
      '/ origin open',
      '/ none open',
      '/end origin open',
      '/end none open',
    ])
    await failure(() => expect(gated).not.toVaryOnOrigin({ origin: APP }))
  })

  test('a message has a bound, and shows nothing that is not seen', async () => {
    const lines = Array.from({ length: 2000 }, (_, i): [string, string] => ['Vary', `X-${i}`])
    const message = await failure(() => expect({ status: 200, headers: lines }).toVaryOnOrigin())
    expect(message.split('\n').length).toBeLessThan(120)
    expect(message.length).toBeLessThan(25_000)
    const hidden = { status: 200, headers: { Vary: 'a\u202eb\x1b[31m' } }
    expect(await failure(() => expect(hidden).toVaryOnOrigin())).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)/u)
  })

  test('needs an origin, and takes nothing that caches do not look at', async () => {
    expect(await refusal(() => expect(answering(200)).toVaryOnOrigin())).toContain('an origin that it allows')
    expect(await refusal(() => expect(answering(200)).not.toVaryOnOrigin())).toContain(
      'an origin that it allows',
    )
    expect(
      await refusal(() => expect(answering(200)).not.toVaryOnOrigin({ origin: APP, engines: ['firefox'] })),
    ).toContain('no option engines')
  })
})
