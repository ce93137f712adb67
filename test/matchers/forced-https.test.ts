/** Apps that force https, and redirects that lead to the very URL that was asked. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import cors from 'cors'
import { CorsNetworkError, openPage } from 'expect-cors'
import express from 'express'
// @ts-expect-error it has no types
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { HttpResponse, http } from 'msw'
import { describe, expect, test } from 'vitest'
import { closing } from '../page/helpers.js'
import 'expect-cors/vitest'

const page = 'https://app.example.com'
const evil = 'https://evil.example'

const expressApp = (make: typeof express, trust: boolean) => () =>
  make()
    .set('trust proxy', trust)
    .use((request, response, next) => {
      if (request.secure) next()
      else response.redirect(301, `https://${request.headers.host}${request.originalUrl}`)
    })
    .use(cors({ origin: page }))
    .all('/', (_request, response) => {
      response.json({})
    })

const fastifyApp = (trustProxy: boolean) => () => {
  const app = Fastify({ trustProxy })
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol !== 'https') return reply.redirect(`https://${request.host}${request.url}`, 308)
    const { origin } = request.headers
    if (origin === page) reply.header('access-control-allow-origin', origin)
    return undefined
  })
  app.get('/', async () => ({}))
  return app
}

const koaApp = (proxy: boolean) => () => {
  const app = new Koa({ proxy })
  app.use(async (context) => {
    if (!context.secure) {
      context.redirect(`https://${context.host}${context.url}`)
      return
    }
    if (context.get('origin') === page) context.set('Access-Control-Allow-Origin', page)
    context.body = {}
  })
  return app
}

const hono = () => {
  const app = new Hono()
  app.use(async (context, next) => {
    const { url } = context.req
    const isSecure = url.startsWith('https:') && context.req.header('x-forwarded-proto') === 'https'
    if (!isSecure) return context.redirect(url.replace('http:', 'https:'), 301)
    if (context.req.header('origin') === page) context.header('Access-Control-Allow-Origin', page)
    return next()
  })
  return app.get('/', (context) => context.json({}))
}

const listener =
  (isSecure: (request: Parameters<RequestListener>[0]) => boolean): RequestListener =>
  (request, response) => {
    if (!isSecure(request)) {
      response.writeHead(302, { Location: `https://${request.headers.host}${request.url}` }).end()
      return
    }
    const headers = request.headers.origin === page ? { 'Access-Control-Allow-Origin': page } : {}
    response.writeHead(200, headers).end()
  }

const bySocket = listener(({ socket }) => (socket as { encrypted?: boolean }).encrypted === true)
const byHeader = listener(({ headers }) => headers['x-forwarded-proto'] === 'https')

const allowing = ({ headers }: Request): Headers =>
  new Headers(headers.get('origin') === page ? { 'Access-Control-Allow-Origin': page } : {})

class Nothing {}
Module({})(Nothing)

async function nest(): Promise<unknown> {
  const app = closing(await NestFactory.create(Nothing, { logger: false }))
  app.use(expressApp(express, false)())
  return app
}

async function listening(server: Server): Promise<Server> {
  closing(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

describe('an app that forces https is asked as one that is served there', () => {
  test.each<[string, () => unknown]>([
    ['Express 5', expressApp(express, false)],
    ['Express 5 that trusts proxies', expressApp(express, true)],
    ['Express 4', expressApp(express4, false)],
    ['Express 4 that trusts proxies', expressApp(express4, true)],
    ['Fastify', fastifyApp(false)],
    ['Fastify that trusts proxies', fastifyApp(true)],
    ['Koa', koaApp(false)],
    ['Koa that trusts proxies', koaApp(true)],
    ['Hono', hono],
    ['NestJS', nest],
    ['an http.Server, by its socket', () => createServer(bySocket)],
    ['an http.Server, by the header', () => createServer(byHeader)],
    ['an http.Server that listens, by its socket', () => listening(createServer(bySocket))],
    ['an http.Server that listens, by the header', () => listening(createServer(byHeader))],
    ['a { listener }', () => ({ listener: bySocket })],
    [
      'a fetch handler',
      () => (request: Request) =>
        request.url.startsWith('https:') && request.headers.get('x-forwarded-proto') === 'https'
          ? new Response(null, {
              headers: allowing(request),
            })
          : Response.redirect(request.url, 302),
    ],
    [
      'MSW handlers',
      () => [
        http.get('*/', ({ request }) =>
          request.headers.get('x-forwarded-proto') === 'https'
            ? new HttpResponse(null, {
                headers: allowing(request),
              })
            : HttpResponse.redirect(request.url, 302),
        ),
      ],
    ],
  ])('%s', async (_name, make) => {
    const app = await make()
    await expect(app).toAllowOrigin(page)
    await expect(app).not.toAllowOrigin(evil)
    const one = closing(openPage(page, { servers: { 'https://api.example.com': app } }))
    expect((await one.fetch('https://api.example.com/')).status).toBe(200)
  })

  test('a URL that stands for another origin is no app in this process, and is sent what a browser sends', async () => {
    const seen: unknown[] = []
    const app: RequestListener = ({ headers: { host, ...others } }, response) => {
      seen.push(host, others['x-forwarded-proto'])
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
    }
    const { port } = (await listening(createServer(app))).address() as AddressInfo
    const servers = { 'https://api.example.com': `http://127.0.0.1:${port}` }
    const one = closing(openPage(page, { servers }))
    expect((await one.fetch('https://api.example.com/')).status).toBe(200)
    expect(seen).toEqual(['api.example.com', undefined])
  })

  test('a header of the test wins, and http is http', async () => {
    const seen: unknown[] = []
    const app: RequestListener = (request, response) => {
      seen.push(request.headers['x-forwarded-proto'], (request.socket as { encrypted?: boolean }).encrypted)
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
    }
    await expect({ listener: app }).toAllowOrigin(page, { extraHeaders: { 'x-forwarded-proto': 'wss' } })
    await expect({ listener: app }).toAllowOrigin('http://app.example.com')
    await expect({ listener: app }).toAllowOrigin(page)
    expect(seen).toEqual(['wss', true, undefined, undefined, 'https', true])
  })
})

/** Redirects every request to what `location` makes of it. */
function redirecting(
  status: number,
  location: (request: { host: string; url: string }) => string,
  headers = {},
) {
  return createServer((request, response) => {
    const to = location({ host: request.headers.host as string, url: request.url as string })
    response.writeHead(status, { Location: to, ...headers }).end()
  })
}

const withCors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Allow-Headers': '*',
}

/** An app as well: what it is given as decides what an assertion returns. */
type Asked = string
type Assertion = (app: Asked) => Promise<unknown>

const assertions: [string, Assertion][] = [
  ['toAllowOrigin', (app) => expect(app).toAllowOrigin(page)],
  ['not.toAllowOrigin', (app) => expect(app).not.toAllowOrigin(evil)],
  ['toAllowAnyOrigin', (app) => expect(app).toAllowAnyOrigin()],
  ['not.toAllowAnyOrigin', (app) => expect(app).not.toAllowAnyOrigin()],
  ['toAllowCredentialedOrigin', (app) => expect(app).toAllowCredentialedOrigin(page)],
  ['not.toAllowCredentialedOrigin', (app) => expect(app).not.toAllowCredentialedOrigin(evil)],
  ['toAllowPreflight', (app) => expect(app).toAllowPreflight({ origin: page, method: 'PUT' })],
  ['not.toAllowPreflight', (app) => expect(app).not.toAllowPreflight({ origin: evil, method: 'PUT' })],
  ['toAllowMethod', (app) => expect(app).toAllowMethod('PUT', { origin: page })],
  ['not.toAllowMethod', (app) => expect(app).not.toAllowMethod('PUT', { origin: evil })],
  ['toAllowRequestHeader', (app) => expect(app).toAllowRequestHeader('x-a', { origin: page })],
  ['not.toAllowRequestHeader', (app) => expect(app).not.toAllowRequestHeader('x-a', { origin: evil })],
  ['toAllowCorsRequest', (app) => expect(app).toAllowCorsRequest({ origin: page })],
  ['toAllowCorsRequest, PUT', (app) => expect(app).toAllowCorsRequest({ origin: page, method: 'PUT' })],
  ['not.toAllowCorsRequest', (app) => expect(app).not.toAllowCorsRequest({ origin: evil })],
  ['toBlockCorsRequest', (app) => expect(app).toBlockCorsRequest({ origin: evil })],
  ['toBlockCorsRequest, PUT', (app) => expect(app).toBlockCorsRequest({ origin: evil, method: 'PUT' })],
  [
    'toBlockCorsRequest, redirect mode error',
    (app) => expect(app).toBlockCorsRequest({ origin: page, redirect: 'error' }),
  ],
  [
    'not.toAllowCorsRequest, redirect mode error',
    (app) => expect(app).not.toAllowCorsRequest({ origin: page, redirect: 'error' }),
  ],
  ['not.toBlockCorsRequest', (app) => expect(app).not.toBlockCorsRequest({ origin: page })],
  ['toExposeHeader', (app) => expect(app).toExposeHeader('x-a', { origin: page })],
  ['not.toExposeHeader', (app) => expect(app).not.toExposeHeader('x-a', { origin: page })],
  ['toCachePreflightFor', (app) => expect(app).toCachePreflightFor(5, { origin: page, method: 'PUT' })],
  [
    'not.toCachePreflightFor',
    (app) => expect(app).not.toCachePreflightFor(5, { origin: page, method: 'PUT' }),
  ],
  ['toVaryOnOrigin', (app) => expect(app).toVaryOnOrigin({ origin: page })],
  ['toKeepOriginsApartInCaches', (app) => expect(app).toKeepOriginsApartInCaches({ origin: page })],
  ['not.toKeepOriginsApartInCaches', (app) => expect(app).not.toKeepOriginsApartInCaches({ origin: page })],
  ['not.toVaryOnOrigin', (app) => expect(app).not.toVaryOnOrigin({ origin: page })],
]

describe('a redirect to the very URL that was asked is no verdict', () => {
  const servers: [string, () => Server][] = [
    ['301 by path', () => redirecting(301, ({ url }) => url)],
    ['307 by path, with CORS headers', () => redirecting(307, ({ url }) => url, withCors)],
    ['308 with a fragment', () => redirecting(308, ({ url }) => `${url}#top`)],
    ['302 to https', () => redirecting(302, ({ host, url }) => `https://${host}${url}`)],
    [
      '301 to https without the port',
      () => redirecting(301, ({ host, url }) => `https://${host.split(':')[0]}${url}`),
    ],
  ]

  test.each(
    servers.flatMap(([server, make]) => assertions.map(([name, run]) => [name, server, run, make] as const)),
  )('%s: %s', async (_name, _server, run, make) => {
    const server = await listening(make())
    const { port } = server.address() as AddressInfo
    await expect(run(`http://127.0.0.1:${port}/a`)).rejects.toThrow(CorsNetworkError)
    await expect(run(server as unknown as Asked)).rejects.toThrow(CorsNetworkError)
  })

  test('says so', async () => {
    const server = await listening(redirecting(301, ({ host, url }) => `https://${host}${url}`))
    const { port } = server.address() as AddressInfo
    await expect(expect(server).not.toAllowOrigin(evil)).rejects.toThrow(
      'GET https://api.expect-cors.test/ was redirected (301) to itself, so nothing could be judged',
    )
    await expect(expect(server).not.toAllowPreflight({ origin: evil, method: 'PUT' })).rejects.toThrow(
      'the preflight for https://api.expect-cors.test/ was redirected (301) to itself',
    )
    await expect(expect(server).not.toAllowOrigin('http://evil.example')).rejects.toThrow(
      "the app requires https; say that it is served over it, { baseUrl: 'https://api.expect-cors.test' }",
    )
    await expect(expect(`http://127.0.0.1:${port}/`).not.toAllowOrigin(evil)).rejects.toThrow(
      `was redirected (301) to itself over https, https://127.0.0.1:${port}/, so nothing could be judged`,
    )
    await expect(`http://127.0.0.1:${port}/`).not.toRequirePreflight({ origin: page })
  })

  test('a later hop, too', async () => {
    const loop = await listening(redirecting(302, ({ url }) => url))
    const { port } = loop.address() as AddressInfo
    const first = await listening(redirecting(302, () => `http://localhost:${port}/login`, withCors))
    const { port: firstPort } = first.address() as AddressInfo
    const url = `http://localhost:${firstPort}/`
    await expect(expect(url).not.toAllowOrigin('http://evil.example')).rejects.toThrow(
      /\/login was redirected/,
    )
  })

  test('in a journey of a page', async () => {
    for (const headers of [{}, withCors]) {
      const server = redirecting(302, ({ url }) => url, headers)
      const one = closing(openPage(page, { servers: { 'https://api.example.com': server } }))
      const journey = await one.inspect('https://api.example.com/')
      expect(journey.verdict.outcome).toBe('blocked')
      expect(() => expect(journey).toBlockCorsRequest()).toThrow(CorsNetworkError)
      expect(() => expect(journey).not.toAllowCorsRequest()).toThrow(CorsNetworkError)
    }
  })

  test('but one that makes a GET of a POST is followed, and so is another path, query or host', async () => {
    const app = express()
      .use(cors({ origin: page }))
      .post('/', (_request, response) => response.redirect(303, '/'))
      .get('/', (_request, response) => {
        response.json({})
      })
      .get('/slash', (_request, response) => response.redirect('/?a=1'))
    await expect(app).toAllowCorsRequest({ origin: page, method: 'POST' })
    await expect(app).toAllowOrigin(page, { path: '/slash' })
    await expect(app).toBlockCorsRequest({ origin: evil }, 'allow-origin-mismatch')
    const silent = express().post('/', (_request, response) => response.redirect(303, '/'))
    await expect(expect(silent).toBlockCorsRequest({ origin: evil, method: 'POST' })).rejects.toThrow(
      CorsNetworkError,
    )
    const elsewhere = express().get('/', (_request, response) => response.redirect('/elsewhere'))
    await expect(elsewhere).toBlockCorsRequest({ origin: evil }, 'missing-allow-origin')
  })
})
