/** APIs that honor the contract of broken-api.ts, each as its framework has it. */
import 'reflect-metadata'
import type { IncomingMessage } from 'node:http'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import cors, { type CorsOptions } from 'cors'
import express, { type Express } from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import { onTestFinished } from 'vitest'
import { APP } from './broken-api.js'

/** A framework's app, whose routes lack what `broken` leaves out. */
export type MakeApp = (broken?: BrokenPolicy) => unknown

/** What is wrong with the policy of `PUT /orders/:id`. */
export type BrokenPolicy = Partial<
  Pick<CorsOptions, 'methods' | 'allowedHeaders' | 'credentials' | 'maxAge' | 'origin'>
>

const PREVIEWS = /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/

function policyOf(path: string, broken: BrokenPolicy): CorsOptions {
  if (path === '/public') return { origin: '*' }
  if (path === '/internal') return { origin: false }
  return {
    origin: [APP, PREVIEWS],
    credentials: true,
    exposedHeaders: ['x-total-count'],
    methods: ['GET', 'PUT'],
    maxAge: 600,
    ...(path === '/orders/1' ? broken : {}),
  }
}

const withCors = (broken: BrokenPolicy) =>
  cors<IncomingMessage>((request, done) => done(null, policyOf(request.url ?? '', broken)))

const ordersStatus = (authorization: string | undefined): number => (authorization === undefined ? 401 : 200)

export function expressApp(broken: BrokenPolicy = {}): Express {
  const app = express()
  app.use(withCors(broken))
  app.get('/orders', (request, response) => {
    response.status(ordersStatus(request.headers.authorization)).set('X-Total-Count', '3').json([])
  })
  app.put('/orders/:id', (_request, response) => void response.json({}))
  app.get('/public', (_request, response) => void response.json({}))
  app.get('/internal', (_request, response) => void response.json({}))
  return app
}

function fastifyApp(broken: BrokenPolicy = {}): unknown {
  const app = Fastify()
  onTestFinished(() => app.close())
  const middleware = withCors(broken)
  app.addHook('onRequest', (request, reply, done) => middleware(request.raw, reply.raw, done))
  app.get('/orders', (request, reply) =>
    reply.status(ordersStatus(request.headers.authorization)).header('x-total-count', '3').send([]),
  )
  app.put('/orders/:id', async () => ({}))
  app.get('/public', async () => ({}))
  app.get('/internal', async () => ({}))
  return app
}

function honoApp(broken: BrokenPolicy = {}): unknown {
  const app = new Hono()
  app.use('*', (context, next) => {
    const { origin, credentials, methods, allowedHeaders, exposedHeaders, maxAge } = policyOf(
      context.req.path,
      broken,
    )
    if (origin === false) return next()
    const isAllowed = (asking: string): boolean =>
      origin === true ||
      [origin].flat().some((each) => each === asking || (each instanceof RegExp && each.test(asking)))
    return honoCors({
      origin: origin === '*' ? '*' : (asking) => (isAllowed(asking) ? asking : null),
      ...(credentials === undefined ? {} : { credentials }),
      ...(methods === undefined ? {} : { allowMethods: [methods].flat() }),
      ...(allowedHeaders === undefined ? {} : { allowHeaders: [allowedHeaders].flat() }),
      ...(exposedHeaders === undefined ? {} : { exposeHeaders: [exposedHeaders].flat() }),
      ...(maxAge === undefined ? {} : { maxAge }),
    })(context, next)
  })
  app.get('/orders', (context) =>
    context.json([], ordersStatus(context.req.header('authorization')) as 200, { 'x-total-count': '3' }),
  )
  app.put('/orders/:id', (context) => context.json({}))
  app.get('/public', (context) => context.json({}))
  app.get('/internal', (context) => context.json({}))
  return app
}

async function nestApp(broken: BrokenPolicy = {}): Promise<unknown> {
  class Root {}
  Module({})(Root)
  const app = await NestFactory.create(Root, { logger: false })
  onTestFinished(() => app.close())
  app.use(expressApp(broken))
  return app
}

export const frameworks: Readonly<Record<string, MakeApp>> = {
  Express: expressApp,
  Fastify: fastifyApp,
  Hono: honoApp,
  NestJS: nestApp,
}
