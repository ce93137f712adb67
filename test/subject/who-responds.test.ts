/** The kind of an app in this process decides whose fix a failure shows; where nothing tells, none is shown. */
import 'expect-cors/vitest'
import 'reflect-metadata'
import { createServer } from 'node:http'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import Fastify from 'fastify'
import { H3 } from 'h3'
import { Hono } from 'hono'
import Koa from 'koa'
import { createServer as createVite } from 'vite'
import { expect, onTestFinished, test } from 'vitest'

const ORIGIN = 'https://app.example.com'

async function vite() {
  const server = await createVite({
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  })
  onTestFinished(() => server.close())
  return server
}

async function nest() {
  class Root {}
  Module({})(Root)
  const app = await NestFactory.create(Root, { logger: false })
  onTestFinished(() => app.close())
  return app
}

const apps: Readonly<Record<string, () => unknown>> = {
  express: () => express(),
  koa: () => new Koa(),
  hono: () => new Hono(),
  h3: () => new H3(),
  nest,
  fastify: () => {
    const app = Fastify()
    onTestFinished(() => app.close())
    return app
  },
  vite,
}

async function failureOf(app: unknown): Promise<string> {
  try {
    await expect(app).toAllowPreflight({ origin: ORIGIN, method: 'PUT' })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

async function fixesFor(app: unknown): Promise<string[]> {
  const message = await failureOf(app)
  expect(message).toContain('Access-Control-Allow-Origin')
  return [...message.matchAll(/^(?:Or: )?In ([a-z0-9-]+): /gm)].map(([, name]) => name ?? '')
}

test.each(Object.entries(apps))('%s', async (name, make) => {
  expect(await fixesFor(await make())).toEqual([name])
})

test('Connect is not Express', async () => {
  const server = await vite()
  expect(await fixesFor(server.middlewares)).toEqual([])
})

test('an http.Server tells nothing, unless its responses do', async () => {
  expect(await fixesFor(createServer((_, response) => response.end()))).toEqual([])
  const php = createServer((_, response) => response.setHeader('X-Powered-By', 'PHP/8.2').end())
  expect(await fixesFor(php)).toEqual(['php'])
})
