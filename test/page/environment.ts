/** What the page must do whatever the globals are. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openPage, type Page } from 'expect-cors'
import { afterAll, beforeAll, expect, test } from 'vitest'

const api = 'https://api.example.com'

export function registerPageTests(): void {
  let page: Page
  let close: () => void

  beforeAll(async () => {
    const server = createServer((request, response) => {
      if (request.url === '/stall') return
      if (request.url === '/echo') {
        const { origin = '*', 'content-type': type = '' } = request.headers
        response.writeHead(200, { 'Access-Control-Allow-Origin': origin, 'Content-Type': type })
        request.pipe(response)
        return
      }
      const { origin } = request.headers
      const headers = {
        'Access-Control-Allow-Origin': origin ?? '*',
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Methods': 'PUT',
        'Set-Cookie': 'a=1; SameSite=None; Secure',
        'Content-Type': request.url === '/events' ? 'text/event-stream' : 'application/json',
      }
      request.resume().on('end', () => {
        const body =
          request.url === '/events'
            ? 'data: 1\n\n'
            : JSON.stringify([request.method, request.headers.cookie ?? null])
        response.writeHead(200, headers).end(body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => {
      server.closeAllConnections()
      server.close()
    }
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    page = openPage('https://app.example.com', {
      engine: 'chromium',
      servers: { [api]: address },
      timeout: 3000,
    })
  })
  afterAll(async () => {
    await page.close()
    close()
  })

  test('fetch, bodies, cookies', async () => {
    const first = await page.fetch(`${api}/`, {
      method: 'PUT',
      credentials: 'include',
      body: new Blob(['x']),
    })
    expect(await first.json()).toEqual(['PUT', null])
    const second = await page.fetch(
      new page.Request(`${api}/`, { credentials: 'include', headers: new page.Headers([['Accept', 'a/b']]) }),
    )
    expect(await second.clone().text()).toBe('["GET","a=1"]')
    expect((await second.blob()).size).toBe(13)
    const form = new FormData()
    form.set('a', '1')
    expect(await (await page.fetch(`${api}/`, { method: 'POST', body: form })).json()).toEqual(['POST', null])
  })

  test.each(['fetch', 'Request', 'clone', 'XMLHttpRequest'])(
    'forms and files of the environment: %s',
    async (by) => {
      const form = new FormData()
      form.append('a', '1')
      form.append('file', new File(['hello'], 'x.txt', { type: 'text/plain' }))
      const sent = async (body: FormData | Blob): Promise<[string | null, string]> => {
        const init = { method: 'POST', body }
        if (by === 'Request' || by === 'clone') {
          const request = new page.Request(`${api}/echo`, init)
          const read = by === 'clone' ? request.clone() : request
          return [read.headers.get('content-type'), await read.text()]
        }
        if (by === 'fetch') {
          const response = await page.fetch(`${api}/echo`, init)
          return [response.headers.get('content-type'), await response.text()]
        }
        const xhr = new page.XMLHttpRequest()
        xhr.open('POST', `${api}/echo`)
        xhr.send(body)
        await new Promise((resolve) => xhr.addEventListener('loadend', resolve))
        return [xhr.getResponseHeader('content-type'), xhr.responseText]
      }

      const [type, text] = await sent(form)
      expect(type).toMatch(/^multipart\/form-data; ?boundary=./)
      expect(text).toContain('name="a"\r\n\r\n1\r\n')
      expect(text).toContain('name="file"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n')
      expect(await sent(new Blob(['bytes'], { type: 'text/plain' }))).toEqual(['text/plain', 'bytes'])
    },
  )

  test('what a script finds is of the environment, and called what it is', async () => {
    const request = new page.Request(`${api}/`)
    expect(request.headers).toBeInstanceOf(Headers)
    const response = await page.fetch(request)
    expect(response.headers).toBeInstanceOf(Headers)
    const stream = new page.EventSource(`${api}/events`)
    stream.close()
    const named = [request, response, response.headers, new page.XMLHttpRequest(), stream]
    expect(named.map(String)).toEqual(
      ['Request', 'Response', 'Headers', 'XMLHttpRequest', 'EventSource'].map((name) => `[object ${name}]`),
    )
  })

  test('a signal of the environment', async () => {
    const controller = new AbortController()
    const pending = page.fetch(`${api}/stall`, { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('XMLHttpRequest and EventSource', async () => {
    const xhr = new page.XMLHttpRequest()
    const events: string[] = []
    for (const type of ['loadstart', 'load', 'error', 'loadend'])
      xhr.addEventListener(type, (event) => events.push(event.type))
    xhr.open('GET', `${api}/`)
    xhr.send()
    await new Promise((resolve) => xhr.addEventListener('loadend', resolve))
    expect([events, xhr.responseText]).toEqual([['loadstart', 'load', 'loadend'], '["GET",null]'])
    const source = new page.EventSource(`${api}/events`)
    const message = await new Promise<Event>((resolve) => source.addEventListener('message', resolve))
    source.close()
    expect((message as Event & { data: string }).data).toBe('1')
  })
}
