/** Apps in this process from their first request to their end: sockets that come and go, and apps that are closed. Hundreds of apps where all are asked for, else dozens. */
import { readdirSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import cors from 'cors'
import { CorsNetworkError, openPage } from 'expect-cors'
import express from 'express'
import Fastify from 'fastify'
import { describe, expect, test, vi } from 'vitest'
import { howMany } from '../slice.js'
import 'expect-cors/vitest'

const page = 'https://app.example.com'
const evil = 'https://evil.example'

function allowing(): express.Express {
  return express()
    .use(cors({ origin: page }))
    .all('/', (_request, response) => {
      response.json({})
    })
}

const listening = async (server: Server): Promise<Server> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })

const fastify = () => {
  const app = Fastify()
  app.addHook('onSend', async (_request, reply) => {
    reply.header('access-control-allow-origin', page)
  })
  app.get('/', async () => ({}))
  return app
}

class Nothing {}
Module({})(Nothing)

const nest = async () => {
  const app = await NestFactory.create(Nothing, { logger: false })
  app.enableCors({ origin: page })
  return app
}

describe('sockets', () => {
  // The descriptors of this process; elsewhere than on Linux there is nothing to count.
  const descriptors = (): number =>
    process.platform === 'linux' ? readdirSync('/proc/self/fd').length : Number.NaN

  test.runIf(process.platform === 'linux')(
    'a file with many apps keeps none of their sockets open',
    async () => {
      await expect(allowing()).toAllowOrigin(page)
      const before = descriptors()
      let most = 0
      const of = (all: number): number => howMany(all, 5)
      for (let i = 0; i < of(300); i++) {
        await expect(allowing()).toAllowCorsRequest({ origin: page, method: 'PUT' })
        most = Math.max(most, descriptors())
      }
      for (let i = 0; i < of(100); i++) {
        const one = openPage(page, { servers: { 'https://api.example.com': allowing() } })
        await (await one.fetch('https://api.example.com/')).text()
        await one.close()
      }
      await Promise.all(Array.from({ length: of(50) }, () => expect(allowing()).not.toAllowOrigin(evil)))
      for (let i = 0; i < of(100); i++) await expect(createServer(allowing())).toAllowOrigin(page)
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(most - before).toBeLessThan(10)
      expect(descriptors() - before).toBeLessThan(10)
    },
    30_000,
  )

  test.runIf(process.platform === 'linux')(
    'an assertion that fails or runs out of time leaves none',
    async () => {
      await expect(allowing()).toAllowOrigin(page)
      const before = descriptors()
      const silent: RequestListener = () => {}
      const endless: RequestListener = (_request, response) => {
        response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).write('and so on')
      }
      for (let i = 0; i < 10; i++) {
        const late = expect({ listener: (...args: Parameters<RequestListener>) => silent(...args) })
        await expect(late.toAllowOrigin(page, { timeout: 20 })).rejects.toThrow(CorsNetworkError)
        await expect(expect(allowing()).toAllowOrigin(evil)).rejects.toThrow(/toAllowOrigin/)
        await expect({ listener: (...args: Parameters<RequestListener>) => endless(...args) }).toAllowOrigin(
          page,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(descriptors() - before).toBeLessThan(5)
    },
  )

  test('one assertion listens once', async () => {
    const ports = new Set<number | undefined>()
    const app = allowing().put('/seen', (_request, response) => {
      response.end()
    })
    const listener: RequestListener = (request, response) => {
      ports.add(request.socket.localPort)
      app(request, response)
    }
    await expect({ listener }).toAllowCorsRequest({ origin: page, method: 'PUT' })
    expect(ports.size).toBe(1)
  })

  test('what a page listens on stays until it is closed', async () => {
    const ports = new Set<number | undefined>()
    const listener: RequestListener = (request, response) => {
      ports.add(request.socket.localPort)
      response.end('ok')
    }
    const one = openPage(page, { servers: { [page]: { listener } } })
    for (let i = 0; i < 3; i++) expect(await (await one.fetch('/')).text()).toBe('ok')
    expect(ports.size).toBe(1)
    await one.close()
    await one.close()
  })

  test('a page that is closed opens nothing any more', async () => {
    const listener = vi.fn<RequestListener>((_request, response) => response.end('ok'))
    const one = openPage(page, { servers: { [page]: { listener } } })
    await one.close()
    await expect(one.fetch('/')).rejects.toThrow()
    expect(listener).not.toHaveBeenCalled()
  })
})

describe('an app that has been closed', () => {
  const server = createServer(allowing())
  const cases: [string, () => Promise<unknown>][] = [
    [
      'an http.Server',
      async () => {
        const one = await listening(createServer(allowing()))
        await closed(one)
        return one
      },
    ],
    [
      'an http.Server that was asked before',
      async () => {
        await listening(server)
        await expect(server).toAllowOrigin(page)
        await closed(server)
        return server
      },
    ],
    [
      'an http.Server that never listened',
      async () => {
        const one = createServer(allowing())
        await expect(one).toAllowOrigin(page)
        await closed(one)
        return one
      },
    ],
    [
      'a { listener }',
      async () => {
        const listener = await listening(createServer(allowing()))
        await closed(listener)
        return { listener }
      },
    ],
    [
      'Fastify',
      async () => {
        const app = fastify()
        await app.ready()
        await app.close()
        return app
      },
    ],
    [
      'Fastify that was asked before',
      async () => {
        const app = fastify()
        await expect(app).toAllowOrigin(page)
        await app.close()
        return app
      },
    ],
    [
      'Fastify that was never ready',
      async () => {
        const app = fastify()
        await app.close()
        return app
      },
    ],
    [
      'Fastify that listened',
      async () => {
        const app = fastify()
        await app.listen({ port: 0 })
        await app.close()
        return app
      },
    ],
    [
      'Fastify that is about to close',
      async () => {
        const app = fastify()
        app.addHook('onClose', () => new Promise((resolve) => setTimeout(resolve, 300)))
        await app.ready()
        void app.close()
        return app
      },
    ],
    [
      'Fastify below NestJS',
      async () => {
        const app = fastify()
        await app.close()
        return {
          isInitialized: true,
          getHttpAdapter: () => ({ getInstance: () => app }),
          getHttpServer: () => app.server,
        }
      },
    ],
    [
      'the instance of a plugin of Fastify',
      async () => {
        const app = fastify()
        let instance: unknown
        app.register(async (child) => {
          instance = child
        })
        await app.ready()
        await app.close()
        return instance
      },
    ],
    [
      'NestJS that listened',
      async () => {
        const app = await nest()
        await app.listen(0)
        await app.close()
        return app
      },
    ],
    [
      'NestJS that was asked before',
      async () => {
        const app = await nest()
        await expect(app).toAllowOrigin(page, { path: '/missing' })
        await app.close()
        return app
      },
    ],
  ]

  test.each(cases)('answers nothing: %s', async (_name, make) => {
    const app = await make()
    const message = /got no response: the app has been closed/
    await expect(expect(app).toAllowOrigin(page)).rejects.toThrow(message)
    await expect(expect(app).not.toAllowOrigin(evil)).rejects.toThrow(message)
    await expect(expect(app).not.toAllowPreflight({ origin: evil, method: 'PUT' })).rejects.toThrow(message)
    const one = openPage(page, { servers: { 'https://api.example.com': app } })
    await expect(one.inspect('https://api.example.com/')).rejects.toThrow(message)
    await expect(one.fetch('https://api.example.com/')).rejects.toThrow(TypeError)
    await one.close()
  })

  test('one that does not get ready answers nothing either', async () => {
    const app = fastify()
    app.register(async () => {
      throw new Error('no database')
    })
    const message = 'GET https://api.expect-cors.test/ got no response: '
    for (const assertion of [
      () => expect(app).toAllowOrigin(page),
      () => expect(app).not.toAllowOrigin(evil),
    ]) {
      await expect(assertion()).rejects.toThrow(message)
      await expect(assertion()).rejects.toThrow('the app did not become ready: Error: no database')
      await expect(assertion()).rejects.toThrow(CorsNetworkError)
    }
  })

  test('an http.Server that listens again answers again', async () => {
    const one = await listening(createServer(allowing()))
    await closed(one)
    await listening(one)
    await expect(one).toAllowOrigin(page)
    await closed(one)
  })

  test.each<[string, () => { app: unknown; close(): unknown; asked: Promise<unknown> }]>([
    [
      'an http.Server',
      () => {
        const { promise: asked, resolve } = withResolvers()
        const app = createServer(() => resolve(undefined))
        return { app, asked, close: () => app.close() }
      },
    ],
    [
      'Fastify',
      () => {
        const { promise: asked, resolve } = withResolvers()
        const app = Fastify()
        app.all('/', () => {
          resolve(undefined)
          return new Promise(() => {})
        })
        return { app, asked, close: () => void app.close() }
      },
    ],
  ])('while a request is under way ends it: %s', async (_name, make) => {
    const { app, asked, close } = make()
    const one = openPage(page, { servers: { 'https://api.example.com': app } })
    const asserted = expect(expect(app).not.toAllowOrigin(evil)).rejects.toThrow(/has been closed/)
    const inspected = expect(one.inspect('https://api.example.com/')).rejects.toThrow(/has been closed/)
    await asked
    close()
    await asserted
    await inspected
    await one.close()
  })
})

function withResolvers(): { promise: Promise<unknown>; resolve(value: unknown): void } {
  let resolve: (value: unknown) => void = () => {}
  const promise = new Promise((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

test('an address that the server does not know it has', async () => {
  const one = await listening(createServer(allowing()))
  const { port } = one.address() as AddressInfo
  await expect(`http://127.0.0.1:${port}`).toAllowOrigin(page)
  await closed(one)
  await expect(expect(`http://127.0.0.1:${port}`).not.toAllowOrigin(evil)).rejects.toThrow(/nothing listens/)
})
