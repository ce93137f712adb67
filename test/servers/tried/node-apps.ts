/** Apps on Node: one script each, with the remedy applied as it says. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  appFaults,
  CREDENTIALS,
  hasPackage,
  isDoubled,
  isMove,
  lacking,
  lines,
  ORIGIN,
  type Policy,
  policyOf,
  type Start,
  type TriedServer,
} from '../tried-server.js'

const quoted = JSON.stringify
const AUTHORIZED = quoted(CREDENTIALS)

function script(
  name: TriedServer['name'],
  packages: readonly string[],
  source: (start: Start) => string,
  faults = appFaults(),
): TriedServer {
  return {
    name,
    faults,
    missing: () => {
      const absent = packages.filter((each) => !hasPackage(each))
      return lacking(name, absent.length === 0, `the package ${absent.join(', ')}`)
    },
    prepare(start) {
      const file = path.join(start.folder, 'server.mjs')
      writeFileSync(file, source(start))
      return { command: process.execPath, args: [file] }
    },
  }
}

/** How a library is used. */
interface Library {
  /** The line that uses it, up to its options and after them. */
  readonly line: readonly [before: string, after: string]
  readonly options: (policy: Policy) => string
}

/**
 * Where the library's line stands, first or last. A remedy moves it as it is, or writes its options into those that are there, or is put first where
 * there is none.
 */
function placed({ fault, fix }: Start, { line, options }: Library): { first: string; last: string } {
  const policy = policyOf(fault)
  const existing = fault === 'wildcard' ? '{}' : policy === null ? null : options(policy)
  const rules = existing === null ? '' : line.join(existing)
  const isMisplaced = fault === 'auth' || fault === 'errors' || fault === 'redirect'
  if (fix === null) return isMisplaced ? { first: '', last: rules } : { first: rules, last: '' }
  if (existing !== null && (isMove(fix) || fix.snippet === '')) return { first: rules, last: '' }
  const pasted = fix.snippet
    .replace(/^import .*$/gm, '')
    .replace(existing !== null && existing !== '{}' ? /^.*where you have none.*$/m : '', '')
  if (existing === null) return { first: pasted, last: '' }
  const [call = ''] = line[0].match(/\w+\((\w+, )?$/) ?? []
  if (!pasted.includes(`${call}{`)) throw new Error(`${call} is not in the snippet`)
  return {
    first: lines(
      `const yourOptions = ${existing}`,
      `const yourOrigins = ${quoted(policy?.origins ?? [])}`,
      `const yourMethods = ${quoted(policy?.methods ?? [])}`,
      `const yourHeaders = ${quoted(policy?.headers ?? [])}`,
      pasted.replace(`${call}{`, `${call}{ ...yourOptions,`),
    ),
    last: '',
  }
}

const corsOptions = ({ origins, methods, headers, exposed, credentials, maxAge }: Policy): string =>
  quoted({ origin: origins, methods, allowedHeaders: headers, exposedHeaders: exposed, credentials, maxAge })

const webOptions = ({ origins, methods, headers, exposed, credentials, maxAge }: Policy): string =>
  quoted({
    origin: origins,
    allowMethods: methods,
    allowHeaders: headers,
    exposeHeaders: exposed,
    credentials,
    maxAge,
  })

export const express = script('express', ['express', 'cors'], (start) => {
  const { fault } = start
  const { first, last } = placed(start, { line: ['app.use(cors(', '))'], options: corsOptions })
  return lines(
    "import express from 'express'",
    "import cors from 'cors'",
    'const app = express()',
    first,
    isDoubled(start) &&
      `app.use((req, res, next) => next(res.append('Access-Control-Allow-Origin', ${quoted(ORIGIN)}) && undefined))`,
    fault === 'auth' &&
      `app.use((req, res, next) => (req.get('Authorization') === ${AUTHORIZED} ? next() : res.sendStatus(401)))`,
    "app.get('/fail', (req, res) => res.sendStatus(500))",
    fault === 'redirect' &&
      "app.use((req, res, next) => (req.path === '/orders' ? res.redirect(308, '/orders/') : next()))",
    last,
    "for (const method of ['get', 'put', 'delete']) app[method]('/orders', (req, res) => res.set('X-Total', '1').json({}))",
    "app.listen(process.env.PORT, '127.0.0.1')",
  )
})

export const nest = script(
  'nest',
  ['@nestjs/core', '@nestjs/common', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'],
  (start) => {
    const { fault } = start
    const { first, last } = placed(start, { line: ['app.enableCors(', ')'], options: corsOptions })
    return lines(
      "import 'reflect-metadata'",
      "import { Controller, Delete, Get, Header, Module, Put } from '@nestjs/common'",
      "import { NestFactory } from '@nestjs/core'",
      'class Orders { list() { return {} } change() { return {} } remove() { return {} } }',
      "Controller('orders')(Orders)",
      "for (const [method, name] of [[Get, 'list'], [Put, 'change'], [Delete, 'remove']]) {",
      '  const property = Object.getOwnPropertyDescriptor(Orders.prototype, name)',
      '  method()(Orders.prototype, name, property)',
      "  Header('X-Total', '1')(Orders.prototype, name, property)",
      '}',
      'class App {}',
      'Module({ controllers: [Orders] })(App)',
      'const app = await NestFactory.create(App, { logger: false })',
      first,
      isDoubled(start) &&
        `app.use((req, res, next) => next(res.append('Access-Control-Allow-Origin', ${quoted(ORIGIN)}) && undefined))`,
      fault === 'auth' &&
        `app.use((req, res, next) => (req.headers.authorization === ${AUTHORIZED} ? next() : res.status(401).json({})))`,
      "app.use((req, res, next) => (req.path === '/fail' && req.method === 'GET' ? res.status(500).json({}) : next()))",
      last,
      "await app.listen(process.env.PORT, '127.0.0.1')",
    )
  },
  appFaults('redirect'),
)

export const fastify = script('fastify', ['fastify', '@fastify/cors'], (start) => {
  const { fault } = start
  const { first, last } = placed(start, {
    line: ['await app.register(cors, ', ')'],
    options: corsOptions,
  })
  return lines(
    "import Fastify from 'fastify'",
    "import cors from '@fastify/cors'",
    'const app = Fastify()',
    first,
    isDoubled(start) &&
      `app.addHook('onSend', async (req, reply) => { reply.header('Access-Control-Allow-Origin', [${quoted(ORIGIN)}, ${quoted(ORIGIN)}]) })`,
    fault === 'auth' &&
      `app.addHook('onRequest', async (req, reply) => { if (req.headers.authorization !== ${AUTHORIZED}) return reply.code(401).send({}) })`,
    "app.addHook('onRequest', async (req, reply) => { if (req.url === '/fail' && req.method === 'GET') return reply.code(500).send({}) })",
    fault === 'redirect' &&
      "app.addHook('onRequest', async (req, reply) => { if (req.url === '/orders') return reply.redirect('/orders/', 308) })",
    last,
    "for (const url of ['/orders', '/orders/']) app.route({ method: ['GET', 'PUT', 'DELETE'], url, handler: async (req, reply) => reply.header('X-Total', '1').send({}) })",
    "app.removeContentTypeParser('text/plain')",
    "app.addContentTypeParser('*', (req, body, done) => done(null, null))",
    "await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })",
  )
})

export const hono = script('hono', ['hono'], (start) => {
  const { fault } = start
  const { first, last } = placed(start, { line: ["app.use('*', cors(", '))'], options: webOptions })
  return lines(
    "import { createServer } from 'node:http'",
    "import { Hono } from 'hono'",
    "import { cors } from 'hono/cors'",
    'const app = new Hono()',
    first,
    fault === 'auth' &&
      `app.use('*', async (c, next) => { if (c.req.header('Authorization') !== ${AUTHORIZED}) return c.text('', 401); await next() })`,
    "app.get('/fail', (c) => c.text('', 500))",
    fault === 'redirect' &&
      "app.use('*', (c, next) => (c.req.path === '/orders' ? c.redirect('/orders/', 308) : next()))",
    last,
    "app.on(['GET', 'PUT', 'DELETE'], ['/orders', '/orders/'], (c) => c.json({}, 200, { 'X-Total': '1' }))",
    'createServer(async (req, res) => {',
    '  const body = []',
    '  for await (const chunk of req) body.push(chunk)',
    "  const init = { method: req.method, headers: req.headers, ...(['GET', 'HEAD'].includes(req.method) ? {} : { body: Buffer.concat(body) }) }",
    "  const answer = await app.fetch(new Request('http://127.0.0.1' + req.url, init))",
    '  res.statusCode = answer.status',
    '  for (const [name, value] of answer.headers) res.appendHeader(name, value)',
    isDoubled(start) && `  res.appendHeader('Access-Control-Allow-Origin', ${quoted(ORIGIN)})`,
    '  res.end(Buffer.from(await answer.arrayBuffer()))',
    "}).listen(process.env.PORT, '127.0.0.1')",
  )
})

export const koa = script('koa', ['koa', '@koa/cors'], (start) => {
  const { fault } = start
  const { first, last } = placed(start, {
    line: ['app.use(cors(', '))'],
    options: (policy) =>
      webOptions(policy).replace(
        /"origin":(\[[^\]]*\])/,
        (_, list) => `origin: (ctx) => (${list}.includes(ctx.get('Origin')) ? ctx.get('Origin') : '')`,
      ),
  })
  return lines(
    "import Koa from 'koa'",
    "import cors from '@koa/cors'",
    'const app = new Koa()',
    first,
    isDoubled(start) &&
      `app.use(async (ctx, next) => { await next(); ctx.set('Access-Control-Allow-Origin', [${quoted(ORIGIN)}, '*']) })`,
    fault === 'auth' &&
      `app.use((ctx, next) => { if (ctx.get('Authorization') !== ${AUTHORIZED}) { ctx.status = 401; return } return next() })`,
    "app.use((ctx, next) => { if (ctx.path === '/fail' && ctx.method === 'GET') { ctx.status = 500; ctx.body = '{}'; return } return next() })",
    fault === 'redirect' &&
      "app.use((ctx, next) => { if (ctx.path === '/orders') { ctx.redirect('/orders/'); ctx.status = 308; return } return next() })",
    last,
    "app.use((ctx) => { if (/^.orders.?$/.test(ctx.path) && ctx.method !== 'OPTIONS') { ctx.set('X-Total', '1'); ctx.body = {} } })",
    "app.listen(process.env.PORT, '127.0.0.1')",
  )
})

export const h3 = script('h3', ['h3'], (start) => {
  const { fault } = start
  const { first, last } = placed(start, {
    line: [
      'app.use((event) => {\n  const response = handleCors(event, ',
      ')\n  if (response !== false) return response\n})',
    ],
    options: ({ origins, methods, headers, exposed, credentials, maxAge }) =>
      quoted({
        origin: origins,
        methods,
        allowHeaders: headers,
        exposeHeaders: exposed,
        credentials,
        maxAge: String(maxAge),
      }),
  })
  return lines(
    "import { H3, handleCors, HTTPError, serve } from 'h3'",
    'const app = new H3()',
    first,
    isDoubled(start) &&
      `app.use(async (event, next) => { const body = await next(); event.res.headers.append('Access-Control-Allow-Origin', ${quoted(ORIGIN)}); return body })`,
    fault === 'auth' &&
      `app.use((event) => { if (event.req.headers.get('authorization') !== ${AUTHORIZED}) throw new HTTPError({ status: 401 }) })`,
    "app.use((event) => { if (event.url.pathname === '/fail' && event.req.method === 'GET') throw new HTTPError({ status: 500 }) })",
    fault === 'redirect' &&
      "app.use((event) => { if (event.url.pathname === '/orders') return new Response(null, { status: 308, headers: { Location: '/orders/' } }) })",
    last,
    "for (const method of ['GET', 'PUT', 'DELETE']) for (const path of ['/orders', '/orders/']) app.on(method, path, (event) => { event.res.headers.set('X-Total', '1'); return {} })",
    "serve(app, { port: process.env.PORT, hostname: '127.0.0.1' })",
  )
})

/** Its `server.cors` is its only place, and a plugin is the app. */
export const vite = script(
  'vite',
  ['vite'],
  (start) => {
    const { fault, fix } = start
    const policy = policyOf(fault)
    const existing = fault === 'wildcard' ? 'true' : policy === null ? null : corsOptions(policy)
    const pasted = fix?.snippet.match(/ {4}cors: \{\n([\s\S]*?) {4}\},\n/)?.[1]
    const listed = policy === null ? '' : `${policy.origins.map((origin) => quoted(origin)).join()},`
    const options =
      pasted === undefined
        ? existing
        : `{ ${existing === null || existing === 'true' ? '' : `...${existing},`} ${pasted.replace('[defaultAllowedOrigins,', `[defaultAllowedOrigins, ${listed}`)} }`
    return lines(
      "import { createServer, defaultAllowedOrigins } from 'vite'",
      'const server = await createServer({',
      "  configFile: false, root: import.meta.dirname, logLevel: 'silent', optimizeDeps: { noDiscovery: true },",
      `  server: { host: '127.0.0.1', port: Number(process.env.PORT), strictPort: true, hmr: false, watch: null${options === null ? '' : `, cors: ${options}`} },`,
      "  plugins: [{ name: 'api', configureServer: (server) => { server.middlewares.use((req, res, next) => {",
      isDoubled(start) && `    res.appendHeader('Access-Control-Allow-Origin', ${quoted(ORIGIN)})`,
      "    res.setHeader('X-Total', '1')",
      "    const known = { '/orders': 200, '/fail': 500 }[req.url] ?? 404",
      "    res.statusCode = known; res.end('{}')",
      '  }) } }],',
      '})',
      'await server.listen()',
    )
  },
  appFaults('auth', 'errors', 'redirect'),
)
