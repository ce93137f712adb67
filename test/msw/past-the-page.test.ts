/** What none of a page's APIs sends is not judged, and that is said. */
import nodeHttp from 'node:http'
import { enforceCors } from 'expect-cors/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

describe.each(['listen, then enforceCors', 'enforceCors, then listen'])('%s', (order) => {
  test('what goes past the page by node:http is said, once', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const upstream: (string | null)[][] = []
    const server = setupServer(
      http.get('http://api.example.com/orders', () => HttpResponse.json([])),
      http.get('http://upstream.example.com/', ({ request: { method, headers } }) => {
        upstream.push([method, headers.get('origin')])
        return HttpResponse.json([])
      }),
      http.post('http://bff.example.com/', async () => {
        await get('http://upstream.example.com/')
        return HttpResponse.json([], { headers: { 'Access-Control-Allow-Origin': '*' } })
      }),
    )
    onTestFinished(() => {
      server.close()
      warned.mockRestore()
    })
    if (order.startsWith('listen')) server.listen()
    const { restore } = enforceCors({ origin: 'http://app.example.com' })
    if (!order.startsWith('listen')) server.listen()

    // A server's own calls are no page's, and stay as they are.
    expect((await fetch('http://bff.example.com/', { method: 'POST' })).status).toBe(200)
    expect(upstream).toEqual([['GET', null]])
    expect(warned).not.toHaveBeenCalled()
    for (let times = 0; times < 2; times++) await get('http://api.example.com/orders')
    expect(warned.mock.calls).toEqual([
      [
        expect.stringMatching(
          /GET http:\/\/api\.example\.com\/orders went to the mock by node:http, .* not judged.*axios/,
        ),
      ],
    ])
    restore()
    await get('http://api.example.com/orders')
    expect(warned).toHaveBeenCalledTimes(1)
  })
})

test('what goes past the page by a fetch that was kept from before is said, once', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const server = setupServer(
    http.get('http://api.example.com/orders', () => HttpResponse.json([])),
    http.get('http://app.example.com/orders', () => HttpResponse.json([])),
    http.get('http://bff.example.com/', async () => {
      await fetch('http://api.example.com/orders')
      return HttpResponse.json([], { headers: { 'Access-Control-Allow-Origin': '*' } })
    }),
  )
  server.listen()
  const kept = globalThis.fetch
  const { restore } = enforceCors({ origin: 'http://app.example.com' })
  onTestFinished(() => {
    server.close()
    warned.mockRestore()
    said.mockRestore()
  })

  await expect(fetch('http://api.example.com/orders')).rejects.toThrow('Failed to fetch')
  expect((await fetch('http://bff.example.com/')).status).toBe(200)
  // Nothing to judge.
  await kept('http://app.example.com/orders')
  expect(warned).not.toHaveBeenCalled()
  for (let times = 0; times < 2; times++) await kept('http://api.example.com/orders')
  expect(warned.mock.calls).toEqual([
    [
      expect.stringMatching(
        /GET http:\/\/api\.example\.com\/orders went to the mock by the fetch that a module has kept .* not judged/,
      ),
    ],
  ])
  restore()
  await kept('http://api.example.com/orders')
  expect(warned).toHaveBeenCalledTimes(1)
})

function get(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = nodeHttp.get(url, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    asked.on('error', reject)
  })
}
