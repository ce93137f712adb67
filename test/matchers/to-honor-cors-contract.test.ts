import 'expect-cors/vitest'
import { type CorsContract, defineCorsContract } from 'expect-cors'
import { HttpResponse, http } from 'msw'
import { describe, expect, test } from 'vitest'
import { toHonorCorsContract } from '../../src/matchers/to-honor-cors-contract.js'
import { APP, api } from '../contract/api.js'
import { failure, refusal } from './assertions.js'
import { deadUrl } from './servers.js'

const contract = defineCorsContract({
  origins: { allow: [APP, 'https://*.preview.example.com'] },
  defaults: { credentials: 'include' },
  routes: {
    'GET /orders': { exposes: ['x-total-count'] },
    'PUT /orders/:id': { headers: ['content-type'], params: { id: '1' } },
    'GET /internal': { origins: { allow: [] } },
  },
})

/** With one route that allows nobody. */
const broken = () =>
  api({
    '/orders/1': (response) => {
      response.headers.delete('access-control-allow-origin')
      return response
    },
  }).handler

test('an API that honors it', async () => {
  const { handler } = api()
  await expect(handler).toHonorCorsContract(contract)
  await expect({ dev: handler, staging: handler }).toHonorCorsContract(contract)
  await expect(handler).toHonorCorsContract(contract, { only: 'GET /orders', engines: ['firefox'] })
})

test('MSW handlers', async () => {
  const handlers = [
    http.all('*/orders*', ({ request }) => {
      const origin = request.headers.get('origin') ?? ''
      return HttpResponse.json([], {
        headers: origin.endsWith('.example.com')
          ? {
              'access-control-allow-origin': origin,
              'access-control-allow-credentials': 'true',
              'access-control-expose-headers': 'x-total-count',
              'x-total-count': '1',
            }
          : {},
      })
    }),
  ]
  await expect(handlers).toHonorCorsContract(contract, { only: 'GET /orders' })
})

describe('messages', () => {
  test('no contract', async () => {
    const error = await refusal(() => expect(broken()).not.toHonorCorsContract(undefined as never))
    expect(error).toContain('the contract must be an object such as')
  })

  test('an error has no escapes of colors in it', async () => {
    const url = await deadUrl()
    const context = { isNot: true, utils: { matcherHint: () => '\x1b[2mexpect(\x1b[22m' } }
    const error = await toHonorCorsContract.call(context, url, contract).catch((reason: Error) => reason)
    const { message } = error as Error
    expect(message).toMatch(/\nexpect\(endpoint\)\.not\.toHonorCorsContract\(contract\)\n/)
    expect(message.split('\n')[0]).toMatch(/^GET \/\S* ← \S+ not judged: network-error\. /)
    expect(message).not.toContain('\x1b')
  })

  test('one cell is broken', async () => {
    expect(await failure(() => expect(broken()).toHonorCorsContract(contract))).toMatchSnapshot()
  })

  test('not, and every cell holds', async () => {
    expect(await failure(() => expect(api().handler).not.toHonorCorsContract(contract))).toMatchSnapshot()
  })

  test('of several targets', async () => {
    const targets = { dev: api().handler, production: broken() }
    expect(await failure(() => expect(targets).toHonorCorsContract(contract))).toMatchSnapshot()
  })

  test('of many cells it stays short', async () => {
    const many = defineCorsContract({
      origins: { allow: Array.from({ length: 10 }, (_, at) => `https://tenant-${at}.example.com`) },
      routes: Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`GET /route-${at}` as const, {}])),
    })
    const message = await failure(() => expect({ fetch: () => new Response() }).toHonorCorsContract(many))
    expect(message.split('\n').length).toBeLessThanOrEqual(110)
    expect(message).toContain('… 235 more broken, 48 more not judged …')
  })
})

test('its negative holds where one cell is broken', async () => {
  await expect(broken()).not.toHonorCorsContract(contract)
})

test('its negative says nothing where another route could not be judged', async () => {
  const closed = defineCorsContract({
    origins: { allow: ['https://app.example.com'] },
    routes: { 'GET /orders': { credentials: 'include' }, 'GET /nowhere': { statuses: { 200: {} } } },
  })
  const message = await refusal(() => expect(broken()).not.toHonorCorsContract(closed))
  expect(message).toContain('Not judged: unexpected-status')
})

describe('what could not be judged makes both forms throw', () => {
  const both = async (subject: unknown, of: CorsContract = contract) => [
    await refusal(() => expect(subject).toHonorCorsContract(of)),
    await refusal(() => expect(subject).not.toHonorCorsContract(of)),
  ]

  test('nothing listens', async () => {
    for (const message of await both(await deadUrl())) {
      expect(message).toContain('The contract: could not be judged')
      expect(message).toContain('Not judged: network-error')
    }
    const error = await expect(await deadUrl())
      .toHonorCorsContract(contract)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'CorsNetworkError' })
  })

  test('the route is not there', async () => {
    const closed = defineCorsContract({
      origins: { allow: [] },
      routes: { 'GET /nowhere': { statuses: { 200: {} } } },
    })
    for (const message of await both(api().handler, closed))
      expect(message).toContain('Not judged: no-control')
    const error = await expect(api().handler)
      .toHonorCorsContract(closed)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'CorsUsageError' })
  })
})

test.each([
  {
    what: 'a response',
    subject: { status: 200, headers: {} },
    of: contract,
    options: {},
    says: 'the target "status" must be a URL',
  },
  {
    what: 'nothing',
    subject: undefined,
    of: contract,
    options: {},
    says: 'toHonorCorsContract takes an endpoint',
  },
  { what: 'no contract', subject: 'https://api.example.com', of: {}, options: {}, says: 'routes' },
  {
    what: 'an unknown option',
    subject: 'https://api.example.com',
    of: contract,
    options: { onyl: 'GET /orders' },
    says: 'did you mean "only"?',
  },
])('$what is refused in both forms', async ({ subject, of, options, says }) => {
  for (const assertion of [expect(subject), expect(subject).not]) {
    const message = await refusal(async () => assertion.toHonorCorsContract(of as never, options as object))
    expect(message).toContain(says)
  }
})
