/** The matchers as Vitest calls them: asymmetric, soft, resolved, polled. */
import 'expect-cors/vitest'
import { readdirSync } from 'node:fs'
import cors from 'cors'
import { configure, endpoint, isCorsUsageError, observed } from 'expect-cors'
import * as matchers from 'expect-cors/matchers'
import express from 'express'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { matchersOnDemand } from '../../src/runners/matchers-on-demand.js'
import { failure, refusal } from '../matchers/assertions.js'

const origin = 'https://app.example.com'
const evil = 'https://evil.example'

const response = {
  status: 204,
  headers: {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'PUT',
    'Access-Control-Allow-Headers': 'x-a',
    'Access-Control-Expose-Headers': 'x-total',
    'Access-Control-Max-Age': '600',
    'X-Total': '7',
    Vary: 'Origin',
  },
}
const handler = (_request: Request): Response =>
  new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })

/** Errors that runners wrap, or throw as they are. */
function thrownBy(assert: () => unknown): unknown {
  try {
    assert()
  } catch (error) {
    return error
  }
  return undefined
}

describe('asymmetric', () => {
  test('on responses', () => {
    expect({ response }).toEqual({ response: expect.toAllowOrigin(origin) })
    expect({ response }).toEqual({ response: expect.toAllowPreflight({ origin, method: 'PUT' }) })
    expect({ response }).toEqual({ response: expect.toAllowMethod('PUT') })
    expect({ response }).toEqual({ response: expect.toAllowRequestHeader('x-a') })
    expect({ response }).toEqual({ response: expect.toExposeHeader('x-total') })
    expect({ response }).toEqual({ response: expect.toCachePreflightFor(600) })
    expect({ response }).toEqual({ response: expect.toVaryOnOrigin() })
    expect([{ status: 200, headers: { 'access-control-allow-origin': '*' } }]).toEqual([
      expect.toAllowAnyOrigin(),
    ])
  })

  test('a response that does not match must be known not to', () => {
    const negatives: [unknown, object][] = [
      [expect.toAllowCredentialedOrigin(origin), { origin }],
      [expect.toAllowOrigin(evil), { origin: evil }],
      [
        expect.toAllowMethod('DELETE'),
        { headers: { Origin: origin, 'Access-Control-Request-Method': 'DELETE' } },
      ],
      [expect.toExposeHeader('x-b', { origin }), { origin }],
    ]
    for (const [match, facts] of negatives) {
      for (const assert of [
        () => expect({ response }).not.toEqual({ response: match }),
        () => expect({ response }).toEqual({ response: match }),
        () => expect([response]).not.toContainEqual(match),
      ])
        expect(isCorsUsageError(thrownBy(assert))).toBe(true)
      const known = observed(response, facts)
      expect({ known }).not.toEqual({ known: match })
      const fails = thrownBy(() => expect({ known }).toEqual({ known: match }))
      expect(fails).toBeInstanceOf(Error)
      expect(isCorsUsageError(fails)).toBe(false)
      const restore = configure({ unknownOrigin: 'trust' })
      expect({ response }).not.toEqual({ response: match })
      restore()
    }
    // One response does not tell reflection from a list.
    const any = () => expect({ response }).not.toEqual({ response: expect.toAllowAnyOrigin() })
    expect(isCorsUsageError(thrownBy(any))).toBe(true)
  })

  const others: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a number', 42],
    ['a string', 'orders'],
    ['a path', '/orders'],
    ['an error', new Error('down')],
    ['options', { method: 'PUT', headers: { 'x-a': '1' } }],
    ['a callback', (_error: unknown, _result: unknown) => {}],
    ['a list', [response]],
  ]
  test.each(others)('what is no response does not match, inverse or not: %s', (_, other) => {
    const called = vi.fn()
    called(other)
    expect(called).not.toHaveBeenCalledWith(expect.toAllowOrigin(origin))
    expect(called).not.toHaveBeenCalledWith(expect.not.toAllowOrigin(origin))
    expect(called).not.toHaveBeenCalledWith(expect.not.toAllowMethod('PUT'))
    called(response)
    expect(called).toHaveBeenCalledWith(expect.toAllowOrigin(origin))
    expect([other, response]).toContainEqual(expect.toAllowOrigin(origin))
    expect(() => expect({ other }).toEqual({ other: expect.not.toAllowOrigin(origin) })).toThrow()
  })

  test('inverse', () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect({ response }).toEqual({ response: expect.not.toAllowMethod('DELETE') })
    expect({ response }).toEqual({ response: expect.not.toAllowRequestHeader(['x-b', 'x-c']) })
    expect({ response }).toEqual({ response: expect.not.toExposeHeader('x-b') })
    expect({ response }).toEqual({ response: expect.not.toCachePreflightFor(601, { engines: ['firefox'] }) })
    expect({ response }).not.toEqual({ response: expect.not.toAllowMethod('PUT') })
    // Neither all nor none.
    expect({ response }).not.toEqual({ response: expect.toAllowMethod(['PUT', 'DELETE']) })
    expect({ response }).not.toEqual({ response: expect.not.toAllowMethod(['PUT', 'DELETE']) })
  })

  test('what cannot be judged throws there too', () => {
    const locked = {
      get status() {
        throw new Error('locked')
      },
      headers: {},
    }
    for (const assert of [
      () => expect({ response }).toEqual({ response: expect.not.toAllowOrigin(evil) }),
      () => expect({ response }).not.toEqual({ response: expect.toAllowOrigin(`${origin}/`) }),
      // Arguments are checked whatever they are compared with.
      () => expect({ response: 42 }).not.toEqual({ response: expect.toAllowOrigin(`${origin}/`) }),
      () => expect({ response: 42 }).not.toEqual({ response: expect.toAllowMethod('TRACE') }),
      () => expect({ response: locked }).not.toEqual({ response: expect.toAllowOrigin(origin) }),
      () => expect({ response: locked }).toEqual({ response: expect.not.toAllowOrigin(origin) }),
      () => expect({ response: Promise.resolve() }).not.toEqual({ response: expect.toAllowOrigin(origin) }),
      () =>
        expect({ response: { status: 302, headers: { location: '/' } } }).not.toEqual({
          response: expect.toAllowOrigin(origin),
        }),
    ]) {
      expect(isCorsUsageError(thrownBy(assert))).toBe(true)
    }
  })

  test.each<[string, unknown]>([
    ['a URL', 'http://127.0.0.1:1/'],
    ['an app', handler],
    ['an Express app', express().use(cors())],
  ])('on an endpoint it throws in both forms: %s', async (_, endpoint) => {
    for (const assert of [
      () => expect({ endpoint }).toEqual({ endpoint: expect.toAllowOrigin(origin) }),
      () => expect({ endpoint }).toEqual({ endpoint: expect.not.toAllowOrigin(origin) }),
      () =>
        expect({ endpoint }).not.toEqual({ endpoint: expect.toAllowPreflight({ origin, method: 'PUT' }) }),
      () => expect({ endpoint }).toEqual({ endpoint: expect.not.toAllowAnyOrigin() }),
      () => expect({ endpoint }).toEqual({ endpoint: expect.not.toExposeHeader('x-a', { origin }) }),
    ]) {
      const error = thrownBy(assert)
      expect(isCorsUsageError(error)).toBe(true)
      expect(String(error)).toContain('write await expect(endpoint)')
    }
    // Neither pending at the end, nor an unhandled rejection later.
    await new Promise((resolve) => setTimeout(resolve, 30))
  })
})

describe('other forms', () => {
  test('soft', async () => {
    expect.soft(response).toAllowOrigin(origin)
    await expect.soft(handler).toAllowOrigin(origin)
  })

  test.fails('soft, and it fails', () => {
    expect.soft(response).toAllowOrigin(evil)
  })

  test.fails('soft on an endpoint, and it fails', async () => {
    await expect.soft(handler).toAllowCredentialedOrigin(origin)
  })

  test('resolves', async () => {
    await expect(Promise.resolve(response)).resolves.toAllowOrigin(origin)
    const known = observed(response, { origin })
    await expect(Promise.resolve(known)).resolves.not.toAllowCredentialedOrigin(origin)
    await expect(Promise.resolve(handler)).resolves.toAllowOrigin(origin)
    expect(await failure(() => expect(Promise.resolve(response)).resolves.toAllowOrigin(evil))).toContain(
      'expect(response).resolves.toAllowOrigin',
    )
  })

  test('poll', async () => {
    let polls = 0
    const starting = () => (++polls < 3 ? { status: 503, headers: {} } : response)
    await expect.poll(starting, { interval: 5 }).toAllowOrigin(origin)
    expect(polls).toBe(3)
    polls = 0
    const app = (): Response =>
      new Response(null, ++polls < 3 ? {} : { headers: { 'Access-Control-Allow-Origin': '*' } })
    await expect.poll(() => ({ fetch: app }), { interval: 5 }).toAllowOrigin(origin)
    await expect(
      expect.poll(() => response, { interval: 5, timeout: 30 }).toAllowOrigin(evil),
    ).rejects.toThrow()
  })

  test('under fake timers', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    await expect(handler).toAllowOrigin(origin)
    const hanging = endpoint(() => new Promise<Response>(() => {}), { timeout: 30 })
    const asked = refusal(() => expect(hanging).toAllowOrigin(origin))
    expect(await asked).toContain('within 30 ms')
    const slow = endpoint(async () => {
      vi.advanceTimersByTime(60_000)
      return new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
    })
    await expect(slow).toAllowOrigin(origin)
  })

  test('of the test context', async ({ expect }) => {
    expect(response).toAllowOrigin(origin)
    await expect(handler).toAllowOrigin(origin)
    expect({ response }).toEqual({ response: expect.toAllowOrigin(origin) })
  })

  test('a runner without a hint of its own', async () => {
    const result = matchers.toAllowOrigin.call({}, response, evil)
    if (result instanceof Promise) throw new Error('a response is judged at once')
    expect(result.pass).toBe(false)
    expect(result.message()).toMatch(/^expect\(response\)\.toAllowOrigin\('https:\/\/evil\.example'\)$/m)
    const negative = await matchers.toAllowOrigin.call({ isNot: true, promise: 'resolves' }, handler, origin)
    expect(negative.pass).toBe(true)
    expect(negative.message()).toMatch(/^expect\(endpoint\)\.resolves\.not\.toAllowOrigin\(/m)
  })
})

test('every matcher is registered, and none besides', () => {
  const files = readdirSync(new URL('../../src/matchers/', import.meta.url))
  const names = files.flatMap((file) => /^(to-[a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
  expect(names.length).toBeGreaterThan(14)
  expect(Object.keys(matchers).sort()).toEqual(
    names.map((name) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())).sort(),
  )
  const assertion = expect(response) as unknown as Record<string, unknown>
  for (const name of Object.keys(matchers)) expect(assertion[name]).toBeTypeOf('function')
})

test('what is registered has the names of the matchers, which Bun prints', () => {
  expect(Object.entries(matchersOnDemand).map(([name, matcher]) => [name, matcher.name])).toEqual(
    Object.keys(matchers).map((name) => [name, name]),
  )
})
