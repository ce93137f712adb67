/** The table itself, `answers.json`: what the plainest response and the plainest server come to. `vitest -u` writes it. */
import 'expect-cors/vitest'
import { evaluateCors } from 'expect-cors'
import { expect, test } from 'vitest'
import {
  type Answer,
  type Behaviour,
  behaviours,
  endpointArgs,
  listener,
  ORIGIN,
  outcome,
  outcomeNow,
} from './truth.cjs'

test('the table', { timeout: 60_000 }, async () => {
  const table: Record<string, Answer> = {}
  for (const behaviour of behaviours) {
    const { status, headers, matcher, args } = behaviour
    const response = outcomeNow(() => expect({ status, headers })[matcher](...args))
    const joined = outcomeNow(() =>
      expect({ status, headers: new Headers(headers as [string, string][]) })[matcher](...args),
    )
    const endpoint = await outcome(() =>
      expect({ listener: listener(behaviour) })[matcher](...endpointArgs(behaviour)),
    )
    table[behaviour.name] = {
      code: codeOf(behaviour),
      response,
      ...(joined === response ? {} : { joined }),
      endpoint,
    }
  }
  await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot('answers.json')
})

test('an endpoint is blocked by that code', async () => {
  for (const behaviour of behaviours) {
    const code = codeOf(behaviour)
    const preflighted = behaviour.method === 'OPTIONS'
    const wanted = {
      origin: ORIGIN,
      credentials: isCredentialed(behaviour) ? ('include' as const) : ('same-origin' as const),
      ...(preflighted ? { method: 'PUT', headers: { 'content-type': 'application/json', 'x-a': '1' } } : {}),
    }
    const app = { listener: listener(behaviour) }
    if (code === null) await expect(app, behaviour.name).toAllowCorsRequest(wanted)
    else await expect(app, behaviour.name).toBlockCorsRequest(wanted, code as 'missing-allow-origin')
  }
})

function isCredentialed({ matcher }: Behaviour): boolean {
  return (matcher as string) === 'toAllowCredentialedOrigin'
}

function codeOf(behaviour: Behaviour): string | null {
  const { status, headers, method } = behaviour
  const head = { status, headers }
  const preflighted = method === 'OPTIONS'
  const verdict = evaluateCors({
    engine: 'chromium',
    request: {
      origin: ORIGIN,
      url: 'https://api.example.com/',
      credentials: isCredentialed(behaviour) ? 'include' : 'same-origin',
      ...(preflighted ? { method: 'PUT', headers: ['content-type', 'x-a'] } : {}),
    },
    ...(preflighted ? { preflight: head } : { response: head }),
  })
  return verdict.code ?? null
}
