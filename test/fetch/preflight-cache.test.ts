import { describe, expect, test } from 'vitest'
import { deviate } from '../../src/engines/engine.js'
import type { Deviations } from '../../src/fetch/deviations.js'
import type { Header } from '../../src/fetch/header-list.js'
import type { PreflightGrant } from '../../src/fetch/preflight.js'
import {
  type CacheQuery,
  DEFAULT_MAX_AGE,
  PreflightCache,
  preflightMaxAge,
} from '../../src/fetch/preflight-cache.js'

const query = (more: Partial<CacheQuery> = {}): CacheQuery => ({
  origin: 'https://app.example',
  url: 'https://api.example/a',
  credentials: false,
  method: 'PUT',
  unsafeHeaderNames: [],
  useCorsPreflight: false,
  ...more,
})
const grant = (methods: string[] | null, headerNames: string[] | null = null): PreflightGrant => ({
  failure: null,
  methods,
  headerNames,
})

function makeCache() {
  let now = 1_000_000
  return { cache: new PreflightCache(() => now), wait: (seconds: number) => (now += seconds * 1000) }
}

describe('preflightMaxAge', () => {
  test.each<[values: string[], seconds: number]>([
    [[], 5],
    [['600'], 600],
    [['0'], 0],
    [['00600'], 600],
    [['86400'], 86400],
    [[''], 5],
    [['abc'], 5],
    [['1.5'], 5],
    [['+600'], 5],
    [['-1'], 5],
    [['600s'], 5],
    [['0x10'], 5],
    [['"600"'], 5],
    [['600, 600'], 5],
    [['600', '600'], 5],
    [['1e3'], 5],
    [['Infinity'], 5],
    [['٦٠٠'], 5],
  ])('%j is %s', (values, seconds) => {
    expect(preflightMaxAge(values.map((value): Header => ['Access-Control-Max-Age', value]))).toBe(seconds)
  })

  test.each<[value: string, cache: Partial<Deviations['cache']>, seconds: number]>([
    ['7201', { maxAgeLimit: 7200 }, 7200],
    ['7199', { maxAgeLimit: 7200 }, 7199],
    ['abc', { malformedMaxAge: 'no-cache' }, 0],
    ['', { malformedMaxAge: 'no-cache' }, 5],
    ['-1', { negativeMaxAge: 'no-cache' }, 0],
    ['99999999999999999999', { overflowingMaxAge: 'default' }, 5],
    ['99999999999999999999', { maxAgeLimit: 86400 }, 86400],
  ])('%s with %j is %s', (value, cache, seconds) => {
    expect(preflightMaxAge([['access-control-max-age', value]], deviate({ cache }))).toBe(seconds)
  })

  test('the default is five seconds', () => expect(DEFAULT_MAX_AGE).toBe(5))
})

describe('what the cache spares', () => {
  type Row = [
    desc: string,
    stored: [Partial<CacheQuery>, PreflightGrant],
    asked: Partial<CacheQuery>,
    covered: boolean,
  ]
  test.each<Row>([
    ['the same again', [{}, grant(['PUT'])], {}, true],
    ['another method', [{}, grant(['PUT'])], { method: 'DELETE' }, false],
    ['another method that was listed', [{}, grant(['PUT', 'DELETE'])], { method: 'DELETE' }, true],
    ['a method in another case', [{}, grant(['patch'])], { method: 'PATCH' }, false],
    ['another origin', [{}, grant(['PUT'])], { origin: 'https://b.example' }, false],
    ['another URL', [{}, grant(['PUT'])], { url: 'https://api.example/b' }, false],
    ['with credentials, stored without', [{}, grant(['PUT'])], { credentials: true }, false],
    ['without credentials, stored with', [{ credentials: true }, grant(['PUT'])], {}, true],
    ['with credentials, stored with', [{ credentials: true }, grant(['PUT'])], { credentials: true }, true],
    ['the star for methods', [{}, grant(['*'])], { method: 'DELETE' }, true],
    [
      'the star with credentials',
      [{ credentials: true }, grant(['*', 'PUT'])],
      { method: 'DELETE', credentials: true },
      false,
    ],
    ['a header', [{}, grant(['PUT'], ['x-a'])], { unsafeHeaderNames: ['x-a'] }, true],
    ['a header in another case', [{}, grant(['PUT'], ['X-A'])], { unsafeHeaderNames: ['x-a'] }, true],
    [
      'a header that was not listed',
      [{}, grant(['PUT'], ['x-a'])],
      { unsafeHeaderNames: ['x-a', 'x-b'] },
      false,
    ],
    ['the star for headers', [{}, grant(['PUT'], ['*'])], { unsafeHeaderNames: ['x-a', 'x-b'] }, true],
    [
      'the star is not for Authorization',
      [{}, grant(['PUT'], ['*'])],
      { unsafeHeaderNames: ['authorization'] },
      false,
    ],
    [
      'Authorization by name',
      [{}, grant(['PUT'], ['Authorization'])],
      { unsafeHeaderNames: ['authorization'] },
      true,
    ],
    [
      'a safelisted method needs no entry',
      [{}, grant(null, ['x-a'])],
      { method: 'GET', unsafeHeaderNames: ['x-a'] },
      true,
    ],
    [
      'an upload listener needs one',
      [{}, grant(null, ['x-a'])],
      { method: 'POST', unsafeHeaderNames: ['x-a'], useCorsPreflight: true },
      false,
    ],
    [
      'an upload listener stores one',
      [{ method: 'POST', useCorsPreflight: true }, grant(null)],
      { method: 'POST', useCorsPreflight: true },
      true,
    ],
    ['a method is no header', [{}, grant(['PUT', 'x-a'])], { unsafeHeaderNames: ['x-a'] }, false],
    [
      'nothing of objects',
      [{}, grant(['PUT'])],
      { method: 'constructor', unsafeHeaderNames: ['__proto__'] },
      false,
    ],
  ])('%s: %#', (_desc, [stored, granted], asked, covered) => {
    const { cache } = makeCache()
    cache.createEntries(query(stored), granted, 600)
    expect(cache.covers(query(asked))).toBe(covered)
  })

  test('nothing without an entry', () => {
    expect(makeCache().cache.covers(query())).toBe(false)
  })
})

describe('time', () => {
  test('an entry lives for its seconds, and not one millisecond longer', () => {
    const { cache, wait } = makeCache()
    cache.createEntries(query(), grant(['PUT']), 5)
    wait(4.999)
    expect(cache.covers(query())).toBe(true)
    wait(0.001)
    expect(cache.covers(query())).toBe(false)
    expect(cache.entries()).toEqual([])
  })

  test('nothing is kept for 0 seconds', () => {
    const { cache } = makeCache()
    cache.createEntries(query(), grant(['PUT']), 0)
    expect(cache.covers(query())).toBe(false)
  })

  test('a second answer renews what it names, and leaves the rest', () => {
    const { cache, wait } = makeCache()
    cache.createEntries(query(), grant(['PUT', 'DELETE'], ['X-A']), 10)
    wait(5)
    cache.createEntries(query(), grant(['PUT'], ['x-a']), 10)
    wait(6)
    expect(cache.covers(query({ unsafeHeaderNames: ['x-a'] }))).toBe(true)
    expect(cache.covers(query({ method: 'DELETE' }))).toBe(false)
    expect(cache.entries()).toHaveLength(2)
  })

  test('a second answer with a shorter life shortens it', () => {
    const { cache, wait } = makeCache()
    cache.createEntries(query(), grant(['PUT']), 600)
    cache.createEntries(query(), grant(['PUT']), 1)
    wait(1)
    expect(cache.covers(query())).toBe(false)
  })

  test('each entry has a life of its own', () => {
    const { cache, wait } = makeCache()
    cache.createEntries(query(), grant(['PUT']), 10)
    cache.createEntries(query(), grant(['DELETE']), 1)
    wait(2)
    expect(cache.covers(query())).toBe(true)
    expect(cache.covers(query({ method: 'DELETE' }))).toBe(false)
  })
})

test('clear removes the entries of an origin and URL, whatever the credentials', () => {
  const { cache } = makeCache()
  cache.createEntries(query(), grant(['PUT']), 600)
  cache.createEntries(query({ credentials: true }), grant(['PUT']), 600)
  cache.createEntries(query({ url: 'https://api.example/b' }), grant(['PUT']), 600)
  cache.createEntries(query({ origin: 'https://b.example' }), grant(['PUT']), 600)
  cache.clearEntries('https://app.example', 'https://api.example/a')
  expect(cache.covers(query())).toBe(false)
  expect(cache.covers(query({ url: 'https://api.example/b' }))).toBe(true)
  expect(cache.covers(query({ origin: 'https://b.example' }))).toBe(true)
})
