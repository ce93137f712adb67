/** A redirect to a place where nobody answers: the error says who sent the request there. */
import { openPage } from 'expect-cors'
import 'expect-cors/vitest'
import { expect, onTestFinished, test } from 'vitest'
import { refusal } from '../matchers/assertions.js'
import { APP, deadUrl, listen } from '../matchers/servers.js'

async function leadingNowhere() {
  const dead = await deadUrl()
  const first = await listen((_request, response) => {
    response.writeHead(302, { Location: `${dead}/x?token=abc`, 'Access-Control-Allow-Origin': '*' }).end()
  })
  return { url: `${first.url}/from?api_key=abc`, dead }
}

test('in an assertion', async () => {
  const { url, dead } = await leadingNowhere()
  const from = url.replace('abc', '[redacted]')
  expect(await refusal(() => expect(url).toAllowOrigin(APP))).toContain(
    `GET ${dead}/x?token=[redacted], redirected there from ${from} (302), got no response: nothing listens at`,
  )
})

test('in a page', async () => {
  const { url } = await leadingNowhere()
  const page = openPage('http://app.example.com')
  onTestFinished(() => page.close())
  await expect(page.inspect(url)).rejects.toMatchObject({
    name: 'CorsNetworkError',
    code: 'ECONNREFUSED',
    message: expect.stringContaining('redirected there from http://127.0.0.1:'),
  })
})

test('without a redirect it says nothing of one', async () => {
  const dead = await deadUrl()
  expect(await refusal(() => expect(dead).toAllowOrigin(APP))).not.toContain('redirected')
})
