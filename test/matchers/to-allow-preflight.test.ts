import 'expect-cors/vitest'
import cors from 'cors'
import { configure, endpoint, observed } from 'expect-cors'
import express from 'express'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { ALLOW, APP, answering, EVIL, HEADERS, METHODS, preflighting } from './servers.js'

const app = express()
app.use(
  cors({
    origin: [APP, 'https://admin.example.com'],
    methods: ['GET', 'PUT'],
    allowedHeaders: ['Content-Type'],
  }),
)
app.put('/orders', () => {
  throw new Error('a preflight is all that is sent')
})

describe('on an endpoint', () => {
  test('holds for an ok status, the origin, the method and every header', async () => {
    await expect(app).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['content-type'] })
    await expect(app).toAllowPreflight({ origin: APP, method: 'PUT', path: '/orders' })
    await expect(app).toAllowPreflight({ origin: APP, headers: { 'Content-Type': 'application/json' } })
    await expect(app).toAllowPreflight({
      origin: APP,
      method: 'POST',
      body: new Blob(['{}'], { type: 'application/json' }),
    })
    expect(await failure(() => expect(app).not.toAllowPreflight({ origin: APP, method: 'PUT' }))).toContain(
      'succeeds',
    )
  })

  test.each([
    ['another origin', { origin: EVIL, method: 'PUT' }, EVIL],
    ['another method', { origin: APP, method: 'DELETE' }, 'DELETE'],
    ['another header', { origin: APP, method: 'PUT', headers: ['content-type', 'x-tenant'] }, 'x-tenant'],
    [
      'credentials',
      { origin: APP, method: 'PUT', credentials: 'include' as const },
      'Access-Control-Allow-Credentials',
    ],
  ])('fails for %s, and its .not holds', async (_, wanted, why) => {
    await expect(app).not.toAllowPreflight(wanted)
    expect(await failure(() => expect(app).toAllowPreflight(wanted))).toContain(why)
  })

  test.each([300, 301, 304, 401, 403, 404, 405, 500])('a %i with right headers fails', async (status) => {
    const handler = answering(status, { [ALLOW]: '*', [METHODS]: '*' })
    await expect(handler).not.toAllowPreflight({ origin: APP, method: 'PUT' })
    expect(await failure(() => expect(handler).toAllowPreflight({ origin: APP, method: 'PUT' }))).toContain(
      String(status),
    )
  })

  test.each([200, 201, 204, 299])('a %i holds', async (status) => {
    await expect(answering(status, { [ALLOW]: APP, [METHODS]: 'PUT' })).toAllowPreflight({
      origin: APP,
      method: 'PUT',
    })
  })

  test('methods count by case, headers do not', async () => {
    const handler = preflighting({ [ALLOW]: APP, [METHODS]: 'put, PATCH', [HEADERS]: 'X-TENANT' })
    await expect(handler).not.toAllowPreflight({ origin: APP, method: 'put' })
    await expect(handler).not.toAllowPreflight({ origin: APP, method: 'patch' })
    await expect(handler).toAllowPreflight({ origin: APP, method: 'PATCH', headers: { 'x-Tenant': '1' } })
  })

  test('a wildcard counts without credentials only', async () => {
    const wildcard = {
      [ALLOW]: APP,
      [METHODS]: '*',
      [HEADERS]: '*',
      'Access-Control-Allow-Credentials': 'true',
    }
    const handler = preflighting(wildcard)
    const wanted = { origin: APP, method: 'DELETE', headers: ['x-tenant'] }
    await expect(handler).toAllowPreflight(wanted)
    await expect(handler).not.toAllowPreflight({ ...wanted, credentials: 'include' })
  })

  test('Authorization under a wildcard passes, and fails where the standard counts', async () => {
    const handler = preflighting({ [ALLOW]: APP, [HEADERS]: '*' })
    const wanted = { origin: APP, headers: ['authorization'] }
    await expect(handler).toAllowPreflight(wanted)
    await failure(() => expect(handler).not.toAllowPreflight(wanted))
    onTestFinished(configure({ strict: true }))
    for (const message of [
      await failure(() => expect(handler).toAllowPreflight(wanted)),
      await failure(() => expect(handler).not.toAllowPreflight(wanted)),
    ]) {
      expect(firstLine(message)).toMatch(/Fetch Standard blocks it \(header-not-allowed on the preflight\)/)
    }
  })

  test.each([
    ['nothing', {}],
    ['a safelisted method', { method: 'POST' }],
    ['a safelisted header', { headers: { accept: 'text/html', 'content-type': 'text/plain' } }],
    ['credentials', { credentials: 'include' as const }],
    ['a form', { method: 'POST', body: new URLSearchParams({ a: '1' }) }],
  ])('where no engine preflights both forms throw: %s', async (_, options) => {
    const handler = answering(200, { [ALLOW]: '*' })
    const wanted = { origin: APP, ...options }
    expect(await refusal(() => expect(handler).toAllowPreflight(wanted))).toContain('toAllowCorsRequest')
    expect(await refusal(() => expect(handler).not.toAllowPreflight(wanted))).toContain('toAllowCorsRequest')
    expect(handler.requests).toHaveLength(0)
  })

  test('where some engines preflight those are judged, and the message says so', async () => {
    const wanted = { origin: APP, headers: { DPR: '2' } }
    await expect(preflighting({ [ALLOW]: '*', [HEADERS]: 'dpr' })).toAllowPreflight(wanted)
    await expect(preflighting({ [ALLOW]: '*' })).not.toAllowPreflight(wanted)
    expect(await failure(() => expect(preflighting({ [ALLOW]: '*' })).toAllowPreflight(wanted))).toContain(
      'Chromium would send no preflight for it, and was not judged.',
    )
    expect(
      await failure(() =>
        expect(preflighting({ [ALLOW]: '*', [HEADERS]: 'dpr' })).not.toAllowPreflight(wanted),
      ),
    ).toContain('Chromium would send no preflight for it, and was not judged.')
    expect(await refusal(() => expect(app).toAllowPreflight({ ...wanted, engines: ['chromium'] }))).toContain(
      'toAllowCorsRequest',
    )
  })

  test('User-Agent is dropped by Chromium and preflighted elsewhere', async () => {
    const wanted = { origin: APP, headers: { 'User-Agent': 'me' } }
    await expect(preflighting({ [ALLOW]: '*', [HEADERS]: 'user-agent' })).toAllowPreflight(wanted)
    expect(await failure(() => expect(preflighting({ [ALLOW]: '*' })).toAllowPreflight(wanted))).toContain(
      'Chromium would send no preflight',
    )
  })

  test('a request no browser sends is refused', async () => {
    const wanted = { origin: APP, method: 'TRACE' }
    expect(await refusal(() => expect(app).toAllowPreflight(wanted))).toContain('forbidden-method')
    expect(await refusal(() => expect(app).not.toAllowPreflight(wanted))).toContain('forbidden-method')
  })

  test('options of endpoint() are part of the request', async () => {
    const handler = preflighting({ [ALLOW]: '*', [METHODS]: 'PUT' })
    await expect(endpoint(handler, { method: 'PUT' })).toAllowPreflight({ origin: APP })
    await expect(endpoint(handler, { method: 'PUT' })).not.toAllowPreflight({ origin: APP, method: 'DELETE' })
  })

  test('takes one object with an origin', async () => {
    // @ts-expect-error there is no origin
    expect(await refusal(() => expect(app).toAllowPreflight({ method: 'PUT' }))).toContain("page's origin")
    // @ts-expect-error it is no string
    expect(await refusal(() => expect(app).toAllowPreflight(APP))).toContain('one object')
  })
})

describe('on a response', () => {
  const answer = { status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PUT' } }

  test('is judged as the answer to that preflight', async () => {
    expect(answer).toAllowPreflight({ origin: APP, method: 'PUT' })
    const headers = { Origin: APP, 'Access-Control-Request-Method': 'DELETE' }
    expect(observed(answer, { method: 'OPTIONS', headers })).not.toAllowPreflight({
      origin: APP,
      method: 'DELETE',
    })
    expect({ ...answer, status: 200 }).toAllowPreflight({ origin: APP, method: 'PUT' })
    expect(
      await failure(() =>
        expect({ ...answer, status: 401 }).toAllowPreflight({ origin: APP, method: 'PUT' }),
      ),
    ).toContain('401')
    expect(await failure(() => expect(answer).toAllowPreflight({ origin: APP, method: 'DELETE' }))).toContain(
      'DELETE',
    )
  })

  test('of supertest', async () => {
    const preflight = (method: string) =>
      supertest(app)
        .options('/orders')
        .set({ Origin: APP, 'Access-Control-Request-Method': method })
        .set('Access-Control-Request-Headers', 'content-type')
    expect(await preflight('PUT')).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['content-type'] })
    expect(await preflight('DELETE')).not.toAllowPreflight({
      origin: APP,
      method: 'DELETE',
      headers: ['content-type'],
    })
  })

  test('that is no answer to OPTIONS is refused', async () => {
    const response = observed(answer, { origin: APP, method: 'PUT' })
    expect(await refusal(() => expect(response).toAllowPreflight({ origin: APP, method: 'PUT' }))).toContain(
      'PUT, not to a preflight',
    )
    expect(
      await refusal(() => expect(response).not.toAllowPreflight({ origin: APP, method: 'PUT' })),
    ).toContain('OPTIONS')
  })

  test('where no engine would ask both forms throw', async () => {
    const response = observed(answer, { origin: APP })
    expect(await refusal(() => expect(response).toAllowPreflight({ origin: APP }))).toContain(
      'toAllowCorsRequest',
    )
    expect(await refusal(() => expect(response).not.toAllowPreflight({ origin: APP }))).toContain(
      'toAllowCorsRequest',
    )
  })
})
