// @vitest-environment happy-dom
/** happy-dom's `Request` drops what a browser forbids scripts to set, and its `AbortSignal` is not Node's. */

import { checkCorsContract, defineCorsContract, openPage } from 'expect-cors'
import { withCors } from 'expect-cors/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, onTestFinished, test } from 'vitest'

const APP = 'https://app.example.com'
const API = 'https://api.example.com'

test('the origin of a page is known to the mock', async () => {
  const ran: string[] = []
  const server = setupServer(
    ...withCors({ allow: [APP], methods: ['PUT'] }, [
      http.all(`${API}/orders`, async ({ request }) => {
        ran.push(request.method)
        // A request of the mock's own, which no page has sent.
        const other = request.method === 'PUT' ? await fetch(`${API}/other`) : undefined
        return HttpResponse.json({ other: other?.headers.get('access-control-allow-origin') })
      }),
      http.get(`${API}/other`, () => new HttpResponse('own')),
    ]),
  )
  server.listen()
  onTestFinished(() => server.close())
  const send = async (origin: string, method: string) => {
    const page = openPage(origin, { network: true })
    const restore = page.install()
    try {
      const response = await fetch(`${API}/orders`, { method })
      return await response.json()
    } catch (error) {
      return (error as Error).message
    } finally {
      restore()
      await page.close()
    }
  }
  expect(await send(APP, 'GET')).toEqual({})
  expect(await send(APP, 'PUT')).toEqual({ other: null })
  expect(await send('https://evil.example', 'GET')).toBe('Failed to fetch')
  expect(await send('https://evil.example', 'PUT')).toBe('Failed to fetch')
  // A preflight reaches no resolver, and what is refused there is not sent.
  expect(ran).toEqual(['GET', 'PUT', 'GET'])
})

test('a mock is held to a contract', async () => {
  const contract = defineCorsContract({
    origins: { allow: [APP] },
    routes: {
      'GET /orders': {},
      'PUT /orders/:id': { params: { id: 1 } },
      'DELETE /admin': { origins: { allow: [] } },
    },
  })
  const handlers = withCors(contract, [http.all(`${API}/*`, () => HttpResponse.json([]))])
  const { outcome, cells } = await checkCorsContract(contract, { handlers, server: setupServer(...handlers) })
  expect([outcome, cells.length]).toEqual(['honored', 18])
})
