import {
  type CorsContract,
  contractFromOpenApi,
  defineCorsContract,
  loadCorsContract,
  type RouteName,
} from 'expect-cors'
import { expectTypeOf } from 'expect-type'
import { describe, test } from 'vitest'

const origins = { allow: ['https://app.example.com'] }

describe('defineCorsContract', () => {
  test('gives a contract whose routes are known', () => {
    const contract = defineCorsContract({
      origins: {
        allow: '*',
        deny: ['null', { pattern: 'https://*.example.com', example: 'https://x.example.com' }],
      },
      defaults: { credentials: 'include', statuses: { 200: {}, 401: { without: ['authorization'] } } },
      routes: {
        'GET /orders': { exposes: ['x-total-count'], headers: { authorization: 'Bearer t' } },
        'PUT /orders/:id': {
          headers: ['content-type'],
          maxAge: 600,
          params: { id: 1 },
          body: { quantity: 2 },
        },
        'POST /upload': { body: new FormData(), send: true, rate: '4/s' },
      },
      environments: { staging: { routes: { 'GET /orders': { maxAge: 5 } } } },
    })
    expectTypeOf(contract).toExtend<CorsContract>()
    expectTypeOf(contract.routes['GET /orders']).not.toBeUndefined()
    // @ts-expect-error it is not to be changed
    contract.origins = origins
    // @ts-expect-error no such route
    contract.routes['GET /nothing'].maxAge
    // What is a contract by type is one here, wherever it came from.
    defineCorsContract(contract)
    defineCorsContract(loadCorsContract('cors.yaml'))
    expectTypeOf(loadCorsContract).parameters.toEqualTypeOf<[file: string | URL]>()
    expectTypeOf(contractFromOpenApi).returns.toHaveProperty('contract')
  })

  test('a wrong key is an error, wherever it stands', () => {
    // @ts-expect-error no routes
    defineCorsContract({ origins })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, routes: {}, enviroments: {} })
    // @ts-expect-error misspelt
    defineCorsContract({ origins: { allow: [], denied: [] }, routes: {} })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, defaults: { credential: 'omit' }, routes: {} })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, routes: { 'GET /orders': { maxage: 600 } } })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, routes: { 'GET /orders': { origins: { alow: [] } } } })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, routes: { 'GET /orders': { statuses: { 401: { witout: [] } } } } })
    // @ts-expect-error misspelt
    defineCorsContract({ origins: { allow: [{ pattern: '', exampel: '' }] }, routes: {} })
    // @ts-expect-error misspelt
    defineCorsContract({ origins, routes: {}, environments: { staging: { origin: origins } } })
  })

  test('a wrong value is an error', () => {
    // @ts-expect-error a RequestCredentials
    defineCorsContract({ origins, routes: { 'GET /orders': { credentials: true } } })
    // @ts-expect-error a number
    defineCorsContract({ origins, routes: { 'GET /orders': { maxAge: '600' } } })
    // @ts-expect-error statuses are numbers
    defineCorsContract({ origins, routes: { 'GET /orders': { statuses: { ok: {} } } } })
    // @ts-expect-error a list
    defineCorsContract({ origins: { allow: 'https://app.example.com' }, routes: {} })
  })

  test('a route is a method in upper case and a path', () => {
    expectTypeOf<'PUT /orders/:id'>().toExtend<RouteName>()
    expectTypeOf<'put /orders'>().not.toExtend<RouteName>()
    expectTypeOf<'GET orders'>().not.toExtend<RouteName>()
    // @ts-expect-error lower case
    defineCorsContract({ origins, routes: { 'get /orders': {} } })
    // @ts-expect-error no method
    defineCorsContract({ origins, routes: { '/orders': {} } })
    defineCorsContract({
      origins,
      routes: { 'GET /orders': {} },
      // @ts-expect-error an environment has the routes of the contract
      environments: { staging: { routes: { 'GET /order': {} } } },
    })
  })
})
