/** `withCors`, and a mock held to a contract, with each major of MSW. */
import { checkCorsContract, defineCorsContract, openPage } from 'expect-cors'
import { withCors } from 'expect-cors/msw'
import { HttpResponse, http, passthrough, RequestHandler, ws } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'

const APP = 'https://app.example.com'
const API = 'https://api.invalid'

const contract = defineCorsContract({
  origins: { allow: [APP] },
  routes: {
    'GET /orders': { exposes: ['x-total-count'] },
    'PUT /orders/:id': { headers: ['content-type'], params: { id: '1' } },
    'DELETE /admin': { origins: { allow: [] } },
  },
})
const ran: string[] = []
const respond = ({ request }: { request: Request }) => {
  ran.push(request.method)
  return HttpResponse.json([], { headers: { 'x-total-count': '0' } })
}
const handlers = withCors(contract, [
  http.get(`${API}/orders`, respond),
  http.put(`${API}/orders/:id`, respond, { once: true }),
  http.put(`${API}/orders/:id`, () => new HttpResponse(null, { status: 409 })),
  http.delete(`${API}/admin`, respond),
  http.get(`${API}/passed`, () => passthrough()),
  ws.link('wss://chat.invalid').addEventListener('connection', () => undefined),
])
const server = setupServer(...handlers)

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())

test('a page over a mock that listens', async () => {
  const page = openPage(APP, { engine: 'chromium', network: true })
  const put = () =>
    page.fetch(`${API}/orders/1`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
  const got = await page.fetch(`${API}/orders`)
  expect([got.status, got.headers.get('x-total-count')]).toEqual([200, '0'])
  expect([(await put()).status, (await put()).status]).toEqual([200, 409])
  server.restoreHandlers()
  expect((await put()).status).toBe(200)
  await expect(page.fetch(`${API}/admin`, { method: 'DELETE' })).rejects.toThrow('Failed to fetch')
  // No resolver runs for a preflight.
  expect(ran).toEqual(['GET', 'PUT', 'PUT'])
  await page.close()
})

test('handlers are what they were', () => {
  expect(handlers[0]).toBeInstanceOf(RequestHandler)
  server.use(...withCors(contract, [http.get(`${API}/other`, respond)]))
  expect(server.listHandlers().length).toBeGreaterThan(handlers.length)
  server.resetHandlers()
})

test('a mock is held to a contract, whether it listens or not', async () => {
  for (const target of [server, setupServer(...handlers), handlers]) {
    server.restoreHandlers()
    const { outcome, cells } = await checkCorsContract(contract, target)
    expect([outcome, cells.length]).toEqual(['honored', 9])
  }
})
