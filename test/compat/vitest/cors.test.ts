import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import { expect, test } from 'vitest'

const origin = 'https://app.example.com'
const stranger = 'https://stranger.example'

const app = express()
app.use(cors({ origin: [origin], methods: ['GET', 'PUT'], allowedHeaders: ['content-type'] }))
app.all('/', (_request, response) => {
  response.json({ ok: true })
})

const answer = { status: 200, headers: { 'access-control-allow-origin': origin, vary: 'Origin' } }

test('an observed response is judged at once', () => {
  expect(answer).toAllowOrigin(origin)
  expect(observed(answer, { origin: stranger })).not.toAllowOrigin(stranger)
})

test('an app is asked as a browser would', async () => {
  await expect(app).toAllowPreflight({ origin, method: 'PUT', headers: ['content-type'] })
  await expect(app).not.toAllowPreflight({ origin: stranger, method: 'PUT', headers: ['content-type'] })
})

test('what does not hold fails', async () => {
  expect(() => expect(observed(answer, { origin: stranger })).toAllowOrigin(stranger)).toThrow(stranger)
  expect(() => expect(answer).not.toAllowOrigin(origin)).toThrow(origin)
  await expect(async () => {
    await expect(app).toAllowPreflight({ origin, method: 'PUT', headers: ['x-unknown'] })
  }).rejects.toThrow('x-unknown')
})
