import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect as base, test } from '@playwright/test'
import { observed } from 'expect-cors'
import * as matchers from 'expect-cors/matchers'
import { defineSuite } from './suite.cjs'
import { answers, behaviours, listener, outcomeNow, sentHeaders } from './truth.cjs'

const expect = base.extend(matchers)

defineSuite({
  test: (name: string, run: () => Promise<void>) => test(name, run),
  expect,
  can: { asymmetric: false },
})

for (const behaviour of behaviours) {
  test(`APIResponse: ${behaviour.name}`, async ({ request }) => {
    const server = createServer(listener(behaviour))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const response = await request.fetch(url, {
      method: behaviour.method,
      headers: sentHeaders(behaviour),
      maxRedirects: 0,
    })
    server.close()
    base(
      outcomeNow(() =>
        expect(observed(response, { method: behaviour.method }))[behaviour.matcher](...behaviour.args),
      ),
    ).toBe(answers[behaviour.name]?.response)
  })
}
