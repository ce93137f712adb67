/** A mock as what is held to a contract: handlers, and what `setupServer` returned. */

import 'expect-cors/vitest'
import cors from 'cors'
import {
  checkCorsContract,
  defineCorsContract,
  endpoint,
  observeCorsPolicy,
  openPage,
  recordCorsContract,
} from 'expect-cors'
import { withCors } from 'expect-cors/msw'
import { describeCorsContract } from 'expect-cors/vitest'
import express from 'express'
import { HttpResponse, http, passthrough, ws } from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, onTestFinished, test } from 'vitest'

const APP = 'https://app.example.com'
const API = 'https://api.example.com'

const contract = defineCorsContract({
  origins: { allow: [APP], deny: ['https://evil.example'] },
  routes: {
    'GET /orders': { exposes: ['x-total-count'], statuses: { 200: {} } },
    'PUT /orders/:id': { headers: ['content-type'], params: { id: '1' } },
    'DELETE /admin': { origins: { allow: [] } },
  },
})

const orders = () => HttpResponse.json([], { headers: { 'x-total-count': '0' } })
const all = [
  http.get(`${API}/orders`, orders),
  http.put(`${API}/orders/:id`, () => HttpResponse.json({})),
  http.delete(`${API}/admin`, () => new HttpResponse(null, { status: 204 })),
  ws.link('wss://chat.example.com').addEventListener('connection', () => undefined),
]
const mock = withCors(contract, all)

const outcomes = async (target: object, only?: string) => {
  const { cells } = await checkCorsContract(contract, target, { only })
  return cells.map(({ route, origin, outcome, code }) =>
    [route, origin.replace('https://', ''), outcome, code ?? []].flat().join(' '),
  )
}

describe('a target', () => {
  test('handlers and a server, asked where they are', async () => {
    for (const target of [mock, setupServer(...mock), endpoint(mock), endpoint(mock, { baseUrl: API })])
      await expect(target).toHonorCorsContract(contract)
    const { cells } = await checkCorsContract(contract, setupServer(...mock))
    expect(cells).toHaveLength(6)
    expect(new Set(cells.map(({ outcome }) => outcome))).toEqual(new Set(['held']))
  })

  test('a server that listens, with what is used at run time', async () => {
    const server = setupServer(...mock)
    server.listen()
    onTestFinished(() => server.close())
    await expect(server).toHonorCorsContract(contract)
    server.use(http.get(`${API}/orders`, orders))
    expect(await outcomes(server, 'GET /orders')).toEqual([
      'GET /orders app.example.com broken missing-allow-origin',
      'GET /orders evil.example unjudged no-control',
    ])
    server.resetHandlers()
    await expect(server).toHonorCorsContract(contract)
  })

  test('a mock that knows nothing of CORS does not honor it', async () => {
    expect(await outcomes(all)).toEqual([
      'GET /orders app.example.com broken missing-allow-origin',
      'GET /orders evil.example unjudged no-control',
      'PUT /orders/:id app.example.com unjudged network-error',
      'PUT /orders/:id evil.example unjudged network-error',
      'DELETE /admin evil.example unjudged network-error',
      'DELETE /admin app.example.com unjudged network-error',
    ])
  })

  test('nothing is held because nothing responds', async () => {
    const other = await outcomes(withCors(contract, [http.get(`${API}/other`, orders)]))
    expect(other.filter((cell) => !cell.endsWith(' unjudged network-error'))).toEqual([])
    // OPTIONS alone says nothing of the route.
    const preflights = withCors(contract, [http.options(`${API}/*`, () => new HttpResponse(null))])
    expect(await outcomes(preflights, 'DELETE /admin')).toEqual([
      'DELETE /admin evil.example unjudged no-control',
      'DELETE /admin app.example.com unjudged no-control',
    ])
    const through = [http.all(`${API}/*`, () => passthrough())]
    expect(await outcomes(withCors(contract, through), 'GET /orders')).toEqual([
      'GET /orders app.example.com unjudged network-error',
      'GET /orders evil.example unjudged network-error',
    ])
    const failing = [http.all(`${API}/*`, () => HttpResponse.error())]
    const { cells } = await checkCorsContract(contract, failing, { only: 'GET /orders' })
    expect(cells[0]).toMatchObject({
      outcome: 'unjudged',
      code: 'network-error',
      explanation: expect.stringContaining('returned a network error, HttpResponse.error()'),
    })
  })

  test('handlers at several places', async () => {
    const several = [...mock, http.get('https://maps.example/tiles', orders)]
    const { cells } = await checkCorsContract(contract, several, { only: 'GET /orders' })
    expect(cells[0]?.explanation).toContain(
      "they are at https://api.example.com and https://maps.example, and are asked at https://api.expect-cors.test; say where they are, endpoint(handlers, { baseUrl: 'https://api.example.com' })",
    )
    await expect(endpoint(several, { baseUrl: API })).toHonorCorsContract(contract)
    await expect(endpoint(setupServer(...several), { baseUrl: API })).toHonorCorsContract(contract)
  })

  test('a mock of what listens on this machine stands for what is deployed', async () => {
    const local = withCors(contract, [http.all('http://localhost:3000/*', orders)])
    await expect(local).toHonorCorsContract(contract)
    await expect(local).toAllowOrigin(APP, { path: '/orders' })
  })

  test('a server stands behind an origin of a page, and is observed and recorded', async () => {
    const server = setupServer(...mock)
    const page = openPage(APP, { servers: { [API]: server } })
    expect((await page.fetch(`${API}/orders`)).headers.get('x-total-count')).toBe('0')
    server.use(http.get(`${API}/orders`, orders))
    await expect(page.fetch(`${API}/orders`)).rejects.toThrow('Failed to fetch')
    server.resetHandlers()
    await page.close()
    const policy = await observeCorsPolicy(server, {
      origins: [APP],
      path: '/orders',
      methods: [],
      headers: [],
    })
    expect(policy[APP]).toMatchObject({
      reads: true,
      readsWithCredentials: false,
      exposes: ['x-total-count'],
    })
    const recorded = await recordCorsContract(server, { origins: [APP], routes: ['GET /orders'] })
    expect(recorded.routes).toEqual({ 'GET /orders': { exposes: ['x-total-count'], statuses: { 200: {} } } })
  })

  test('drift between the mock, staging and the app', async () => {
    const served = (origin: string) =>
      express().use(
        cors({ origin, exposedHeaders: 'x-total-count' }),
        (_request, response) => void response.set('x-total-count', '0').json([]),
      )
    const { drift, targets } = await checkCorsContract(
      contract,
      { mock: setupServer(...mock), staging: served(APP), app: served('https://old.example.com') },
      { only: ['GET /orders', 'PUT /orders/:id'] },
    )
    expect(targets).toEqual(['mock', 'staging', 'app'])
    expect(drift.map(({ route, origin, outcomes: each }) => [route, origin, each])).toEqual([
      ['GET /orders', APP, { mock: 'held', staging: 'held', app: 'broken' }],
      ['GET /orders', 'https://evil.example', { mock: 'held', staging: 'held', app: 'unjudged' }],
      ['PUT /orders/:id', APP, { mock: 'held', staging: 'held', app: 'broken' }],
      ['PUT /orders/:id', 'https://evil.example', { mock: 'held', staging: 'held', app: 'unjudged' }],
    ])
  })
})

describeCorsContract(contract, { mock: setupServer(...mock), handlers: mock })
