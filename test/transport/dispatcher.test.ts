import { Agent, interceptors, MockAgent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { undiciTransport } from '../../src/transport/undici-transport.js'
import { answer, type RawServer, rawServer } from './raw-server.js'

let server: RawServer
beforeAll(async () => {
  server = await rawServer(answer(['X-A: h\xe9', 'X-A: 2']))
})
afterAll(() => server.close())

describe('a dispatcher that was given', () => {
  test('reaches the network', async () => {
    const agent = new Agent()
    const response = await undiciTransport({ dispatcher: agent }).send({
      method: 'GET',
      url: server.url,
      headers: [],
    })
    expect(response.headers.slice(0, 2)).toEqual([
      ['X-A', 'h\xe9'],
      ['X-A', '2'],
    ])
    await response.body?.cancel()
    await agent.close()
  })

  test('may be a MockAgent, whose headers arrive as lines', async () => {
    const dispatcher = new MockAgent()
    dispatcher
      .get('https://api.example.com')
      .intercept({ path: '/orders', method: 'OPTIONS', headers: { origin: 'https://app.example.com' } })
      .reply(204, '', {
        headers: { 'access-control-allow-origin': ['*', 'https://app.example.com'], vary: 'Origin' },
      })
    const response = await undiciTransport({ dispatcher }).send({
      method: 'OPTIONS',
      url: 'https://api.example.com/orders',
      headers: [['Origin', 'https://app.example.com']],
    })
    expect(response.status).toBe(204)
    expect(
      response.headers.filter(([name]) => name === 'access-control-allow-origin').map(([, value]) => value),
    ).toEqual(['*', 'https://app.example.com'])
  })

  test('must not follow redirects', async () => {
    const redirecting = await rawServer(answer([`Location: ${server.url}`], '302 Found'))
    const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 5 }))
    await expect(
      undiciTransport({ dispatcher }).send({ method: 'GET', url: redirecting.url, headers: [] }),
    ).rejects.toThrow(/the dispatcher follows redirects itself/)
    await redirecting.close()
  })

  test('may decode header values as UTF-8, as other majors do', async () => {
    const dispatcher = {
      dispatch: () => true,
      request: () =>
        new Agent().request({ origin: server.url, path: '/', method: 'GET' }).then((given) => ({
          ...given,
          headers: ['X-A', '\u20ac'],
        })),
    }
    const response = await undiciTransport({ dispatcher }).send({
      method: 'GET',
      url: server.url,
      headers: [],
    })
    expect(response.headers).toEqual([['X-A', '\xe2\x82\xac']])
  })

  test('is a usage error where it is none', () => {
    expect(() => undiciTransport({ dispatcher: {} })).toThrow(/dispatcher must be a dispatcher of undici/)
  })
})
