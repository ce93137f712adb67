import 'expect-cors/vitest'
import cors from 'cors'
import { configure, endpoint, observed } from 'expect-cors'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { ALLOW, APP, answering, deadUrl, EVIL, METHODS, preflighting } from './servers.js'

describe('on a response', () => {
  const answer = observed(
    { status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PUT, DELETE' } },
    { origin: APP },
  )

  test('all of a list must hold; with .not none may', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect(answer).toAllowMethod('PUT')
    expect(answer).toAllowMethod(['PUT', 'DELETE'])
    expect(answer).not.toAllowMethod('PATCH')
    expect(answer).not.toAllowMethod(['PATCH', 'PURGE'])
    const mixed = await failure(() => expect(answer).toAllowMethod(['PUT', 'PATCH']))
    expect(mixed).toContain('It fails for PATCH, not for PUT.')
    expect(await failure(() => expect(answer).not.toAllowMethod(['PUT', 'PATCH']))).toContain(
      'The preflight response permits PUT.',
    )
  })

  test('a failure on a response that was requested without an Origin says so', async () => {
    const asked = { 'Access-Control-Request-Method': 'PUT' }
    const bare = observed({ status: 204, headers: {} }, { origin: null, headers: asked })
    const words = await failure(() => expect(bare).toAllowMethod('PUT'))
    expect(words).toContain('It was requested without an Origin header')
    expect(words).not.toContain('does not tell')
  })

  test('GET, HEAD and POST always hold, and CORS cannot refuse them', async () => {
    expect(answer).toAllowMethod(['GET', 'HEAD', 'POST', 'get'])
    expect({ status: 500, headers: { [ALLOW]: EVIL } }).toAllowMethod('POST')
    for (const method of ['GET', 'HEAD', 'POST', 'post']) {
      expect(await failure(() => expect(answer).not.toAllowMethod(method))).toContain(
        'CORS cannot refuse a safelisted method',
      )
    }
    const asked = observed(answer, { headers: { Origin: APP, 'Access-Control-Request-Method': 'PATCH' } })
    expect(await failure(() => expect(asked).not.toAllowMethod(['PATCH', 'GET']))).toContain(
      'CORS cannot refuse a safelisted method: GET always holds.',
    )
  })

  test('names are normalized as fetch does', () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect(answer).toAllowMethod('put')
    expect(answer).toAllowMethod('delete')
    expect(answer).not.toAllowMethod('patch')
    const patch = observed({ status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PATCH' } }, { origin: APP })
    expect(patch).toAllowMethod('PATCH')
    expect(patch).not.toAllowMethod('patch')
  })

  test('a wildcard counts without credentials only', () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const wildcard = observed(
      { status: 204, headers: { [ALLOW]: APP, [METHODS]: '*', 'Access-Control-Allow-Credentials': 'true' } },
      { origin: APP },
    )
    expect(wildcard).toAllowMethod(['PUT', 'PURGE'])
    expect(wildcard).not.toAllowMethod('PUT', { credentials: 'include' })
    expect(observed(wildcard, { credentials: 'include' })).not.toAllowMethod('PUT')
    expect(wildcard).toAllowMethod('PUT', { credentials: 'omit' })
  })

  test('a preflight that fails permits nothing', async () => {
    expect(
      observed(
        { status: 401, headers: { [ALLOW]: APP, [METHODS]: 'PUT' } },
        { headers: { Origin: APP, 'Access-Control-Request-Method': 'PUT' } },
      ),
    ).not.toAllowMethod('PUT')
    expect(
      await failure(() =>
        expect({ status: 204, headers: { [METHODS]: 'PUT' } }).toAllowMethod('PUT', { origin: APP }),
      ),
    ).toContain('Access-Control-Allow-Origin')
  })

  test('without an origin the one that the answer names counts', () => {
    expect({ status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PUT' } }).toAllowMethod('PUT')
    expect({ status: 204, headers: { [ALLOW]: '*', [METHODS]: 'PUT' } }).toAllowMethod('PUT')
    expect(
      observed(
        { status: 204, headers: { [ALLOW]: '*', [METHODS]: 'PUT' } },
        { headers: { Origin: APP, 'Access-Control-Request-Method': 'DELETE' } },
      ),
    ).not.toAllowMethod('DELETE')
  })

  test.each<[string, string | string[], string]>([
    ['an empty list', [], 'at least one method'],
    ['no name', '', 'the empty string'],
    ['no token', 'PUT DELETE', "'PUT DELETE' is not an HTTP method"],
    ['a forbidden method', 'TRACE', 'no page may use TRACE'],
  ])('%s is refused', async (_, methods, why) => {
    expect(await refusal(() => expect(answer).toAllowMethod(methods))).toContain(why)
    expect(await refusal(() => expect(answer).not.toAllowMethod(methods))).toContain(why)
  })

  test('takes no engines', async () => {
    expect(await refusal(() => expect(answer).toAllowMethod('PUT', { engines: ['firefox'] }))).toContain(
      'no option engines',
    )
    expect(await refusal(() => expect(answer).toAllowMethod('PUT', { method: 'PUT' }))).toContain(
      'no option method',
    )
  })
})

describe('on an endpoint', () => {
  const app = express().use(cors({ origin: [APP, EVIL], methods: 'PUT,DELETE' }))

  test('the preflight is asked for each', async () => {
    await expect(app).toAllowMethod(['PUT', 'DELETE'], { origin: APP })
    await expect(app).not.toAllowMethod(['PATCH', 'PURGE'], { origin: APP })
    await expect(app).not.toAllowMethod('PUT', { origin: 'https://stranger.example' })
    const handler = preflighting({ [ALLOW]: APP, [METHODS]: 'PUT, DELETE' })
    await expect(handler).toAllowMethod(['PUT', 'DELETE'], { origin: APP })
    expect(
      handler.requests.map(({ method, headers }) => [method, headers.get('access-control-request-method')]),
    ).toEqual([
      ['OPTIONS', 'PUT'],
      ['OPTIONS', 'DELETE'],
    ])
  })

  test('GET holds, but not where nothing answers', async () => {
    await expect(app).toAllowMethod(['GET', 'POST'], { origin: APP })
    await expect(answering(500)).toAllowMethod('GET', { origin: APP })
    const dead = await deadUrl()
    expect(await refusal(() => expect(dead).toAllowMethod('GET', { origin: APP }))).toContain('ECONNREFUSED')
    expect(await refusal(() => expect(dead).not.toAllowMethod('GET', { origin: APP }))).toContain(
      'ECONNREFUSED',
    )
    expect(await failure(() => expect(app).not.toAllowMethod('GET', { origin: APP }))).toContain(
      'CORS cannot refuse a safelisted method',
    )
  })

  test('needs an origin', async () => {
    expect(await refusal(() => expect(app).toAllowMethod('PUT'))).toContain("page's origin")
  })

  test('credentials are those of the call or of endpoint()', async () => {
    const handler = preflighting({ [ALLOW]: APP, [METHODS]: '*', 'Access-Control-Allow-Credentials': 'true' })
    await expect(handler).toAllowMethod('PUT', { origin: APP })
    await expect(handler).not.toAllowMethod('PUT', { origin: APP, credentials: 'include' })
    await expect(endpoint(handler, { credentials: 'include' })).not.toAllowMethod('PUT', { origin: APP })
  })
})
