import { describe, expect, test } from 'vitest'
import { deviate } from '../../src/engines/engine.js'
import type { Failure } from '../../src/fetch/failure.js'
import type { Warning } from '../../src/fetch/fetch-context.js'
import type { Header } from '../../src/fetch/header-list.js'
import {
  checkPreflightResponse,
  corsPreflightHeaders,
  type PreflightedRequest,
} from '../../src/fetch/preflight.js'
import { corsUnsafeRequestHeaders } from '../../src/fetch/request-headers.js'

const origin = 'https://app.example'
const ask = (method: string, headers: Header[] = [], credentials = false): PreflightedRequest => ({
  origin,
  credentials,
  method,
  unsafeHeaders: corsUnsafeRequestHeaders(headers),
})
const answer = (status: number, ...headers: Header[]) => ({
  status,
  headers: [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
    ...headers,
  ] as Header[],
})
const methods = (...values: string[]): Header[] =>
  values.map((value): Header => ['Access-Control-Allow-Methods', value])
const names = (...values: string[]): Header[] =>
  values.map((value): Header => ['Access-Control-Allow-Headers', value])

describe('the question', () => {
  test.each<[method: string, headers: Header[], expected: string | null]>([
    ['PUT', [], null],
    [
      'GET',
      [
        ['X-B', '1'],
        ['Accept', 'a'],
        ['x-a', '1'],
        ['X-b', '2'],
      ],
      'x-a,x-b',
    ],
    ['patch', [['Content-Type', 'application/json']], 'content-type'],
  ])('%s %j', (method, headers, expected) => {
    expect(corsPreflightHeaders(ask(method, headers))).toEqual([
      ['Accept', '*/*'],
      ['Access-Control-Request-Method', method],
      ...(expected === null ? [] : [['Access-Control-Request-Headers', expected]]),
      ['Origin', origin],
    ])
  })
})

describe('the status', () => {
  test.each([200, 201, 204, 206, 226, 299])('%s will do', (status) => {
    expect(checkPreflightResponse(ask('PUT'), answer(status, ...methods('PUT'))).failure).toBeNull()
  })
  test.each([199, 300, 304, 305, 306, 400, 401, 404, 500, 599, 999])('%s will not', (status) => {
    expect(checkPreflightResponse(ask('PUT'), answer(status, ...methods('PUT'))).failure).toEqual({
      code: 'preflight-status',
      blockedAt: 'preflight',
      status,
    })
  })
  test.each([301, 302, 303, 307, 308])('%s is a redirect where it says where to', (status) => {
    expect(checkPreflightResponse(ask('PUT'), answer(status, ...methods('PUT'))).failure).toEqual({
      code: 'preflight-status',
      blockedAt: 'preflight',
      status,
    })
    expect(checkPreflightResponse(ask('PUT'), answer(status, ['location', '/x'])).failure).toEqual({
      code: 'preflight-redirect',
      blockedAt: 'preflight',
      status,
      header: 'Location',
      value: '/x',
    })
  })
  test('comes after the CORS check', () => {
    expect(checkPreflightResponse(ask('PUT'), { status: 404, headers: [] }).failure).toEqual({
      code: 'missing-allow-origin',
      blockedAt: 'preflight',
      header: 'Access-Control-Allow-Origin',
      value: null,
    })
  })
})

describe('what it permits', () => {
  type Row = [
    desc: string,
    subject: PreflightedRequest,
    headers: Header[],
    failure: Omit<Failure, 'blockedAt'> | null,
  ]
  const allowMethods = 'Access-Control-Allow-Methods'
  const allowHeaders = 'Access-Control-Allow-Headers'
  const custom: Header[] = [
    ['X-A', '1'],
    ['X-B', '2'],
  ]
  const secret: Header[] = [['Authorization', 'Bearer x']]
  test.each<Row>([
    ['the method', ask('PUT'), methods('PUT'), null],
    ['the method, with credentials', ask('PUT', [], true), methods('GET, PUT'), null],
    ['the method on another line', ask('PUT'), methods('GET', 'PUT'), null],
    ['the star', ask('PUT'), methods('*'), null],
    [
      'the star with credentials',
      ask('PUT', [], true),
      methods('*'),
      { code: 'method-not-allowed', header: allowMethods, value: '*', part: 'PUT' },
    ],
    ['a method called star', ask('*', [], true), methods('*'), null],
    [
      'methods in lower case',
      ask('PUT'),
      methods('put'),
      { code: 'method-not-allowed', header: allowMethods, value: 'put', part: 'PUT' },
    ],
    [
      'patch is not PATCH',
      ask('patch'),
      methods('PATCH'),
      { code: 'method-not-allowed', header: allowMethods, value: 'PATCH', part: 'patch' },
    ],
    ['patch', ask('patch'), methods('patch'), null],
    [
      'no methods',
      ask('PUT'),
      [],
      { code: 'method-not-allowed', header: allowMethods, value: null, part: 'PUT' },
    ],
    ['no methods for GET', ask('GET', custom), names('x-a,x-b'), null],
    ['other methods for POST', ask('POST', custom), [...methods('PUT'), ...names('x-a,x-b')], null],
    [
      'methods that are no list',
      ask('PUT'),
      methods('PUT, b@d'),
      { code: 'invalid-allow-methods', header: allowMethods, value: 'PUT, b@d', part: 'b@d' },
    ],
    [
      'methods that are no list, for GET',
      ask('GET', custom),
      [...methods('GET POST'), ...names('*')],
      { code: 'invalid-allow-methods', header: allowMethods, value: 'GET POST', part: 'GET POST' },
    ],
    [
      'headers that are no list, for PUT',
      ask('PUT'),
      [...methods('PUT'), ...names('x-a; x-b')],
      { code: 'invalid-allow-headers', header: allowHeaders, value: 'x-a; x-b', part: 'x-a; x-b' },
    ],
    [
      'methods are read first',
      ask('PUT'),
      [...methods('b@d'), ...names('b@d')],
      { code: 'invalid-allow-methods', header: allowMethods, value: 'b@d', part: 'b@d' },
    ],
    ['headers in any case', ask('GET', custom), names('X-a', 'X-B'), null],
    [
      'one of two headers',
      ask('GET', custom),
      names('x-b'),
      { code: 'header-not-allowed', header: allowHeaders, value: 'x-b', part: 'x-a' },
    ],
    [
      'no headers',
      ask('GET', custom),
      [],
      { code: 'header-not-allowed', header: allowHeaders, value: null, part: 'x-a' },
    ],
    ['the star for headers', ask('GET', custom), names('*'), null],
    [
      'the star for headers, with credentials',
      ask('GET', custom, true),
      names('*'),
      { code: 'header-not-allowed', header: allowHeaders, value: '*', part: 'x-a' },
    ],
    ['a header called star', ask('GET', [['*', '1']], true), names('*'), null],
    [
      'a pattern is a name',
      ask('GET', custom),
      names('x-*'),
      { code: 'header-not-allowed', header: allowHeaders, value: 'x-*', part: 'x-a' },
    ],
    [
      'the star does not cover Authorization',
      ask('GET', secret),
      names('*'),
      { code: 'header-not-allowed', header: allowHeaders, value: '*', part: 'authorization' },
    ],
    ['Authorization by name', ask('GET', secret), names('*, AUTHORIZATION'), null],
    [
      'names of objects',
      ask('constructor', [
        ['__proto__', '1'],
        ['toString', '1'],
      ]),
      [...methods('constructor'), ...names('__proto__, tostring')],
      null,
    ],
    [
      'names of objects, not listed',
      ask('GET', [['__proto__', '1']]),
      names('constructor'),
      { code: 'header-not-allowed', header: allowHeaders, value: 'constructor', part: '__proto__' },
    ],
    [
      'a method of objects, not listed',
      ask('toString'),
      methods('PUT'),
      { code: 'method-not-allowed', header: allowMethods, value: 'PUT', part: 'toString' },
    ],
  ])('%s', (_desc, subject, headers, failure) => {
    const { failure: got } = checkPreflightResponse(subject, answer(204, ...headers))
    expect(got).toEqual(failure === null ? null : { blockedAt: 'preflight', ...failure })
  })

  test('a preflight for an upload listener grants its method where the answer names none', () => {
    const subject = { ...ask('PUT'), useCorsPreflight: true }
    expect(checkPreflightResponse(subject, answer(200))).toEqual({
      failure: null,
      methods: ['PUT'],
      headerNames: null,
    })
    expect(checkPreflightResponse(subject, answer(200, ...methods('POST'))).failure).toMatchObject({
      code: 'method-not-allowed',
    })
    const deviations = deviate({ preflight: { flagGrantsNoMethod: true } })
    expect(checkPreflightResponse(subject, answer(200), deviations).failure).toMatchObject({
      code: 'method-not-allowed',
    })
  })

  test('a refusal tells what it grants to others, where it grants anything', () => {
    const grant = { failure: null, methods: ['PUT'], headerNames: ['x-a'] }
    expect(
      checkPreflightResponse(ask('DELETE'), answer(200, ...methods('PUT'), ...names('x-a'))),
    ).toMatchObject({ grant })
    expect(checkPreflightResponse(ask('PUT'), answer(404, ...methods('PUT')))).toMatchObject({ grant: null })
  })

  test('an engine whose star covers Authorization says so, once', () => {
    const deviations = deviate({ preflight: { wildcardCoversAuthorization: true } })
    const warnings: Warning[] = []
    const twice = ask('GET', [...secret, ...secret])
    expect(checkPreflightResponse(twice, answer(200, ...names('*')), deviations, warnings).failure).toBeNull()
    expect(warnings).toMatchObject([{ code: 'wildcard-does-not-cover-authorization', value: '*' }])
    expect(
      checkPreflightResponse(ask('GET', secret, true), answer(200, ...names('*')), deviations).failure,
    ).not.toBeNull()
  })
})
