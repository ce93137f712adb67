/** Several things refused at once: all are named, and what to send instead allows them all. */
import 'expect-cors/vitest'
import { evaluateCors, observed } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { explainCors } from '../../src/diagnose/explain.js'
import { remediesFor } from '../../src/diagnose/remedies/index.js'
import { sendInstead } from '../../src/diagnose/send-instead.js'
import { failure, refusal } from '../matchers/assertions.js'
import { APP, preflighting } from '../matchers/servers.js'
import { ALLOWS, journey } from './sample.js'

const ORIGIN = { 'Access-Control-Allow-Origin': '*' }
const METHODS = 'Access-Control-Allow-Methods'
const HEADERS = 'Access-Control-Allow-Headers'
const answer = (headers: Record<string, string>) =>
  observed({ status: 204, headers: { ...ORIGIN, ...headers } }, { origin: APP })

describe('methods', () => {
  test('of a list', async () => {
    const message = await failure(() => expect(answer({ [METHODS]: 'GET' })).toAllowMethod(['PUT', 'DELETE']))
    expect(message).toContain(
      'does not allow `PUT` or `DELETE`: Access-Control-Allow-Methods is `GET`, which lists neither.',
    )
    expect(message).toContain('Access-Control-Allow-Methods: GET, PUT, DELETE')
    // One answer, shown once.
    expect(message.match(/^< 204$/gm)).toHaveLength(1)
  })

  test('each exchange of its own is under what it asked about', async () => {
    const message = await failure(() =>
      expect(preflighting(ORIGIN)).toAllowMethod(['PUT', 'DELETE', 'PATCH'], { origin: APP }),
    )
    expect(message).toContain(
      'does not allow `PUT`, `DELETE` or `PATCH`: it has no Access-Control-Allow-Methods header.',
    )
    expect(message).toMatch(
      /\n\nFor PUT:\n> OPTIONS[\s\S]*\n\nFor DELETE:\n> OPTIONS[\s\S]*\n\nFor PATCH:\n> OPTIONS/,
    )
  })

  test('in another case', () => {
    const { explanation } = explainCors(
      journey({ method: 'PATCH', preflight: [204, [...ALLOWS, [METHODS, 'get, patch']]] }),
    )
    expect(explanation).toContain('upper and lower case included; list `PATCH` instead of `patch`.')
  })
})

describe('a method that only the page can spell right', () => {
  const found = journey({ method: 'patch', preflight: [204, [...ALLOWS, [METHODS, 'GET, PATCH']]] })

  test('nothing is asked of the server', () => {
    expect(explainCors(found).explanation).toContain('so have the page write `PATCH`.')
    expect(sendInstead(found)).toBeNull()
    expect(remediesFor(found, { server: 'express' }).map((remedy) => [remedy.for, remedy.title])).toEqual([
      ['page', "Write the method as the server lists it: method: 'PATCH'"],
    ])
  })

  test('the message has no lines that would break PATCH', async () => {
    const listing = preflighting({ ...ORIGIN, [METHODS]: 'PATCH' })
    const message = await failure(() => expect(listing).toAllowMethod('patch', { origin: APP }))
    expect(message).not.toContain('Send instead')
    // Asked about together with another, it is added and nothing is taken away.
    const both = await failure(() => expect(listing).toAllowMethod(['patch', 'PUT'], { origin: APP }))
    expect(both).toContain('Access-Control-Allow-Methods: PATCH, patch, PUT')
    expect(both).toContain('which lists neither; browsers compare methods byte for byte')
  })
})

describe('request headers', () => {
  test('of one request', async () => {
    const asked = { origin: APP, headers: { 'X-A': '1', 'X-B': '1', 'Content-Type': 'application/json' } }
    const message = await failure(() =>
      expect(preflighting({ ...ORIGIN, [HEADERS]: 'x-a' })).toAllowPreflight(asked),
    )
    expect(message).toContain(
      'does not allow the request headers `content-type` or `x-b`: Access-Control-Allow-Headers is `x-a`, which lists neither; a browser asks for some of them because `content-type: application/json` is not one of the three types a form can send.',
    )
    expect(message).toContain('  Access-Control-Allow-Headers: x-a, content-type, x-b')
  })

  test('of a list, on an observed answer', async () => {
    const message = await failure(() => expect(answer({})).toAllowRequestHeader(['x-a', 'x-b', 'x-c']))
    expect(message).toContain(
      'does not allow the request headers `x-a`, `x-b` or `x-c`: it has no Access-Control-Allow-Headers header.',
    )
    expect(message).toContain('Send instead:\n  Access-Control-Allow-Headers: x-a, x-b, x-c')
  })

  test('beside the method', () => {
    const found = journey({ method: 'PUT', headers: { 'X-A': '1' }, preflight: [204, ALLOWS] })
    expect(explainCors(found).explanation).toBe(
      'The preflight response does not allow `PUT`: it has no Access-Control-Allow-Methods header; it does not allow the request header `x-a` either: there is no Access-Control-Allow-Headers.',
    )
    expect(sendInstead(found)?.lines).toEqual([
      [METHODS, 'PUT'],
      [HEADERS, 'x-a'],
    ])
  })

  test('a hundred of them are not all named', () => {
    const names = Array.from({ length: 100 }, (_, index) => `x-${index}`)
    const { explanation } = explainCors(journey({ headers: names, preflight: [204, ALLOWS] }))
    expect(explanation).toContain('or 88 more')
  })
})

describe('wording', () => {
  const request = { origin: APP, url: 'https://api.example.com/orders?token=abc' }

  test('an incomplete verdict says which response is missing', async () => {
    expect(await refusal(() => expect(evaluateCors({ request })).toAllowCorsRequest())).toContain(
      'it needs the response to GET https://api.example.com/orders?token=[redacted] first',
    )
    const preflighted = evaluateCors({ request: { ...request, method: 'PUT' } })
    expect(await refusal(() => expect(preflighted).toAllowCorsRequest())).toContain(
      'it needs the response to the preflight (OPTIONS https://api.example.com/orders?token=[redacted]) first',
    )
    const response = { status: 302, headers: { ...ORIGIN, Location: '/next' } }
    expect(await refusal(() => expect(evaluateCors({ request, response })).toBlockCorsRequest())).toContain(
      'it needs the response to GET https://api.example.com/next, where it is redirected, first',
    )
  })

  test('what is no origin is named for what it is', async () => {
    for (const [origin, said] of [
      [[APP], 'got an array: assert each origin by itself'],
      [{}, 'got an object'],
      [1, 'got a number'],
      [undefined, 'got undefined'],
    ] as const) {
      expect(
        await refusal(() => expect({ status: 200, headers: {} }).toAllowOrigin(origin as never)),
      ).toContain(said)
    }
  })

  test('{ status, headers } is called so', async () => {
    const redirect = { status: 302, headers: { Location: '/' } }
    expect(await refusal(() => expect(redirect).toAllowOrigin(APP))).toContain(
      'this response ({ status, headers }) is a redirect',
    )
  })
})
