/** Servers in this process, each with the policy that somebody really writes: what an audit must find of each, and nothing else. */
import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import cors, { type CorsOptions } from 'cors'
import {
  type AuditFindingId,
  type AuditOptions,
  type AuditSeverity,
  defineCorsContract,
  endpoint,
} from 'expect-cors'
import express, { type Express } from 'express'
// @ts-expect-error it has no types
import express4 from 'express4'
import Fastify from 'fastify'
import * as h3 from 'h3'
import * as h3v1 from 'h3v1'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import Koa from 'koa'
import { HttpResponse, http } from 'msw'
import { onTestFinished } from 'vitest'

export const APP = 'https://app.example.com'
const ADMIN = 'https://admin.example.com'

/** A server, and what is to be found of it. */
export interface AuditedServer {
  readonly name: string
  readonly app: () => unknown
  readonly options?: Partial<AuditOptions>
  /** The classes that must be given, of those about origins; of a server that is right nothing at all is found. */
  readonly finds: readonly AuditFindingId[]
  /** How serious the first of them is. */
  readonly severity?: AuditSeverity
}

const PATH = '/orders'

// Express, with the cors package.

function expressCors(options: CorsOptions, make: () => Express = express): Express {
  const app = make()
  app.use(cors({ credentials: true, ...options }))
  app.get(PATH, (_request, response) => void response.json([]))
  return app
}

/** What a rule lets in that looks for the name of a host anywhere in an origin. */
const NAME_ANYWHERE = [
  'prefix-match',
  'suffix-match',
  'substring-match',
  'any-subdomain',
  'insecure-scheme',
  'other-port',
] as const satisfies readonly AuditFindingId[]

type Rule = (origin: string) => boolean

/** An origin callback. */
const asking =
  (rule: Rule): CorsOptions['origin'] =>
  (origin, done) =>
    done(null, origin !== undefined && rule(origin))

// Handlers as people write them by hand.

interface Said {
  readonly origin: string | null
  readonly credentials?: boolean
}

/** What a handler says to an origin, a cookie and a method. */
type Policy = (asked: {
  readonly origin: string
  readonly cookie: boolean
  readonly method: string
}) => Said | number

/** `fetch`, as Hono, Bun, Deno, and workers have it. */
function fetchHandler(policy: Policy): { fetch: (request: Request) => Response } {
  return {
    fetch(request) {
      const { method, headers } = request
      const origin = headers.get('origin') ?? ''
      const said = policy({ origin, cookie: headers.has('cookie'), method })
      const response = new Response(method === 'OPTIONS' ? null : '[]', {
        status: typeof said === 'number' ? said : method === 'OPTIONS' ? 204 : 200,
        headers: { vary: 'Origin', 'content-type': 'application/json' },
      })
      if (typeof said === 'number' || said.origin === null) return response
      response.headers.set('access-control-allow-origin', said.origin)
      if (said.credentials !== false) response.headers.set('access-control-allow-credentials', 'true')
      if (method === 'OPTIONS') response.headers.set('access-control-allow-methods', 'GET, PUT, DELETE')
      return response
    },
  }
}

/** Sends back the origins that a rule lets in. */
const echo =
  (rule: Rule): Policy =>
  ({ origin }) => ({ origin: rule(origin) ? origin : null })

/** `node:http`. */
function nodeHandler(rule: Rule): unknown {
  const listener: RequestListener = (request, response) => {
    const { origin = '' } = request.headers
    response.setHeader('Vary', 'Origin')
    if (rule(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      response.setHeader('Access-Control-Allow-Methods', 'GET, PUT')
    }
    response.statusCode = request.method === 'OPTIONS' ? 204 : 200
    response.end()
  }
  return endpoint({ listener })
}

function fastifyApp(rule: Rule): unknown {
  const app = Fastify()
  onTestFinished(() => app.close())
  app.addHook('onRequest', async (request, reply) => {
    const { origin = '' } = request.headers
    reply.header('vary', 'Origin')
    if (rule(origin))
      reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
    if (request.method !== 'OPTIONS') return
    await reply.header('access-control-allow-methods', 'GET, PUT').status(204).send()
  })
  app.get(PATH, async () => [])
  app.options(PATH, async () => null)
  return app
}

type HonoOptions = Parameters<typeof honoCors>[0]

function honoApp(options: HonoOptions): unknown {
  const app = new Hono()
  app.use('*', options === undefined ? honoCors() : honoCors(options))
  app.get(PATH, (context) => context.json([]))
  return app
}

const honoRule = (rule: Rule): HonoOptions => ({
  origin: (origin) => (rule(origin) ? origin : null),
  credentials: true,
})

function koaApp(rule: Rule): unknown {
  const app = new Koa()
  app.use(async (context, next) => {
    const origin = context.get('origin')
    context.vary('Origin')
    if (rule(origin)) {
      context.set('Access-Control-Allow-Origin', origin)
      context.set('Access-Control-Allow-Credentials', 'true')
    }
    if (context.method === 'OPTIONS' && rule(origin)) {
      context.set('Access-Control-Allow-Methods', 'GET,PUT')
      context.status = 204
      return
    }
    await next()
  })
  app.use((context) => {
    if (context.path === PATH && context.method === 'GET') context.body = []
  })
  return app
}

async function nestApp(options: CorsOptions): Promise<unknown> {
  class Root {}
  Module({})(Root)
  const app = await NestFactory.create(Root, { logger: false })
  onTestFinished(() => app.close())
  app.enableCors(options)
  app.use(PATH, (_request: unknown, response: { json(value: unknown): void }) => response.json([]))
  await app.init()
  return app.getHttpAdapter().getInstance()
}

function h3App(options: h3.CorsOptions): unknown {
  const app = new h3.H3()
  app.use((event) => {
    const handled = h3.handleCors(event, options)
    return handled === false ? undefined : handled
  })
  app.get(PATH, () => [])
  return app
}

function h3v1App(options: h3v1.H3CorsOptions): unknown {
  const app = h3v1.createApp()
  app.use(
    h3v1.eventHandler((event) => {
      h3v1.handleCors(event, options)
    }),
  )
  app.use(
    PATH,
    h3v1.eventHandler(() => []),
  )
  return endpoint({ listener: h3v1.toNodeListener(app) })
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).hostname : '')

const SIX = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `https://app.${name}.example`)
const GITHUB = { trusted: ['https://acme.github.io'] }
const LOCAL = { trusted: ['http://localhost:3000'] }

/** Deliberately wrong. */
export const wrong: readonly AuditedServer[] = [
  // Everybody.
  {
    name: 'Express, cors({ origin: true, credentials: true })',
    app: () => expressCors({ origin: true }),
    finds: ['reflected-origin', 'null-origin'],
    severity: 'exploitable',
  },
  {
    name: 'Express, cors()',
    app: () => expressCors({ credentials: false }),
    finds: ['reflected-origin'],
    severity: 'exposed',
  },
  {
    name: 'Express 4, cors({ origin: /.*/ })',
    app: () => expressCors({ origin: /.*/ }, express4),
    finds: ['reflected-origin', 'null-origin'],
  },
  {
    name: "Express, cors({ origin: '*', credentials: true })",
    app: () => expressCors({ origin: '*' }),
    finds: ['reflected-origin'],
    severity: 'exposed',
  },
  {
    name: 'Fastify, reflection',
    app: () => fastifyApp(() => true),
    finds: ['reflected-origin', 'null-origin'],
  },
  { name: 'Hono, cors()', app: () => honoApp(undefined), finds: ['reflected-origin'], severity: 'exposed' },
  {
    name: 'Hono, origin: (origin) => origin',
    app: () => honoApp(honoRule(() => true)),
    finds: ['reflected-origin', 'null-origin'],
  },
  { name: 'Koa, reflection', app: () => koaApp(() => true), finds: ['reflected-origin', 'null-origin'] },
  {
    name: 'NestJS, enableCors({ origin: true, credentials: true })',
    app: () => nestApp({ origin: true, credentials: true }),
    finds: ['reflected-origin', 'null-origin'],
  },
  { name: 'NestJS, enableCors()', app: () => nestApp({}), finds: ['reflected-origin'], severity: 'exposed' },
  {
    name: 'h3, handleCors with any origin',
    app: () => h3App({ origin: () => true, credentials: true, methods: '*' }),
    finds: ['reflected-origin', 'null-origin'],
  },
  {
    name: 'h3 1, handleCors with any origin',
    app: () => h3v1App({ origin: () => true, credentials: true, methods: '*' }),
    finds: ['reflected-origin', 'null-origin'],
  },
  {
    name: 'node:http, reflection',
    app: () => nodeHandler(() => true),
    finds: ['reflected-origin', 'null-origin'],
  },
  {
    name: 'fetch, reflection without credentials',
    app: () => fetchHandler(({ origin }) => ({ origin, credentials: false })),
    finds: ['reflected-origin', 'null-origin'],
    severity: 'exposed',
  },
  {
    name: 'fetch, reflection as soon as there is a cookie, as Starlette has it',
    app: () =>
      fetchHandler(({ origin, cookie, method }) => ({
        origin: cookie || method === 'OPTIONS' ? origin : '*',
      })),
    finds: ['reflected-origin', 'null-origin', 'cookie-dependent'],
    severity: 'exploitable',
  },
  {
    name: 'fetch, reflection only without a cookie',
    app: () =>
      fetchHandler(({ origin, cookie }) => ({
        origin: !cookie || origin === APP ? origin : null,
        credentials: cookie,
      })),
    finds: ['reflected-origin', 'null-origin', 'preflight-disagrees'],
    severity: 'exposed',
  },
  {
    name: 'fetch, `*` for all, and credentials for names that end like it',
    app: () =>
      fetchHandler(({ origin }) =>
        origin.endsWith('example.com') ? { origin } : { origin: '*', credentials: false },
      ),
    finds: ['suffix-match', 'any-subdomain', 'insecure-scheme', 'reflected-origin'],
    severity: 'exploitable',
  },
  // null.
  {
    name: "Express, cors({ origin: [app, 'null'] })",
    app: () => expressCors({ origin: [APP, 'null'] }),
    finds: ['null-origin'],
  },
  {
    name: 'Fastify, null on the list',
    app: () => fastifyApp((origin) => [APP, 'null'].includes(origin)),
    finds: ['null-origin'],
  },
  {
    name: 'fetch, `null` sent to whom it refuses, as GraphQL Yoga has it',
    app: () => fetchHandler(({ origin }) => ({ origin: origin === APP ? origin : 'null' })),
    finds: ['null-origin'],
  },
  // Beginnings and ends.
  {
    name: 'Express, a regular expression without $',
    app: () => expressCors({ origin: /^https:\/\/app\.example\.com/ }),
    finds: ['prefix-match', 'other-port'],
  },
  {
    name: 'Koa, startsWith',
    app: () => koaApp((origin) => origin.startsWith(APP)),
    finds: ['prefix-match', 'other-port'],
  },
  {
    name: 'Hono, startsWith on a development origin',
    app: () => honoApp(honoRule((origin) => origin.startsWith('http://localhost'))),
    options: LOCAL,
    finds: ['prefix-match'],
  },
  {
    name: 'NestJS, a regular expression without ^',
    app: () => nestApp({ origin: /example\.com$/, credentials: true }),
    finds: ['suffix-match', 'any-subdomain', 'insecure-scheme'],
  },
  {
    name: 'Hono, endsWith without the dot',
    app: () => honoApp(honoRule((origin) => origin.endsWith('example.com'))),
    finds: ['suffix-match', 'any-subdomain', 'insecure-scheme'],
  },
  {
    name: 'node:http, endsWith with the host',
    app: () => nodeHandler((origin) => hostOf(origin).endsWith('app.example.com')),
    finds: ['suffix-match', 'any-subdomain', 'insecure-scheme', 'other-port'],
  },
  {
    name: 'Express, a pattern of subdomains that may begin anywhere',
    app: () => expressCors({ origin: /^https:\/\/.*example\.com$/ }),
    options: { allowSubdomains: true },
    finds: ['suffix-match'],
  },
  // Parts.
  {
    name: 'Express, a callback with includes',
    app: () => expressCors({ origin: asking((origin) => origin.includes('app.example.com')) }),
    finds: NAME_ANYWHERE,
  },
  {
    name: 'Hono, each name of a list anywhere',
    app: () =>
      honoApp(
        honoRule((origin) => ['app.example.com', 'admin.example.com'].some((name) => origin.includes(name))),
      ),
    options: { trusted: [APP, ADMIN] },
    finds: NAME_ANYWHERE,
  },
  {
    name: 'Koa, a list that is one string',
    app: () => koaApp((origin) => origin !== '' && `${APP},${ADMIN}`.includes(origin)),
    options: { trusted: [APP, ADMIN] },
    finds: ['substring-match'],
  },
  {
    name: 'fetch, the allowed name ends like the host',
    app: () =>
      fetchHandler(echo((origin) => hostOf(origin) !== '' && 'app.example.com'.endsWith(hostOf(origin)))),
    finds: ['substring-match', 'insecure-scheme', 'other-port'],
  },
  // Dots.
  {
    name: 'Express, a dot that is not escaped',
    app: () => expressCors({ origin: /^https:\/\/app.example\.com$/ }),
    finds: ['unescaped-dot'],
  },
  {
    name: 'Fastify, the last dot is not escaped',
    app: () => fastifyApp((origin) => /^https:\/\/app\.example.com$/.test(origin)),
    finds: ['unescaped-dot'],
  },
  {
    name: 'h3, a regular expression made of the origin',
    app: () =>
      h3App({ origin: (origin) => new RegExp(`^${APP}$`).test(origin), credentials: true, methods: '*' }),
    finds: ['unescaped-dot'],
  },
  {
    name: 'Express, origin.match(name)',
    app: () => expressCors({ origin: asking((origin) => origin.match('app.example.com') !== null) }),
    finds: [
      'prefix-match',
      'suffix-match',
      'substring-match',
      'unescaped-dot',
      'any-subdomain',
      'insecure-scheme',
      'other-port',
    ],
  },
  {
    name: 'Express, subdomains with a dot that is not escaped',
    app: () => expressCors({ origin: /^https:\/\/[a-z]+.example\.com$/ }),
    options: { allowSubdomains: true },
    finds: ['unescaped-dot'],
  },
  // Scheme, port, subdomains.
  {
    name: 'Express, https?',
    app: () => expressCors({ origin: /^https?:\/\/app\.example\.com$/ }),
    finds: ['insecure-scheme'],
  },
  {
    name: 'node:http, a comparison of host names',
    app: () => nodeHandler((origin) => hostOf(origin) === 'app.example.com'),
    finds: ['insecure-scheme', 'other-port'],
  },
  {
    name: 'NestJS, any port',
    app: () => nestApp({ origin: /^https:\/\/app\.example\.com(:\d+)?$/, credentials: true }),
    finds: ['other-port'],
  },
  {
    name: 'Hono, every subdomain',
    app: () => honoApp(honoRule((origin) => /^https:\/\/([a-z-]+\.)*example\.com$/.test(origin))),
    finds: ['any-subdomain'],
  },
  {
    name: 'Express, subdomains that are meant, over http too',
    app: () => expressCors({ origin: /^https?:\/\/[a-z.]+\.example\.com$/ }),
    options: { allowSubdomains: true },
    finds: ['insecure-scheme'],
  },
  {
    name: 'Express, previews that begin like it',
    app: () => expressCors({ origin: /^https:\/\/app.*\.example\.com$/ }),
    finds: ['any-subdomain'],
  },
  // Where anybody gets a name.
  {
    name: 'Hono, previews that begin like it on a shared host',
    app: () => honoApp(honoRule((origin) => /^https:\/\/acme(-[a-z0-9-]+)?\.vercel\.app$/.test(origin))),
    options: { trusted: ['https://acme.vercel.app'] },
    finds: ['public-suffix'],
  },
  {
    name: 'node:http, two, and previews of everybody on a shared host',
    app: () =>
      nodeHandler(
        (origin) => [APP, ADMIN].includes(origin) || /^https:\/\/[a-z0-9-]+\.vercel\.app$/.test(origin),
      ),
    options: { trusted: [APP, ADMIN] },
    finds: ['third-party'],
  },
  {
    name: 'Fastify, three, and pages on a shared host',
    app: () =>
      fastifyApp(
        (origin) =>
          [APP, ADMIN, 'https://www.other.example'].includes(origin) || origin.endsWith('.github.io'),
      ),
    options: { trusted: [APP, ADMIN, 'https://www.other.example'] },
    finds: ['third-party'],
  },
  {
    name: 'Hono, what is behind the wildcard of a pattern',
    app: () => honoApp(honoRule((origin) => /^https:\/\/.*preview\.example\.com$/.test(origin))),
    options: { trusted: ['https://*.preview.example.com'] },
    finds: ['suffix-match'],
  },
  {
    name: 'Koa, previews that begin like its site on a shared host',
    app: () =>
      koaApp((origin) => origin === APP || /^https:\/\/example-[a-z0-9-]+\.vercel\.app$/.test(origin)),
    finds: ['third-party'],
  },
  {
    name: 'Express, *.github.io',
    app: () => expressCors({ origin: /^https:\/\/[a-z0-9-]+\.github\.io$/ }),
    options: GITHUB,
    finds: ['public-suffix'],
  },
  {
    name: 'Koa, endsWith(".com")',
    app: () => koaApp((origin) => origin.startsWith('https:') && origin.endsWith('.com')),
    options: { allowSubdomains: true },
    finds: ['public-suffix'],
  },
  {
    name: 'Express, previews of everybody on a shared host',
    app: () => expressCors({ origin: [APP, /^https:\/\/[a-z0-9-]+\.vercel\.app$/] }),
    finds: ['third-party'],
  },
  {
    name: 'Fastify, a playground on the list',
    app: () => fastifyApp((origin) => [APP, 'https://codepen.io'].includes(origin)),
    finds: ['third-party'],
  },
  // Characters that end a name.
  {
    name: 'fetch, a name ends at what is not of a name',
    app: () =>
      fetchHandler(echo((origin) => /^https:\/\/app\.example\.com(?:[^a-z0-9.:-].*)?$/.test(origin))),
    options: { thorough: true },
    finds: ['special-characters'],
    severity: 'exposed',
  },
  {
    name: 'Express, a word boundary for an end',
    app: () => expressCors({ origin: /^https:\/\/app\.example\.com\b(?![.:])/ }),
    options: { thorough: true },
    finds: ['prefix-match', 'special-characters'],
  },
  // Preflight and response.
  {
    name: 'fetch, a check in the preflight alone',
    app: () =>
      fetchHandler(({ origin, method }) => ({
        origin: method !== 'OPTIONS' || origin === APP ? origin : null,
      })),
    finds: ['reflected-origin', 'null-origin', 'preflight-disagrees'],
    severity: 'exploitable',
  },
  {
    name: 'fetch, preflights of everybody',
    app: () =>
      fetchHandler(({ origin, method }) => ({
        origin: method === 'OPTIONS' || origin === APP ? origin : null,
      })),
    finds: ['preflight-disagrees'],
    severity: 'exposed',
  },
  // Several trusted origins.
  {
    name: 'Express, the second of two is loose',
    app: () => expressCors({ origin: [ADMIN, /^https:\/\/shop\.example\.org/] }),
    options: { trusted: [ADMIN, 'https://shop.example.org'] },
    finds: ['prefix-match', 'other-port'],
  },
  {
    name: 'Express, the last of six has a dot that is not escaped',
    app: () => expressCors({ origin: [...SIX.slice(0, 5), /^https:\/\/app.six\.example$/] }),
    options: { trusted: SIX },
    finds: ['unescaped-dot'],
  },
  {
    name: 'Express, the last of three may have any port',
    app: () => expressCors({ origin: [APP, ADMIN, /^https:\/\/www\.example\.com(:\d+)?$/] }),
    options: { trusted: [APP, ADMIN, 'https://www.example.com'] },
    finds: ['other-port'],
  },
  {
    name: 'Hono, a dot that may be missing',
    app: () => honoApp(honoRule((origin) => /^https:\/\/app\.?example\.com$/.test(origin))),
    finds: ['unescaped-dot'],
  },
  {
    name: 'Koa, whatever begins like this machine, for development',
    app: () => koaApp((origin) => origin === APP || origin.startsWith('http://localhost')),
    finds: ['prefix-match'],
  },
  {
    name: 'fetch, a longer port',
    app: () => fetchHandler(echo((origin) => origin.startsWith('https://app.example.com:3000'))),
    options: { trusted: ['https://app.example.com:3000'] },
    finds: ['other-port'],
  },
  {
    name: 'MSW handlers, reflection',
    app: () => [
      http.all('*/orders', ({ request }) =>
        HttpResponse.json([], {
          headers: {
            'access-control-allow-origin': request.headers.get('origin') ?? '',
            'access-control-allow-credentials': 'true',
          },
        }),
      ),
    ],
    finds: ['reflected-origin', 'null-origin'],
  },
]

const listed: Rule = (origin) => [APP, ADMIN].includes(origin)

const right = (name: string, app: () => unknown, options: Partial<AuditOptions> = {}): AuditedServer => ({
  name,
  app,
  options,
  finds: [],
})

/** As they should be. */
export const correct: readonly AuditedServer[] = [
  right('Express, a list', () => expressCors({ origin: [APP, ADMIN] }), { trusted: [APP, ADMIN] }),
  right('Express 4, one origin', () => expressCors({ origin: APP }, express4)),
  right('Express, an exact regular expression', () =>
    expressCors({ origin: /^https:\/\/(app|admin)\.example\.com$/ }),
  ),
  right('Express, a callback', () => expressCors({ origin: asking(listed) })),
  right('Express, a callback that throws', () =>
    expressCors({
      origin: (origin, done) => (origin === APP ? done(null, true) : done(new Error('Not allowed by CORS'))),
    }),
  ),
  right('Express, subdomains', () => expressCors({ origin: /^https:\/\/([a-z0-9-]+\.)+example\.com$/ }), {
    allowSubdomains: true,
  }),
  right(
    'Express, a pattern of previews',
    () => expressCors({ origin: [APP, /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/] }),
    {
      trusted: [APP, 'https://*.preview.example.com'],
    },
  ),
  right('Express, cors(), which everybody may read', () => expressCors({ credentials: false }), {
    publicApi: true,
  }),
  right('Hono, cors(), which everybody may read', () => honoApp(undefined), { publicApi: true }),
  right('NestJS, enableCors(), which everybody may read', () => nestApp({}), { publicApi: true }),
  right(
    'fetch, reflection without credentials, which everybody may read',
    () => fetchHandler(({ origin }) => ({ origin, credentials: false })),
    {
      publicApi: true,
    },
  ),
  right('Express, a list of six', () => expressCors({ origin: SIX }), { trusted: SIX }),
  right('Fastify, a list', () => fastifyApp(listed), { trusted: [APP, ADMIN] }),
  right('Hono, a list', () => honoApp({ origin: [APP, ADMIN], credentials: true })),
  right('Hono, one origin', () => honoApp({ origin: APP, credentials: true })),
  right('Koa, a list, and 404 for the preflights of others', () => koaApp(listed)),
  right('NestJS, a list', () => nestApp({ origin: [APP], credentials: true })),
  right('h3, a list', () => h3App({ origin: [APP], credentials: true, methods: ['GET', 'PUT'] })),
  right('node:http, a list', () => nodeHandler(listed), { trusted: [ADMIN, APP] }),
  right('fetch, always the same origin', () => fetchHandler(() => ({ origin: APP }))),
  right('fetch, always the same origin, without credentials', () =>
    fetchHandler(() => ({ origin: APP, credentials: false })),
  ),
  right('fetch, 403 for others', () => fetchHandler(({ origin }) => (origin === APP ? { origin } : 403))),
  right('fetch, 400 for others', () => fetchHandler(({ origin }) => (origin === APP ? { origin } : 400))),
  right('fetch, 404 for others', () => fetchHandler(({ origin }) => (origin === APP ? { origin } : 404))),
  right('fetch, 401 for others', () => fetchHandler(({ origin }) => (origin === APP ? { origin } : 401))),
  right('fetch, an origin that does not parse is an error', () =>
    fetchHandler(({ origin }) => {
      if (!URL.canParse(origin)) return 500
      return { origin: new URL(origin).origin === APP ? origin : null }
    }),
  ),
  right('fetch, a comparison that ignores case', () =>
    fetchHandler(echo((origin) => origin.toLowerCase() === APP)),
  ),
  right(
    'fetch, every port, which are meant',
    () => fetchHandler(echo((origin) => /^https:\/\/app\.example\.com(:\d+)?$/.test(origin))),
    {
      allowPorts: true,
    },
  ),
  right(
    'fetch, a development server and a native app',
    () => fetchHandler(echo((origin) => ['http://localhost:3000', 'capacitor://localhost'].includes(origin))),
    {
      trusted: ['http://localhost:3000', 'capacitor://localhost'],
    },
  ),
  right(
    'node:http, every name of this machine',
    () => nodeHandler((origin) => /^http:\/\/([a-z0-9-]+\.)*localhost(:\d+)?$/.test(origin)),
    { trusted: ['http://tenant.localhost:3000'] },
  ),
  right(
    'fetch, every port of this machine',
    () => fetchHandler(echo((origin) => /^http:\/\/localhost(:\d+)?$/.test(origin))),
    {
      trusted: ['http://localhost:*'],
    },
  ),
  right('fetch, an address', () => fetchHandler(echo((origin) => origin === 'https://192.0.2.10:8443')), {
    trusted: ['https://192.0.2.10:8443'],
  }),
  right(
    'fetch, an international name',
    () => fetchHandler(echo((origin) => origin === 'https://xn--bcher-kva.example')),
    {
      trusted: ['https://xn--bcher-kva.example'],
    },
  ),
  right(
    'fetch, a name next to others on a shared host',
    () => fetchHandler(echo((origin) => origin === 'https://acme.github.io')),
    GITHUB,
  ),
  right(
    'fetch, a sandboxed frame that is trusted',
    () => fetchHandler(echo((origin) => [APP, 'null'].includes(origin))),
    {
      trusted: [APP, 'null'],
    },
  ),
  right('fetch, the origins of a contract', () => fetchHandler(echo(listed)), {
    trusted: defineCorsContract({ origins: { allow: [APP, ADMIN] }, routes: { 'GET /orders': {} } }),
  }),
  right('Express, with a slash at the end', () => {
    const app = express()
    app.use(cors({ origin: APP, credentials: true }))
    app.get('/orders', (_request, response) => void response.redirect(301, '/orders/all'))
    app.get('/orders/all', (_request, response) => void response.json([]))
    return app
  }),
]
