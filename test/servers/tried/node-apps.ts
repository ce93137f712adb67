/** Apps on Node: one script each, with the snippet where its title says. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  CREDENTIALS,
  hasPackage,
  lacking,
  lines,
  ORIGIN,
  type Start,
  type TriedServer,
} from '../tried-server.js'

function script(
  name: TriedServer['name'],
  packages: readonly string[],
  source: (start: Start) => string,
): TriedServer {
  return {
    name,
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

const quoted = JSON.stringify
const both = `[${quoted(ORIGIN)}, '*']`

export const express = script('express', ['express', 'cors'], ({ kind, snippet }) => {
  const rules = `app.use(cors({ origin: [${quoted(ORIGIN)}], credentials: true }))`
  return lines(
    "import express from 'express'",
    snippet === null && "import cors from 'cors'",
    'const app = express()',
    snippet ?? (kind === 'duplicate' ? rules : null),
    kind === 'auth' &&
      `app.use((req, res, next) => (req.get('Authorization') === ${quoted(CREDENTIALS)} ? next() : res.sendStatus(401)))`,
    kind === 'route' &&
      "app.use((req, res, next) => (['GET', 'PUT'].includes(req.method) ? next() : res.sendStatus(405)))",
    kind === 'errors' && "app.use('/fail', (req, res) => res.sendStatus(500))",
    kind === 'redirect' &&
      "app.use((req, res, next) => (req.path === '/orders' ? res.redirect(308, '/orders/') : next()))",
    kind === 'duplicate' &&
      snippet === null &&
      `app.use((req, res, next) => next(res.append('Access-Control-Allow-Origin', ${quoted(ORIGIN)}) && undefined))`,
    snippet === null && kind === 'policy' && 'app.use(cors())',
    snippet === null && kind !== 'policy' && kind !== 'duplicate' && rules,
    "app.all('/orders', (req, res) => res.json({}))",
    "app.listen(process.env.PORT, '127.0.0.1')",
  )
})

export const fastify = script('fastify', ['fastify', '@fastify/cors'], ({ kind, snippet }) => {
  const rules = `await app.register(cors, { origin: [${quoted(ORIGIN)}], credentials: true, methods: ['GET', 'PUT'] })`
  return lines(
    "import Fastify from 'fastify'",
    snippet === null && "import cors from '@fastify/cors'",
    'const app = Fastify()',
    snippet,
    kind === 'auth' &&
      `app.addHook('onRequest', async (req, reply) => { if (req.headers.authorization !== ${quoted(CREDENTIALS)}) return reply.code(401).send({}) })`,
    kind === 'errors' &&
      "app.addHook('onRequest', async (req, reply) => { if (req.url === '/fail') return reply.code(500).send({}) })",
    kind === 'duplicate' &&
      snippet === null &&
      `app.addHook('onSend', async (req, reply) => { reply.header('Access-Control-Allow-Origin', [${quoted(ORIGIN)}, ${quoted(ORIGIN)}]) })`,
    snippet === null && kind === 'policy' && `await app.register(cors, { origin: [${quoted(ORIGIN)}] })`,
    snippet === null &&
      kind === 'route' &&
      `await app.register(async (inner) => { await inner.register(cors, { origin: [${quoted(ORIGIN)}] }) }, { prefix: '/inner' })`,
    snippet === null && kind !== 'policy' && kind !== 'route' && rules,
    "app.route({ method: ['GET', 'PUT'], url: '/orders', handler: async () => ({}) })",
    "await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })",
  )
})

export const hono = script('hono', ['hono'], ({ kind, snippet }) => {
  const rules = `app.use('*', cors({ origin: [${quoted(ORIGIN)}], credentials: true, allowMethods: ['GET', 'PUT'] }))`
  return lines(
    "import { createServer } from 'node:http'",
    "import { Hono } from 'hono'",
    snippet === null && "import { cors } from 'hono/cors'",
    'const app = new Hono()',
    snippet,
    kind === 'auth' &&
      `app.use('*', async (c, next) => { if (c.req.header('Authorization') !== ${quoted(CREDENTIALS)}) return c.text('', 401); await next() })`,
    kind === 'errors' && "app.use('/fail', (c) => c.text('', 500))",
    snippet === null && kind === 'policy' && "app.use('*', cors())",
    snippet === null && kind === 'route' && `app.put('/orders', cors({ origin: [${quoted(ORIGIN)}] }))`,
    snippet === null && kind !== 'policy' && kind !== 'route' && rules,
    "app.get('/orders', (c) => c.json({}))",
    "app.put('/orders', (c) => c.json({}))",
    'createServer(async (req, res) => {',
    '  const body = []',
    '  for await (const chunk of req) body.push(chunk)',
    "  const init = { method: req.method, headers: req.headers, ...(['GET', 'HEAD'].includes(req.method) ? {} : { body: Buffer.concat(body) }) }",
    "  const answer = await app.fetch(new Request('http://127.0.0.1' + req.url, init))",
    '  res.statusCode = answer.status',
    '  for (const [name, value] of answer.headers) res.appendHeader(name, value)',
    kind === 'duplicate' &&
      snippet === null &&
      `  res.appendHeader('Access-Control-Allow-Origin', ${quoted(ORIGIN)})`,
    '  res.end(Buffer.from(await answer.arrayBuffer()))',
    "}).listen(process.env.PORT, '127.0.0.1')",
  )
})

export const koa = script('koa', ['koa', '@koa/cors'], ({ kind, snippet }) => {
  const rules = `app.use(cors({ origin: () => ${quoted(ORIGIN)}, credentials: true }))`
  return lines(
    "import Koa from 'koa'",
    snippet === null && "import cors from '@koa/cors'",
    'const app = new Koa()',
    snippet ?? (kind === 'duplicate' ? rules : null),
    kind === 'auth' &&
      `app.use((ctx, next) => { if (ctx.get('Authorization') !== ${quoted(CREDENTIALS)}) { ctx.status = 401; return } return next() })`,
    kind === 'route' &&
      "app.use((ctx, next) => { if (!['GET', 'PUT'].includes(ctx.method)) { ctx.status = 405; return } return next() })",
    kind === 'errors' &&
      "app.use((ctx, next) => { if (ctx.path === '/fail') { ctx.status = 500; ctx.body = '{}'; return } return next() })",
    kind === 'duplicate' &&
      snippet === null &&
      `app.use(async (ctx, next) => { await next(); ctx.set('Access-Control-Allow-Origin', ${both}) })`,
    snippet === null && kind === 'policy' && 'app.use(cors())',
    snippet === null && kind !== 'policy' && kind !== 'duplicate' && rules,
    "app.use((ctx) => { if (ctx.path === '/orders') ctx.body = {} })",
    "app.listen(process.env.PORT, '127.0.0.1')",
  )
})

export const nest = script(
  'nest',
  ['@nestjs/core', '@nestjs/common', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'],
  ({ kind, snippet }) => {
    const rules = `app.enableCors({ origin: [${quoted(ORIGIN)}], credentials: true })`
    return lines(
      "import 'reflect-metadata'",
      "import { Controller, Get, Module, Put } from '@nestjs/common'",
      "import { NestFactory } from '@nestjs/core'",
      'class Orders { list() { return {} } change() { return {} } }',
      "Controller('orders')(Orders)",
      "Get()(Orders.prototype, 'list', Object.getOwnPropertyDescriptor(Orders.prototype, 'list'))",
      "Put()(Orders.prototype, 'change', Object.getOwnPropertyDescriptor(Orders.prototype, 'change'))",
      'class App {}',
      'Module({ controllers: [Orders] })(App)',
      'const app = await NestFactory.create(App, { logger: false })',
      snippet ?? (kind === 'duplicate' ? rules : null),
      kind === 'auth' &&
        `app.use((req, res, next) => (req.headers.authorization === ${quoted(CREDENTIALS)} ? next() : res.status(401).json({})))`,
      kind === 'errors' &&
        "app.use((req, res, next) => (req.path === '/fail' ? res.status(500).json({}) : next()))",
      kind === 'duplicate' &&
        snippet === null &&
        `app.use((req, res, next) => next(res.append('Access-Control-Allow-Origin', ${quoted(ORIGIN)}) && undefined))`,
      snippet === null && kind === 'policy' && 'app.enableCors()',
      snippet === null && (kind === 'auth' || kind === 'errors') && rules,
      "await app.listen(process.env.PORT, '127.0.0.1')",
    )
  },
)
