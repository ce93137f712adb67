import 'expect-cors/vitest'
import fastify from 'fastify'
import { H3 } from 'h3'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { expect, test } from 'vitest'

const origin = 'https://app.example.com'

test('Fastify, without CORS', async () => {
  const app = fastify()
  app.get('/orders', async () => [])
  await expect(app).toAllowOrigin(origin, { path: '/orders' })
})

test('Hono, with a slash too many', async () => {
  const app = new Hono()
  app.use(cors({ origin: `${origin}/` }))
  app.get('/orders', (context) => context.json([]))
  await expect(app).toAllowOrigin(origin, { path: '/orders' })
})

test('h3, any origin, with credentials', async () => {
  const app = new H3()
  app.use((event) => {
    event.res.headers.set('Access-Control-Allow-Origin', '*')
  })
  app.get('/orders', () => [])
  await expect(app).toAllowCredentialedOrigin(origin, { path: '/orders' })
})

test('forgets to wait', () => {
  expect(new Hono()).toAllowOrigin(origin)
})
