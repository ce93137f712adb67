import { contractFromOpenApi } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { resolveContract } from '../../src/contract/resolve-contract.js'

const origins = { allow: ['https://app.example.com'] }

/** As the well-known example has it, with what it leaves out. */
const PETSTORE = parse(`
openapi: 3.0.3
info: { title: Petstore, version: 1.0.0 }
servers: [{ url: 'https://petstore.example.com/{version}', variables: { version: { default: v1 } } }]
paths:
  /pets:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }
        - { name: status, in: query, example: sold, schema: { type: string } }
        - { name: X-Trace-Id, in: header, schema: { type: string } }
        - { name: Accept, in: header, schema: { type: string } }
      responses:
        '200':
          headers:
            x-next: { schema: { type: string } }
            Content-Type: { schema: { type: string } }
            Set-Cookie: { schema: { type: string } }
            Access-Control-Allow-Origin: { schema: { type: string } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Pets' } } }
        '429': { $ref: '#/components/responses/TooMany' }
        default: { description: unexpected error }
    post:
      requestBody: { $ref: '#/components/requestBodies/Pet' }
      responses: { '201': { description: created, headers: { Location: { schema: { type: string } } } } }
  /pets/{petId}:
    parameters:
      - $ref: '#/components/parameters/PetId'
    get:
      responses: { '200': { description: a pet }, '404': { description: none } }
    delete:
      security: [{ petstore_auth: ['write:pets'] }, { api_key: [] }]
      responses: { '204': { description: gone } }
  /pets/{petId}/image:
    post:
      parameters: [{ name: petId, in: path, required: true, schema: { type: integer, format: int64 } }]
      requestBody: { content: { multipart/form-data: {} } }
      responses: { '200': { description: uploaded } }
components:
  parameters:
    PetId: { name: petId, in: path, required: true, schema: { type: string }, examples: { rex: { $ref: '#/components/examples/Rex' } } }
  examples: { Rex: { value: rex-1 } }
  responses:
    TooMany: { description: slow down, headers: { Retry-After: { schema: { type: integer } } } }
  requestBodies:
    Pet: { content: { application/x-www-form-urlencoded: {}, application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
  schemas:
    Pet: { type: object, properties: { parent: { $ref: '#/components/schemas/Pet' } } }
    Pets: { type: array, items: { $ref: '#/components/schemas/Pet' } }
  securitySchemes:
    petstore_auth: { type: oauth2, flows: {} }
    api_key: { type: apiKey, name: X-API-Key, in: header }
`)

test('the pet store', () => {
  const { contract, unknown } = contractFromOpenApi(PETSTORE, { origins })
  expect(contract).toEqual({
    origins,
    routes: {
      'GET /v1/pets': {
        headers: { 'x-trace-id': 'expect-cors' },
        query: { status: 'sold' },
        statuses: { 200: {} },
        exposes: ['x-next'],
      },
      'POST /v1/pets': { headers: { 'content-type': 'application/json' }, exposes: ['location'] },
      'GET /v1/pets/:petId': {
        params: { petId: 'rex-1' },
        statuses: { 200: {}, 404: { params: { petId: 'expect-cors-none' } } },
      },
      'DELETE /v1/pets/:petId': {
        params: { petId: 'rex-1' },
        headers: { authorization: 'Bearer expect-cors', 'x-api-key': 'expect-cors' },
      },
      'POST /v1/pets/:petId/image': { params: { petId: '1' } },
    },
  })
  expect(unknown).toEqual([
    "GET /v1/pets: whether a script must be able to read 'Retry-After' of 429",
    'GET /v1/pets: how to provoke 429 and default',
    "DELETE /v1/pets/:petId: 'petstore_auth' asks for the header authorization, but no value is known that lets a request in",
    "DELETE /v1/pets/:petId: 'api_key' asks for the header 'X-API-Key', but no value is known that lets a request in",
    "DELETE /v1/pets/:petId: 'petstore_auth' or 'api_key' lets a request in: requests carry all of them together",
    "POST /v1/pets/:petId/image: the path parameter 'petId' has no example: '1' is used instead",
    'POST /v1/pets/:petId/image: browsers send it without a preflight, so it is judged only with send: true',
  ])
  expect(resolveContract(contract).routes).toHaveLength(5)
})

test('a contract of OpenAPI 3.1 with cookies, and a status that its security provokes', () => {
  const { contract, unknown } = contractFromOpenApi(
    {
      openapi: '3.1.0',
      servers: [{ url: '/api/' }, { url: 'https://other.example.com/v2' }],
      security: [{ bearer: [] }],
      paths: {
        '/me': {
          get: { responses: { 200: {}, 401: {}, '5XX': {} } },
          head: { security: [], responses: { 204: {} } },
        },
        '/session': { get: { security: [{ session: [] }], responses: { 200: {}, 404: {} } } },
        '/search/{day}.{format}': {
          get: {
            security: [],
            parameters: [
              { name: 'day', in: 'path', schema: { type: ['string', 'null'], format: 'date' } },
              { name: 'format', in: 'path', schema: { enum: ['json', 'csv'] } },
              { name: 'ids', in: 'query', required: true, schema: { type: 'array', examples: [[1, 2]] } },
            ],
            responses: { 200: {} },
          },
        },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'sid' },
        },
      },
    },
    { origins: ['https://app.example.com'] },
  )
  expect(contract).toEqual({
    origins,
    routes: {
      'GET /api/me': {
        headers: { authorization: 'Bearer expect-cors' },
        statuses: { 401: { without: ['authorization'] } },
      },
      'HEAD /api/me': { statuses: { 204: {} } },
      'GET /api/session': { credentials: 'include' },
      'GET /api/search/:day.json': { params: { day: '2024-01-01' }, query: { ids: '1,2' } },
    },
  })
  expect(unknown).toContainEqual(
    expect.stringContaining("that of the first, '/api', stands before every route"),
  )
  expect(unknown).toContain('GET /api/me: how to provoke 200 and 5XX')
  expect(unknown).toContain(
    "GET /api/search/:day.json: the path parameter 'day' has no example: '2024-01-01' is used instead",
  )
})

test('what a gateway exports: OPTIONS, proxies, headers that no page may set', () => {
  const { contract, unknown } = contractFromOpenApi(
    {
      openapi: '3.0.1',
      paths: {
        '/orders': {
          options: { responses: { 200: { headers: { 'Access-Control-Allow-Origin': {} } } } },
          trace: {},
          put: {
            parameters: [
              { name: 'Origin', in: 'header', required: true, schema: { type: 'string' } },
              { name: 'If-Match', in: 'header', required: true, example: '"1"' },
              { name: 'sid', in: 'cookie', required: true },
            ],
            requestBody: { content: { '*/*': {} } },
          },
        },
        '/files/{proxy+}': { get: {} },
        '/files/{name}': { get: {} },
        '/legacy*': { get: {} },
      },
    },
    { origins: '*' },
  )
  expect(Object.keys(contract.routes)).toEqual(['PUT /orders', 'GET /files/:proxy'])
  expect(contract.routes['PUT /orders']).toEqual({
    headers: { 'if-match': '"1"', 'content-type': 'application/json' },
  })
  expect(unknown).toMatchInlineSnapshot(`
    [
      "PUT /orders: the header 'Origin' is left out: no page may set it",
      "PUT /orders: the cookie 'sid' is the browser's to send: to have it sent, write extraHeaders: { cookie: … }",
      "PUT /orders: its body is '*/*': 'application/json' is used instead",
      "PUT /orders: its cookies are left out, because any origin may call",
      "OPTIONS /orders is left out: preflights are what browsers send as OPTIONS, and they are checked with each route",
      "TRACE /orders is left out: no page may use TRACE",
      "GET /files/:proxy: the path parameter 'proxy+' has no example: '1' is used instead",
      "GET /files/{name} is left out: it is the same route as GET /files/:proxy",
      "GET /legacy* is left out: the path has a wildcard; name one path that stands for all, or a parameter: /files/:name",
    ]
  `)
})

describe('references', () => {
  test('that lead around in a circle, nowhere, or out of the document', () => {
    const { contract, unknown } = contractFromOpenApi(
      {
        openapi: '3.0.0',
        paths: {
          '/a~b/{id}': { $ref: '#/components/pathItems/~0tilde~1slash' },
          '/around': { $ref: '#/components/pathItems/around' },
          '/gone': {
            get: { parameters: [{ $ref: 'other.yaml#/Limit' }], responses: { 200: { $ref: '#/none' } } },
          },
          '/self': {
            get: {
              parameters: [
                { name: 'tree', in: 'query', required: true, schema: { $ref: '#/components/schemas/Tree' } },
              ],
            },
          },
        },
        components: {
          pathItems: {
            '~tilde/slash': { get: { parameters: [{ name: 'id', in: 'path', example: 'ä/1' }] } },
            around: { $ref: '#/components/pathItems/again' },
            again: { $ref: '#/components/pathItems/around' },
          },
          schemas: { Tree: { allOf: [{ $ref: '#/components/schemas/Tree' }] } },
        },
      },
      { origins },
    )
    expect(contract.routes).toEqual({
      'GET /a~b/:id': { params: { id: 'ä/1' } },
      'GET /gone': {},
      'GET /self': { query: { tree: '1' } },
    })
    for (const reference of ['#/components/pathItems/around', 'other.yaml#/Limit', '#/none'])
      expect(unknown).toContain(`'${reference}' is not in this document: what it stands for is left out`)
  })
})

describe('what is no description', () => {
  test.each([
    ['openapi: 3.0.0', 'takes the description as data'],
    [null, 'as an object; got null'],
    [{ swagger: '2.0', paths: {} }, 'npx swagger2openapi'],
    [{ openapi: '4.0.0', paths: {} }, 'got openapi: 4.0.0'],
    [{ openapi: '3.1.0', webhooks: {} }, 'has no paths'],
    [{ openapi: '3.1.0', paths: {} }, 'routes is empty'],
  ])('%j', (document, why) => {
    expect(() => contractFromOpenApi(document, { origins })).toThrow(why)
  })

  test('origins are not in it', () => {
    expect(() => contractFromOpenApi(PETSTORE, {} as never)).toThrow('needs the origins')
    expect(() => contractFromOpenApi(PETSTORE, { origins: ['https://app.example.com/'] })).toThrow(
      "contractFromOpenApi(): origins.allow[0]: 'https://app.example.com/' is not an origin",
    )
  })
})
