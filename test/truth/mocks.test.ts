/** URLs that MSW or an undici MockAgent answers in the network's place; test/compat/ runs this with other majors of both. */
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { Agent, MockAgent, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answers, type Behaviour, behaviours, endpointArgs, outcome } from './truth.cjs'

const URL_OF_NOBODY = 'https://api.invalid/orders'

let current: Behaviour
const server = setupServer(
  http.all(URL_OF_NOBODY, () => {
    const headers = new Headers()
    for (const [name, value] of current.headers) headers.append(name, value)
    return new HttpResponse(null, { status: current.status, headers })
  }),
)

function truth(): void {
  test.each(behaviours)('$name', async (behaviour) => {
    current = behaviour
    const answer = answers[behaviour.name]
    const says = await outcome(() => expect(URL_OF_NOBODY)[behaviour.matcher](...endpointArgs(behaviour)))
    // A mock may have joined the lines of one name.
    expect([answer?.endpoint, answer?.joined]).toContain(says)
  })
}

describe('MSW listens first', () => {
  beforeAll(async () => {
    server.listen({ onUnhandledRequest: 'error' })
    await import('expect-cors/vitest')
  })
  afterAll(() => server.close())
  truth()

  test('an app in this process is not mocked', async () => {
    const app = { listener: (_request: unknown, response: { end(): void }) => response.end() }
    await expect(app).not.toAllowOrigin('https://app.example.com')
  })
})

describe('MSW listens later, anew', () => {
  beforeAll(() => server.listen({ onUnhandledRequest: 'bypass' }))
  afterAll(() => server.close())
  truth()
})

test('MSW has closed: the network is asked again', async () => {
  await expect(async () => {
    await expect(URL_OF_NOBODY).toAllowOrigin('https://app.example.com', { timeout: 3000 })
  }).rejects.toThrow('could not be resolved')
})

function mockAgent(behaviour: Behaviour): MockAgent {
  const agent = new MockAgent()
  agent.disableNetConnect()
  const headers: Record<string, string[]> = {}
  for (const [name, value] of behaviour.headers) headers[name] = [...(headers[name] ?? []), value]
  agent
    .get('https://api.invalid')
    .intercept({ path: '/orders', method: () => true })
    .reply(behaviour.status, '', { headers })
    .persist()
  return agent
}

/** A MockAgent is asked nothing again, so that it tells as much as one response does. */
function unasked({ name }: Behaviour): string | undefined {
  const { endpoint, response } = answers[name] ?? {}
  return endpoint?.includes('to an unknown origin too') === true ? response : endpoint
}

describe('a MockAgent, installed for all', () => {
  afterAll(() => setGlobalDispatcher(new Agent()))
  test.each(behaviours)('$name', async (behaviour) => {
    setGlobalDispatcher(mockAgent(behaviour))
    const says = await outcome(() => expect(URL_OF_NOBODY)[behaviour.matcher](...endpointArgs(behaviour)))
    expect(says).toBe(unasked(behaviour))
  })
})

test.each(behaviours)('a MockAgent given as dispatcher: $name', async (behaviour) => {
  const { endpoint } = await import('expect-cors')
  const api = endpoint(URL_OF_NOBODY, { dispatcher: mockAgent(behaviour) })
  const says = await outcome(() => expect(api)[behaviour.matcher](...endpointArgs(behaviour)))
  expect(says).toBe(unasked(behaviour))
})
