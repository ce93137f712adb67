import { describe, expect, it } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import { observeCorsPolicy } from '../../src/contract/observe-policy.js'
import { recordCorsContract } from '../../src/contract/record-contract.js'
import { APP, api, notHeld, PREVIEW, replace, STRANGER } from './broken-api.js'

describe('recordCorsContract', () => {
  const routes = {
    'GET /orders': { headers: { authorization: 'Bearer of-a-test' } },
    'PUT /orders/:id': { headers: ['content-type'], params: { id: '1' } },
    'GET /public': {},
    'GET /internal': {},
  } as const

  it('writes down what a server allows, and the server honors it', async () => {
    const { server, received } = api()
    const contract = await recordCorsContract(server, {
      origins: [APP, PREVIEW, 'https://evil.example'],
      routes,
    })
    expect(contract).toMatchInlineSnapshot(`
      {
        "origins": {
          "allow": [
            "https://app.example.com",
            "https://x.preview.example.com",
          ],
          "deny": [
            "https://evil.example",
            "https://stranger.example",
            "null",
          ],
        },
        "routes": {
          "GET /internal": {
            "origins": {
              "allow": [],
              "deny": [
                "https://app.example.com",
                "https://x.preview.example.com",
                "https://evil.example",
                "https://stranger.example",
                "null",
              ],
            },
            "statuses": {
              "200": {},
            },
          },
          "GET /orders": {
            "credentials": "include",
            "exposes": [
              "x-total-count",
            ],
            "headers": {
              "authorization": "Bearer of-a-test",
            },
            "maxAge": 600,
            "statuses": {
              "200": {},
            },
          },
          "GET /public": {
            "exposes": [
              "x-total-count",
            ],
            "origins": {
              "allow": "*",
            },
            "statuses": {
              "200": {},
            },
          },
          "PUT /orders/:id": {
            "credentials": "include",
            "headers": [
              "content-type",
            ],
            "maxAge": 600,
            "params": {
              "id": "1",
            },
          },
        },
      }
    `)
    expect(received.filter((line) => !/^(GET|OPTIONS) /.test(line))).toEqual([])
    const report = await checkCorsContract(contract, server)
    expect(notHeld(report)).toEqual([])
    expect(report.outcome).toBe('honored')
    expect(report.cells.length).toBeGreaterThan(15)
  })

  it('holds another server to it', async () => {
    const contract = await recordCorsContract(api().server, { origins: [APP], routes })
    const drifted = api({ '/orders/1': (draft) => replace(draft, 'access-control-allow-methods', 'GET') })
    const report = await checkCorsContract(contract, { here: api().server, there: drifted.server })
    expect(notHeld(report)).toMatchInlineSnapshot(`
      [
        "PUT /orders/:id ← https://app.example.com: broken method-not-allowed",
        "PUT /orders/:id ← https://stranger.example: unjudged no-control",
        "PUT /orders/:id ← null: unjudged no-control",
      ]
    `)
    expect(report.drift).toMatchInlineSnapshot(`
      [
        {
          "origin": "https://app.example.com",
          "outcomes": {
            "here": "held",
            "there": "broken",
          },
          "route": "PUT /orders/:id",
        },
        {
          "origin": "https://stranger.example",
          "outcomes": {
            "here": "held",
            "there": "unjudged",
          },
          "route": "PUT /orders/:id",
        },
        {
          "origin": "null",
          "outcomes": {
            "here": "held",
            "there": "unjudged",
          },
          "route": "PUT /orders/:id",
        },
      ]
    `)
  })

  it.each([
    ['nobody may send it', { origins: ['https://evil.example'], routes: ['PUT /orders/1'] as const }],
    ['no preflight', { origins: [APP], routes: ['POST /public'] as const }],
    ['no route', { origins: [APP], routes: [] }],
    ['no origin', { origins: [], routes: ['GET /orders'] as const }],
    ['an unknown option', { origins: [APP], routes: ['GET /orders'] as const, orgins: [] }],
  ])('says what cannot be written down: %s', async (_name, options) => {
    const error = await recordCorsContract(api().server, options).catch((reason: Error) => reason)
    expect((error as Error).message).toMatchSnapshot()
  })
})

describe('observeCorsPolicy', () => {
  it('is plain data, the same each time', async () => {
    const options = { origins: [STRANGER, APP], path: '/orders/1', headers: ['Authorization', 'x-other'] }
    const policy = await observeCorsPolicy(api().server, options)
    expect(policy).toMatchInlineSnapshot(`
      {
        "https://app.example.com": {
          "exposes": [
            "x-total-count",
          ],
          "headers": [
            "authorization",
          ],
          "maxAge": 600,
          "methods": [
            "DELETE",
            "PUT",
          ],
          "reads": true,
          "readsWithCredentials": true,
          "status": 200,
        },
        "https://stranger.example": {
          "exposes": [],
          "headers": [],
          "maxAge": null,
          "methods": [],
          "reads": false,
          "readsWithCredentials": false,
          "status": 200,
        },
      }
    `)
    expect(await observeCorsPolicy(api().server, options)).toEqual(policy)
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy)
  })

  it('shows what has changed', async () => {
    const { server } = api({ '/orders/1': (draft) => replace(draft, 'access-control-allow-origin', '*') })
    const policy = await observeCorsPolicy(server, { origins: [STRANGER], path: '/orders/1' })
    expect(policy[STRANGER]).toMatchObject({ reads: true, readsWithCredentials: false })
  })

  it('is nothing where the server does not respond', async () => {
    const options = { origins: [APP] }
    await expect(observeCorsPolicy('http://127.0.0.1:9', options)).rejects.toThrow(/not|nothing/)
    const busy = api({ '/': (draft) => Object.assign(draft, { status: 503 }) })
    await expect(observeCorsPolicy(busy.server, options)).rejects.toThrow('responded with 503')
  })
})
