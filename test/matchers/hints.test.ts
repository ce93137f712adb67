/** Errors of a first try, which show the way out. */
import 'expect-cors/vitest'
import { endpoint, openPage } from 'expect-cors'
import { HttpResponse, http } from 'msw'
import { describe, expect, test } from 'vitest'

const origin = 'https://app.example.com'
const api = 'https://api.example.com'
const anyOrigin = { 'Access-Control-Allow-Origin': '*' }

async function messageOf(assert: () => unknown): Promise<string> {
  try {
    await assert()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it passed')
}

describe('a handler of a Worker, which reads env', () => {
  const env = { answer: 'yes' }
  const worker = {
    fetch: (_request: Request, given: typeof env) => new Response(given.answer, { headers: anyOrigin }),
  }
  const way = 'give it the others, { fetch: (request) => worker.fetch(request, env) }'

  test.each([
    ['the Worker', worker],
    ['its handler', endpoint({ fetch: worker.fetch })],
  ])('%s', async (_name, subject) => {
    const message = await messageOf(() => expect(subject).toAllowOrigin(origin))
    expect(message).toContain(
      "TypeError: Cannot read properties of undefined (reading 'answer'); it takes 2 parameters",
    )
    expect(message).toContain(way)
  })

  test('the way out, for a page too', async () => {
    const given = { fetch: (request: Request) => worker.fetch(request, env) }
    await expect(given).toAllowOrigin(origin)
    await expect(endpoint(given)).toAllowOrigin(origin)
    const page = openPage(origin, { servers: { [api]: given } })
    expect(await (await page.fetch(api)).text()).toBe('yes')
  })

  test.each([
    [
      'an error of its own',
      {
        fetch: (_request: Request, _env: unknown) => {
          throw new Error('no TypeError')
        },
      },
    ],
    [
      'a handler that takes the request alone',
      {
        fetch: (_request: Request) => {
          throw new TypeError('its own')
        },
      },
    ],
  ])('not for %s', async (_name, subject) => {
    expect(await messageOf(() => expect(subject).toAllowOrigin(origin))).not.toContain('parameters')
  })
})

describe('MSW handlers that are elsewhere', () => {
  const handlers = [
    http.get(`${api}/orders`, () => HttpResponse.json([], { headers: anyOrigin })),
    http.get('https://cdn.example.com/x', () => HttpResponse.json([], { headers: anyOrigin })),
  ]
  const hint = "say where they are, endpoint(handlers, { baseUrl: 'https://api.example.com' })"

  test('are told by the origins they name', async () => {
    const message = await messageOf(() => expect(handlers).toAllowOrigin(origin, { path: '/orders' }))
    expect(message).toContain(
      'no MSW handler responds to it: they are at https://api.example.com and https://cdn.example.com',
    )
    expect(message).toContain(hint)
    await expect(endpoint(handlers, { baseUrl: api })).toAllowOrigin(origin, { path: '/orders' })
  })

  test('and in the servers of a page', async () => {
    const elsewhere = openPage(origin, { servers: { 'https://orders.example.com': handlers } })
    const error = await elsewhere.fetch('https://orders.example.com/orders').catch((reason) => reason)
    expect(error.cause.message).toContain("or in servers { 'https://api.example.com': handlers }")
    const page = openPage(origin, { servers: { [api]: handlers } })
    expect((await page.fetch(`${api}/orders`)).status).toBe(200)
  })

  test.each([
    ['the origin is theirs', endpoint(handlers, { baseUrl: api })],
    ['one has a path alone', [...handlers, http.get('/other', () => HttpResponse.json([]))]],
    ['one has a pattern', [...handlers, http.get(/nothing/, () => HttpResponse.json([]))]],
  ])('not where %s', async (_name, subject) => {
    const message = await messageOf(() => expect(subject).toAllowOrigin(origin, { path: '/elsewhere' }))
    expect(message).toContain('no MSW handler responds to it')
    expect(message).not.toContain('baseUrl')
  })
})

describe.each([
  ['a response', { status: 200, headers: {} }],
  ['an endpoint', () => new Response()],
])('a path in the place of the options, on %s', (_name, subject) => {
  test.each([
    ['toAllowOrigin', origin],
    ['toAllowCredentialedOrigin', origin],
    ['toAllowAnyOrigin'],
    ['toAllowMethod', 'PUT'],
    ['toAllowRequestHeader', 'x-a'],
    ['toExposeHeader', 'x-a'],
    ['toCachePreflightFor', 60],
    ['toVaryOnOrigin'],
  ] as const)('%s', async (name, ...args) => {
    const assertion = expect(subject) as unknown as Record<string, (...args: unknown[]) => unknown>
    const message = await messageOf(() => assertion[name]?.(...args, '/orders'))
    expect(message).toBe(
      `${name}(): the options must be an object; got the string "/orders"; write { path: '/orders' }`,
    )
    expect(await messageOf(() => assertion[name]?.(...args, ['/orders']))).toBe(
      `${name}(): the options must be an object; got an array of 1`,
    )
  })
})
