// @vitest-environment happy-dom
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { observed } from 'expect-cors'
import { expect, onTestFinished, test } from 'vitest'
import { truthInThisEnvironment } from './in-environment.js'
import { ORIGIN } from './truth.cjs'

declare const location: { readonly origin: string }

truthInThisEnvironment()

test('its own fetch sends the origin of its window, which is known and said', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const response = await fetch(url, { headers: { Origin: ORIGIN } })
  expect(response).toAllowOrigin(location.origin)
  const wrong = `requested with Origin: ${location.origin}, so it does not show what a page at ${ORIGIN} gets`
  expect(() => expect(response).toAllowOrigin(ORIGIN)).toThrow(wrong)
  expect(() => expect(observed(response, { origin: ORIGIN })).not.toAllowOrigin(ORIGIN)).toThrow(
    `with Origin: ${location.origin}`,
  )
})
