/**
 * Apps in this process, each set up wrongly in its own way: the first sentence of each failure names what is wrong. A slice of those of each
 * framework, unless all are asked for.
 */
import 'expect-cors/vitest'
import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import cors from 'cors'
import type { CorsCause } from 'expect-cors'
import express, { type Express, type RequestHandler, type Response, Router } from 'express'
import Fastify from 'fastify'
import * as h3 from 'h3'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import Koa from 'koa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sliceOfEach } from '../slice.js'
import {
  APP,
  authFirst,
  bareErrors,
  both,
  type Configuration,
  elsewhere,
  LISTED,
  listed,
  noCors,
  none,
  noPreflights,
  only,
  type Probe,
  truthOf,
  type Uncovered,
  WORDS,
} from './truth-of.js'

const LOCAL = 'http://localhost:3000'
const NEW = 'https://new.example.com'
const FULL = {
  origin: [APP, LOCAL],
  credentials: true,
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['content-type', 'authorization'],
}

const auth: RequestHandler = (request, response, next) =>
  request.path === '/api/private' && request.get('authorization') === undefined
    ? void response.sendStatus(401)
    : next()

function routes(app: Express): Express {
  app.get('/api/items', (_, response) => void response.json([]))
  app.put('/api/items', (_, response) => void response.json([]))
  app.get('/api/private', (_, response) => void response.json([]))
  app.get('/api/fail', () => {
    throw new Error('boom')
  })
  app.use(
    ((_error, _request, response, _next) => void response.sendStatus(500)) as express.ErrorRequestHandler,
  )
  return app
}

const withRules = (...handlers: readonly RequestHandler[]): Express => {
  const app = express()
  for (const handler of handlers) app.use(handler)
  return routes(app)
}

/** What is tried, beside what is true of it. */
interface Tried extends Configuration {
  readonly app: () => unknown
}

const calling =
  (answer: (origin: string | undefined) => boolean): cors.CorsOptions['origin'] =>
  (origin, callback) =>
    callback(null, answer(origin))
const isListed = (origin: string | undefined): boolean => origin !== undefined && FULL.origin.includes(origin)
const throwing: cors.CorsOptions['origin'] = (origin, callback) =>
  isListed(origin) ? callback(null, true) : callback(new Error('Not allowed by CORS'))

const handwritten: RequestHandler = (request, response, next) => {
  const origin = request.get('origin')
  if (isListed(origin)) {
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Methods': FULL.methods.join(),
      'Access-Control-Allow-Headers': FULL.allowedHeaders.join(),
    })
  }
  if (request.method === 'OPTIONS') response.sendStatus(204)
  else next()
}

const onlyItems = (): Express => {
  const app = express()
  const router = Router()
  router.use(cors(FULL))
  router.get('/', (_, response) => void response.json([]))
  app.use('/api/items', router)
  return routes(app)
}

const onOneRoute = (): Express => {
  const app = express()
  app.get('/api/items', cors(FULL), (_, response) => void response.json([]))
  return routes(app)
}

/** An error handler that starts the response over. */
const stripping = (): Express => {
  const app = withRules(cors(FULL))
  const inner = app
  const outer = express()
  outer.use((request, response) => {
    const { writeHead } = response
    response.writeHead = function write(this: typeof response, status: number, ...rest: never[]) {
      if (status === 500) for (const name of this.getHeaderNames()) this.removeHeader(name)
      return writeHead.call(this, status, ...rest)
    } as typeof writeHead
    inner(request, response)
  })
  return outer
}

/** Responds to a path before what comes after it, whoever asks. */
const first =
  (path: string, respond: (response: Response) => unknown): RequestHandler =>
  (request, response, next) =>
    request.path === path ? void respond(response) : next()
const onPrivate =
  (...causes: readonly CorsCause[]): Uncovered =>
  ({ path }) =>
    path === '/api/private' ? causes : undefined

/** A cache in front that keeps the first response to a URL, whatever its `Vary`. */
const badlyCached = (): Express => {
  const app = express()
  app.use('/api/items', (request, response, next) => {
    if (request.method !== 'GET' || Object.keys(request.query).length > 0) return next()
    response.set({ 'Access-Control-Allow-Origin': LISTED[1], 'X-Cache': 'HIT', Age: '7' }).json([])
  })
  app.use(cors(FULL))
  return routes(app)
}

function honoApp(...setUp: readonly ((app: Hono) => void)[]): Hono {
  const app = new Hono()
  for (const each of setUp) each(app)
  app.get('/api/items', (context) => context.json([]))
  app.put('/api/items', (context) => context.json([]))
  app.get('/api/private', (context) => context.json([]))
  app.get('/api/fail', () => {
    throw new Error('boom')
  })
  app.onError((_, context) => context.text('boom', 500))
  return app
}
const honoRules = (app: Hono): void =>
  void app.use(
    honoCors({
      origin: FULL.origin,
      credentials: true,
      allowMethods: FULL.methods,
      allowHeaders: FULL.allowedHeaders,
    }),
  )
const honoAuth = (app: Hono): void =>
  void app.use('/api/private', async (context, next) =>
    context.req.header('authorization') === undefined ? context.text('no', 401) : next(),
  )

function koaApp(...handlers: readonly Koa.Middleware[]): Koa {
  const app = new Koa()
  app.silent = true
  for (const handler of handlers) app.use(handler)
  app.use((context) => {
    if (context.path === '/api/fail') context.throw(500)
    if (context.path === '/api/private') context.throw(401)
    if (context.path === '/api/items' && context.method !== 'OPTIONS') context.body = []
  })
  return app
}
/** As `@koa/cors` does: what it refuses is passed on, with `Vary: Origin`. */
const koaRules: Koa.Middleware = async (context, next) => {
  context.vary('Origin')
  const origin = context.get('origin')
  if (!isListed(origin)) return next()
  context.set('Access-Control-Allow-Origin', origin)
  if (context.method !== 'OPTIONS') return next()
  context.set('Access-Control-Allow-Methods', FULL.methods.join())
  context.set('Access-Control-Allow-Headers', FULL.allowedHeaders.join())
  context.status = 204
}

function fastifyApp(withCors: boolean): unknown {
  const app = Fastify()
  onTestFinished(() => app.close())
  if (withCors) {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('Vary', 'Origin')
      if (!isListed(request.headers.origin)) return
      reply.header('Access-Control-Allow-Origin', request.headers.origin)
      if (request.method !== 'OPTIONS') return
      reply.header('Access-Control-Allow-Methods', FULL.methods.join())
      reply.header('Access-Control-Allow-Headers', FULL.allowedHeaders.join())
      await reply.code(204).send()
    })
  }
  app.get('/api/items', async () => [])
  app.put('/api/items', async () => [])
  app.get('/api/private', async (_, reply) => reply.code(401).send())
  app.get('/api/fail', async () => {
    throw new Error('boom')
  })
  return app
}

async function nestApp(
  setUp: (app: Awaited<ReturnType<typeof NestFactory.create>>) => void,
): Promise<unknown> {
  class Root {}
  Module({})(Root)
  const app = await NestFactory.create(Root, { logger: false })
  onTestFinished(() => app.close())
  setUp(app)
  return app
}

function h3App(options: h3.CorsOptions | null): unknown {
  const app = new h3.H3()
  if (options !== null)
    app.use((event) => {
      const response = h3.handleCors(event, options)
      if (response !== false) return response
    })
  app.get('/api/items', () => [])
  app.put('/api/items', () => [])
  return app
}

const configurations: Readonly<Record<string, Tried>> = {
  'express: a list': { app: () => withRules(cors(FULL), auth), allows: listed },
  'express: one origin': { app: () => withRules(cors({ ...FULL, origin: APP }), auth), allows: only },
  'express: a callback that says false': {
    app: () => withRules(cors({ ...FULL, origin: calling(isListed) }), auth),
    allows: listed,
  },
  'express: a callback that throws': {
    app: () => withRules(cors({ ...FULL, origin: throwing }), auth),
    allows: listed,
  },
  'express: a pattern': {
    app: () => withRules(cors({ ...FULL, origin: /^https:\/\/app\./ }), auth),
    allows: only,
  },
  'express: an empty list': { app: () => withRules(cors({ ...FULL, origin: [] }), auth), allows: none },
  'express: written by hand': { app: () => withRules(handwritten, auth), allows: listed },
  'express: after authentication': {
    app: () => withRules(auth, cors(FULL)),
    allows: listed,
    uncovered: authFirst,
  },
  'express: on one router': { app: onlyItems, allows: listed, uncovered: elsewhere('items') },
  'express: on one route': {
    app: onOneRoute,
    allows: listed,
    uncovered: both(elsewhere('items'), noPreflights),
  },
  'express: errors that start over': { app: stripping, allows: listed, uncovered: bareErrors(500) },
  'express: none': { app: () => withRules(auth), allows: listed, uncovered: noCors },
  'express: methods left out': {
    app: () => withRules(cors({ ...FULL, methods: 'GET' }), auth),
    allows: listed,
  },
  'express: headers left out': {
    app: () => withRules(cors({ ...FULL, allowedHeaders: 'x-other' }), auth),
    allows: listed,
  },
  'express: two layers': {
    app: () =>
      withRules(cors(FULL), (_, response, next) => {
        response.append('Access-Control-Allow-Origin', APP)
        next()
      }),
    allows: listed,
  },
  'express: redirected to a login first': {
    app: () =>
      withRules(
        (request, response, next) => (request.path === '/api/private' ? response.redirect('/login') : next()),
        cors(FULL),
      ),
    allows: listed,
    uncovered: ({ path }) => (path === '/api/private' ? ['redirected', 'auth-before-cors'] : undefined),
  },
  'express: a rate limit first': {
    app: () =>
      withRules(
        (request, response, next) =>
          request.path === '/api/private' ? void response.sendStatus(429) : next(),
        cors(FULL),
      ),
    allows: listed,
    uncovered: ({ path }) => (path === '/api/private' ? ['rate-limit'] : undefined),
  },
  'express: another origin refused with 403 first': {
    app: () =>
      withRules(
        (request, response, next) =>
          isListed(request.get('origin') ?? APP) ? next() : void response.sendStatus(403),
        cors(FULL),
      ),
    allows: listed,
  },
  'express: a firewall first': {
    app: () =>
      withRules(
        first('/api/private', (response) => response.sendStatus(403)),
        cors(FULL),
      ),
    allows: listed,
    uncovered: onPrivate('no-cors-here', 'errors-without-cors'),
  },
  'express: maintenance first': {
    app: () =>
      withRules(
        first('/api/private', (response) => response.sendStatus(503)),
        cors(FULL),
      ),
    allows: listed,
    uncovered: onPrivate('errors-without-cors', 'gateway'),
  },
  'express: another page first, by a redirect': {
    app: () =>
      withRules(
        first('/api/private', (response) => response.redirect(308, '/api/private/')),
        cors(FULL),
      ),
    allows: listed,
    uncovered: onPrivate('redirected'),
  },
  'express: OPTIONS answered by hand first': {
    app: () =>
      withRules(
        (request, response, next) => (request.method === 'OPTIONS' ? void response.sendStatus(200) : next()),
        cors(FULL),
        auth,
      ),
    allows: listed,
    uncovered: noPreflights,
  },
  'express: OPTIONS refused first': {
    app: () =>
      withRules(
        (request, response, next) =>
          request.method === 'OPTIONS' ? void response.set('Allow', 'GET').sendStatus(405) : next(),
        cors(FULL),
        auth,
      ),
    allows: listed,
    uncovered: noPreflights,
  },
  'express: preflights passed on': {
    app: () =>
      withRules(
        cors({ ...FULL, preflightContinue: true }),
        first('/api/items', (response) => response.sendStatus(405)),
      ),
    allows: listed,
  },
  'express: the first of a list whoever asks': {
    app: () => withRules(cors({ ...FULL, origin: APP }), auth),
    allows: only,
  },
  'express: another scheme': {
    app: () => withRules(cors({ ...FULL, origin: APP.replace('https', 'http') }), auth),
    allows: none,
  },
  'express: behind a cache without Vary': { app: badlyCached, allows: listed, isCached: true },
  'express: a route that fails, and is another with a query': {
    app: () =>
      withRules(
        (request, response, next) =>
          request.method === 'GET' && request.url === '/api/fail' ? void response.sendStatus(500) : next(),
        cors(FULL),
        first('/api/fail', (response) => response.sendStatus(404)),
        auth,
      ),
    allows: listed,
    uncovered: ({ path, preflight }) =>
      path === '/api/fail' && preflight === undefined ? ['errors-without-cors'] : undefined,
  },
  'koa: an origin that is refused by throwing': {
    app: () =>
      koaApp((context, next) => {
        if (!isListed(context.get('origin') || APP)) context.throw(403)
        return koaRules(context, next)
      }),
    allows: listed,
    uncovered: bareErrors(401, 500),
  },
  'hono: a list': { app: () => honoApp(honoRules, honoAuth), allows: listed },
  'hono: a function that returns null': {
    app: () =>
      honoApp(
        (app) => void app.use(honoCors({ origin: (origin) => (isListed(origin) ? origin : null) })),
        honoAuth,
      ),
    allows: listed,
  },
  'hono: after authentication': {
    app: () => honoApp(honoAuth, honoRules),
    allows: listed,
    uncovered: authFirst,
  },
  'hono: on one path': {
    app: () => honoApp((app) => void app.use('/api/items', honoCors({ origin: FULL.origin })), honoAuth),
    allows: listed,
    uncovered: elsewhere('items'),
  },
  'hono: none': { app: () => honoApp(honoAuth), allows: listed, uncovered: noCors },
  'koa: a list': { app: () => koaApp(koaRules), allows: listed, uncovered: bareErrors(401, 500) },
  'koa: none': { app: () => koaApp(), allows: listed, uncovered: noCors },
  'fastify: a list': { app: () => fastifyApp(true), allows: listed },
  'fastify: none': { app: () => fastifyApp(false), allows: listed, uncovered: noCors },
  'nest: a list': { app: () => nestApp((app) => app.enableCors(FULL)), allows: listed },
  'nest: a callback that says false': {
    app: () => nestApp((app) => app.enableCors({ ...FULL, origin: calling(isListed) as never })),
    allows: listed,
  },
  'nest: none': { app: () => nestApp(() => {}), allows: listed, uncovered: noCors },
  'h3: a list': {
    app: () => h3App({ origin: FULL.origin, methods: ['GET', 'PUT'], credentials: true }),
    allows: listed,
  },
  'h3: none': { app: () => h3App(null), allows: listed, uncovered: noCors },
}

const PATHS = ['/api/items', '/api/missing', '/api/fail', '/api/private']
const PROBES: readonly Probe[] = [
  ...[APP, NEW].flatMap((origin) => PATHS.map((path) => ({ origin, path }))),
  ...[LOCAL, 'null'].map((origin) => ({ origin, path: '/api/items' })),
  { origin: APP, path: '/api/items', preflight: 'PUT', headers: ['content-type'] },
  { origin: NEW, path: '/api/items', preflight: 'PUT', headers: ['content-type'] },
  { origin: APP, path: '/api/items', preflight: 'PROPFIND', headers: [] },
  { origin: APP, path: '/api/items', preflight: 'PUT', headers: ['x-custom'] },
  { origin: APP, path: '/api/private', preflight: 'GET', headers: ['authorization'] },
  { origin: NEW, path: '/api/private', preflight: 'GET', headers: ['authorization'] },
  { origin: NEW, path: '/api/missing', preflight: 'PUT', headers: ['content-type'] },
]

/** The prose of a failure, before what was asked again and what was exchanged. */
function whatIsSaid(message: string): string {
  return message.split(/\nAsked again|\n> /)[0] ?? ''
}

async function failureOf(app: unknown, { origin, path, preflight, headers }: Probe): Promise<string | null> {
  try {
    if (preflight === undefined) await expect(app).toAllowOrigin(origin, { path })
    else
      await expect(app).toAllowPreflight({ origin, path, method: preflight, headers: [...(headers ?? [])] })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe.each(sliceOfEach(Object.entries(configurations), 3, ([name]) => name.split(':')[0] as string))(
  '%s',
  (_, tried) => {
    test('every first sentence names what is wrong', async () => {
      const app = await tried.app()
      const wrong: string[] = []
      let failures = 0
      for (const probe of PROBES) {
        const message = await failureOf(app, probe)
        if (message === null) continue
        failures++
        const sentence = whatIsSaid(message)
        const code = /errors\/([a-z-]+)\.md/.exec(message)?.[1]
        const status = Number(/\bstatus (\d+)/.exec(sentence)?.[1] ?? 0)
        const wanted = truthOf(tried, { probe, verdict: { code: code as never, value: null }, status })
        if (!wanted.some((cause) => WORDS[cause].test(sentence)))
          wrong.push(
            `${probe.preflight ?? 'GET'} ${probe.path} ${probe.origin} (${status}): ${wanted.join(' or ')} → ${sentence}`,
          )
      }
      expect(wrong).toEqual([])
      expect(failures).toBeGreaterThan(5)
    }, 30_000)
  },
)
