/** Matchers on what a page got. */
import 'expect-cors/vitest'
import cors from 'cors'
import express from 'express'
import { expect, test } from 'vitest'
import { api, app, open } from './helpers.js'

const server = express()
  .use(cors({ origin: app, exposedHeaders: 'X-Total-Count' }))
  .get('/orders', (_request, response) => {
    response.set('X-Total-Count', '2').set('X-Hidden', '1').json([])
  })
  .get('/old', (_request, response) => response.redirect('/orders'))

test('a journey', async () => {
  const page = open(app, { servers: { [api]: server } })
  expect(await page.inspect(`${api}/orders`, { method: 'PUT' })).toAllowCorsRequest()
  const evil = open('https://evil.example', { engine: 'chromium', servers: { [api]: server } })
  const journey = await evil.inspect(`${api}/orders`)
  expect(journey).toBlockCorsRequest()
  expect(journey).not.toAllowCorsRequest()
  expect(() => expect(journey).toAllowCorsRequest()).toThrow(/Access-Control-Allow-Origin/)
  expect(await page.inspect(`${api}/old`)).toAllowCorsRequest()
})

test('a response of the page: what it shows a script', async () => {
  const page = open(app, { servers: { [api]: server } })
  const response = await page.fetch(`${api}/orders`)
  expect(response).toExposeHeader('X-Total-Count')
  expect(response).not.toExposeHeader('X-Hidden')
  expect(response).toAllowOrigin(app)
  expect(() => expect(response).toAllowOrigin('https://evil.example')).toThrow(/https:\/\/evil\.example/)
  const { response: inspected } = await page.inspect(`${api}/orders`)
  expect(inspected).toExposeHeader('X-Total-Count')
})

test('a response that came after redirects, each of which the page has judged', async () => {
  const page = open(app, { servers: { [api]: server } })
  const response = await page.fetch(`${api}/old`)
  expect(response.redirected).toBe(true)
  expect(response).toExposeHeader('X-Total-Count')
})

test('what tells nothing is no subject: opaque, or of the own origin', async () => {
  const page = open(app, { servers: { [api]: server, [app]: server } })
  const opaque = await page.fetch(`${api}/orders`, { mode: 'no-cors' })
  expect(() => expect(opaque).toExposeHeader('X-Total-Count')).toThrow(/opaque response reveals nothing/)
  const own = await page.fetch('/orders')
  expect(() => expect(own).toExposeHeader('X-Total-Count')).toThrow(/CORS has no say/)
})

test('a page itself is no subject', () => {
  const page = open(app)
  expect(() => expect(page).toAllowOrigin(app)).toThrow(/not the page itself/)
})
