/** The truth table through every kind of app and every form of URL: a slice of it for each, some of every matcher, unless all of it is asked for. */
import 'expect-cors/vitest'
import 'reflect-metadata'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
// @ts-expect-error its types have another name
import express4 from 'express4'
import Fastify from 'fastify'
import * as h3 from 'h3'
import * as h3v1 from 'h3v1'
import { Hono } from 'hono'
import Koa from 'koa'
import { HttpResponse, http } from 'msw'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sliceOfEach } from '../slice.js'
import {
  answers,
  type Behaviour,
  behaviours,
  endpointArgs,
  fetchResponse,
  listener,
  outcome,
} from './truth.cjs'

/** `joined`: it answers with a Fetch Response, which has joined lines of one name. */
const apps: Record<string, { joined?: true; make(behaviour: Behaviour): unknown }> = {
  'Express 5': { make: (behaviour) => express().use(listener(behaviour)) },
  'Express 4': { make: (behaviour) => express4().use(listener(behaviour)) },
  Koa: {
    make(behaviour) {
      const app = new Koa()
      app.use((context) => {
        context.respond = false
        listener(behaviour)(context.req, context.res)
      })
      return app
    },
  },
  'Fastify, not started': { make: fastify },
  'Fastify, started': {
    async make(behaviour) {
      const app = fastify(behaviour)
      await app.listen({ port: 0 })
      onTestFinished(() => app.close())
      return app
    },
  },
  NestJS: {
    async make(behaviour) {
      class Root {}
      Module({})(Root)
      const app = await NestFactory.create(Root, { logger: false })
      app.use(listener(behaviour))
      onTestFinished(() => app.close())
      return app
    },
  },
  Hono: {
    joined: true,
    make(behaviour) {
      const app = new Hono()
      app.all('*', () => fetchResponse(behaviour))
      return app
    },
  },
  'h3 2': {
    joined: true,
    make: (behaviour) => new h3.H3().all('/**', () => fetchResponse(behaviour)),
  },
  'h3 1, as { listener: toNodeListener(app) }': {
    make(behaviour) {
      const app = h3v1.createApp()
      app.use(h3v1.fromNodeMiddleware(listener(behaviour)))
      return { listener: h3v1.toNodeListener(app) }
    },
  },
  'h3 1, as toWebHandler(app)': {
    joined: true,
    make(behaviour) {
      const app = h3v1.createApp()
      app.use(h3v1.eventHandler(() => fetchResponse(behaviour)))
      const handler = h3v1.toWebHandler(app)
      return { fetch: (request: Request) => handler(request) }
    },
  },
  'a { fetch }': { joined: true, make: (behaviour) => ({ fetch: () => fetchResponse(behaviour) }) },
  'a (Request) => Response': {
    joined: true,
    make: (behaviour) => (_request: Request) => fetchResponse(behaviour),
  },
  'MSW handlers': {
    joined: true,
    make: (behaviour) => [
      http.all('/', () => {
        const { status, headers } = fetchResponse(behaviour)
        return new HttpResponse(null, { status, headers })
      }),
    ],
  },
  'an http.Server, not started': { make: (behaviour) => createServer(listener(behaviour)) },
  'an http.Server, started': { make: async (behaviour) => (await started(behaviour)).server },
  'a { listener }': { make: (behaviour) => ({ listener: listener(behaviour) }) },
  'a URL string': { make: async (behaviour) => (await started(behaviour)).url },
  'a URL': { make: async (behaviour) => new URL((await started(behaviour)).url) },
}

function fastify(behaviour: Behaviour) {
  const app = Fastify()
  app.all('/', (request, reply) => {
    reply.hijack()
    listener(behaviour)(request.raw, reply.raw)
  })
  return app
}

async function started(behaviour: Behaviour) {
  const server = createServer(listener(behaviour))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

describe.each(Object.entries(apps))('%s', (_kind, { joined, make }) => {
  test.each(sliceOfEach(behaviours, 3, ({ matcher }) => matcher))('$name', async (behaviour) => {
    const app = await make(behaviour)
    const answer = answers[behaviour.name]
    const says = await outcome(() => expect(app)[behaviour.matcher](...endpointArgs(behaviour)))
    expect(alternatives(says)).toEqual(
      alternatives((joined === true ? answer?.joined : undefined) ?? answer?.endpoint ?? ''),
    )
  })
})

/** A message, its causes in any order: which is the likelier, the kind of the app may tell. */
function alternatives(message: string): string[] {
  const [start = '', causes = ''] = message.split('; either ')
  return [start, ...causes.replace(/\.$/, '').split(', or ').sort()]
}
