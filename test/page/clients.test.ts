/** Libraries that are given the page's `fetch`. */
import axios from 'axios'
import ky from 'ky'
import { expect, test } from 'vitest'
import { allowAll, api, app, open, recorder } from './helpers.js'

function opened() {
  const listener = recorder((seen, response) => {
    const status = seen.url === '/missing' ? 404 : 200
    response
      .writeHead(status, allowAll(seen))
      .end(seen.method === 'OPTIONS' ? '' : `{"got":${seen.body || null}}`)
  })
  return { page: open(app, { engine: 'firefox', servers: { [api]: { listener } } }), seen: listener.seen }
}

test('ky', async () => {
  const { page, seen } = opened()
  const client = ky.create({
    fetch: page.fetch,
    prefixUrl: api,
    retry: 0,
    credentials: 'include',
  })
  expect(await client.post('orders', { json: { amount: 3 } }).json()).toEqual({ got: { amount: 3 } })
  expect(seen.map(({ method, headers }) => `${method} ${headers.origin}`)).toEqual([
    `OPTIONS ${app}`,
    `POST ${app}`,
  ])
  await expect(client.get('missing').json()).rejects.toMatchObject({ name: 'HTTPError' })
})

// Its build for Node names itself as the user agent, which no page does.
test('axios, with its fetch adapter', async () => {
  const { page, seen } = opened()
  const client = axios.create({
    baseURL: api,
    headers: { 'User-Agent': false } as never,
    adapter: 'fetch',
    env: { fetch: page.fetch },
  })
  const { data } = await client.put('/orders/1', { amount: 3 })
  expect(data).toEqual({ got: { amount: 3 } })
  expect(seen.map(({ method }) => method)).toEqual(['OPTIONS', 'PUT'])
  await expect(client.get('/missing')).rejects.toMatchObject({ response: { status: 404 } })
})
