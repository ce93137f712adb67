import { describe, expect, it } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import { defineCorsContract } from '../../src/contract/define-contract.js'
import { APP, api, lines, OTHER } from './api.js'

const contract = defineCorsContract({
  origins: { allow: [APP, 'https://*.preview.example.com'] },
  defaults: { credentials: 'include' },
  routes: {
    'GET /orders': { exposes: ['x-total-count'], headers: ['authorization'] },
    'PUT /orders/:id': { headers: ['content-type', 'authorization'], maxAge: 600, params: { id: '1' } },
    'GET /public': { origins: { allow: '*' }, credentials: 'omit' },
    'GET /internal': { origins: { allow: [] } },
  },
})

describe('checkCorsContract', () => {
  it('judges every origin on every route', async () => {
    const { handler } = api()
    const report = await checkCorsContract(contract, handler)
    expect(lines(report)).toEqual([
      `GET /orders ← ${APP}: held`,
      `GET /orders ← ${OTHER}: held`,
      'GET /orders ← https://stranger.example: held',
      'GET /orders ← null: held',
      `PUT /orders/:id ← ${APP}: held`,
      `PUT /orders/:id ← ${OTHER}: held`,
      'PUT /orders/:id ← https://stranger.example: held',
      'PUT /orders/:id ← null: held',
      'GET /public ← *: held',
      'GET /internal ← https://stranger.example: held',
      'GET /internal ← null: held',
      `GET /internal ← ${APP}: held`,
      `GET /internal ← ${OTHER}: held`,
    ])
    expect(report).toMatchObject({ outcome: 'honored', targets: ['target'], drift: [] })
  })
})
