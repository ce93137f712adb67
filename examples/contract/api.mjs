// The API: Express with the cors package. `node api.mjs [port] [dev]` serves it; in development, pages on localhost may call, too.
import { fileURLToPath } from 'node:url'
import cors from 'cors'
import express from 'express'

export function createApi({ isDev = false } = {}) {
  const app = express()
  const policy = cors({
    origin: [
      'https://app.example.com',
      /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/,
      ...(isDev ? [/^http:\/\/localhost:\d+$/] : []),
    ],
    credentials: true,
    methods: ['GET', 'PUT'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['x-total-count'],
    maxAge: 600,
  })
  const signedIn = (request, response, next) => {
    if (request.get('authorization') === undefined) response.sendStatus(401)
    else next()
  }

  app.use('/orders', policy, signedIn)
  app.get('/orders', (_request, response) => {
    response.set('X-Total-Count', '2').json([{ id: 1 }, { id: 2 }])
  })
  app.put('/orders/:id', (_request, response) => {
    response.json({ ok: true })
  })
  app.get('/prices', cors(), (_request, response) => {
    response.json([])
  })
  app.get('/admin', (_request, response) => {
    response.json({ users: 2 })
  })
  return app
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port = '3000', mode] = process.argv.slice(2)
  createApi({ isDev: mode === 'dev' }).listen(Number(port), '127.0.0.1')
}
