import 'expect-cors/vitest'
import cors from 'cors'
import { configure, endpoint, observed } from 'expect-cors'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { ALLOW, APP, CREDENTIALS, EVIL, HEADERS, preflighting } from './servers.js'

const answering = (headers: Record<string, string>) =>
  observed({ status: 204, headers: { [ALLOW]: APP, [CREDENTIALS]: 'true', ...headers } }, { origin: APP })

describe('on a response', () => {
  test('all of a list must hold; with .not none may', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const answer = answering({ [HEADERS]: 'Content-Type, X-Tenant' })
    expect(answer).toAllowRequestHeader('content-type')
    expect(answer).toAllowRequestHeader(['CONTENT-TYPE', 'x-tenant'])
    expect(answer).not.toAllowRequestHeader('authorization')
    expect(answer).not.toAllowRequestHeader(['x-a', 'x-b'])
    expect(await failure(() => expect(answer).toAllowRequestHeader(['content-type', 'x-a']))).toContain(
      'It fails for x-a, not for content-type.',
    )
    expect(await failure(() => expect(answer).not.toAllowRequestHeader(['content-type', 'x-a']))).toContain(
      'permits content-type.',
    )
  })

  test('a safelisted name is asked with a value that needs permission', () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect(answering({ [HEADERS]: 'accept' })).toAllowRequestHeader('Accept')
    expect(answering({ [HEADERS]: 'x-a' })).not.toAllowRequestHeader(['Accept', 'Content-Type', 'Range'])
  })

  test('a wildcard counts without credentials only, and then covers Authorization', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const wildcard = answering({ [HEADERS]: '*' })
    expect(wildcard).toAllowRequestHeader(['x-a', 'content-type', 'authorization'])
    expect(wildcard).not.toAllowRequestHeader(['x-a', 'authorization'], { credentials: 'include' })
    await failure(() => expect(wildcard).not.toAllowRequestHeader('authorization'))
    onTestFinished(configure({ strict: true }))
    expect(wildcard).toAllowRequestHeader('x-a')
    expect(await failure(() => expect(wildcard).toAllowRequestHeader('authorization'))).toContain(
      'Fetch Standard',
    )
    expect(await failure(() => expect(wildcard).not.toAllowRequestHeader('authorization'))).toContain(
      'Chromium',
    )
    expect(answering({ [HEADERS]: '*, Authorization' })).toAllowRequestHeader('authorization')
  })

  test('a wildcard with credentials is a name', () => {
    expect(answering({ [HEADERS]: '*' })).toAllowRequestHeader('*', { credentials: 'include' })
  })

  test('a list that does not parse permits nothing', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect(answering({ [HEADERS]: 'x-a x-b' })).not.toAllowRequestHeader('x-a')
    expect(
      await failure(() => expect(answering({ [HEADERS]: '"x-a"' })).toAllowRequestHeader('x-a')),
    ).toContain('"x-a"')
  })

  test.each<[string, string | string[], string]>([
    ['an empty list', [], 'at least one header name'],
    ['no name', 'x a', "'x a' is not a valid header name"],
    ['a forbidden name', 'Cookie', 'no page may set Cookie'],
    ['another', 'Sec-Fetch-Site', 'no page may set'],
  ])('%s is refused', async (_, names, why) => {
    expect(await refusal(() => expect(answering({})).toAllowRequestHeader(names))).toContain(why)
    expect(await refusal(() => expect(answering({})).not.toAllowRequestHeader(names))).toContain(why)
  })

  test('takes no headers', async () => {
    expect(
      await refusal(() => expect(answering({})).toAllowRequestHeader('x-a', { headers: ['x-b'] })),
    ).toContain('no option headers')
  })
})

describe('on an endpoint', () => {
  const app = express().use(cors({ origin: [APP, EVIL], allowedHeaders: ['content-type', 'x-tenant'] }))

  test('the preflight is asked for each', async () => {
    await expect(app).toAllowRequestHeader(['Content-Type', 'X-Tenant'], { origin: APP })
    await expect(app).not.toAllowRequestHeader(['authorization', 'x-a'], { origin: APP })
    const handler = preflighting({ [ALLOW]: APP, [HEADERS]: 'x-a, x-b' })
    await expect(handler).toAllowRequestHeader(['X-B', 'X-A'], { origin: APP })
    expect(handler.requests.map(({ headers }) => headers.get('access-control-request-headers'))).toEqual([
      'x-b',
      'x-a',
    ])
  })

  test('with the method that is said', async () => {
    const handler = preflighting({ [ALLOW]: APP, [HEADERS]: 'x-a', 'Access-Control-Allow-Methods': 'PUT' })
    await expect(handler).toAllowRequestHeader('x-a', { origin: APP, method: 'PUT' })
    await expect(endpoint(handler, { method: 'DELETE' })).not.toAllowRequestHeader('x-a', { origin: APP })
  })

  test('an engine that does not ask has no say', async () => {
    // Chromium drops User-Agent.
    await expect(preflighting({ [ALLOW]: '*', [HEADERS]: 'user-agent' })).toAllowRequestHeader('User-Agent', {
      origin: APP,
    })
    const handler = preflighting({ [ALLOW]: '*' })
    await expect(handler).not.toAllowRequestHeader('User-Agent', { origin: APP })
    expect(
      await failure(() => expect(handler).toAllowRequestHeader('User-Agent', { origin: APP })),
    ).toContain('Chromium would send no preflight for user-agent, and was not judged.')
    for (const assertion of [expect(handler), expect(handler).not]) {
      expect(
        await refusal(() =>
          assertion.toAllowRequestHeader('User-Agent', { origin: APP, engines: ['chromium'] }),
        ),
      ).toContain('Chromium sends no preflight for user-agent')
    }
  })

  test('engines of endpoint() count', async () => {
    const handler = preflighting({ [ALLOW]: '*', [HEADERS]: '*' })
    await expect(endpoint(handler, { engines: ['standard'] })).not.toAllowRequestHeader('authorization', {
      origin: APP,
    })
    await expect(endpoint(handler, { engines: ['firefox'] })).toAllowRequestHeader('authorization', {
      origin: APP,
    })
  })

  test('needs an origin', async () => {
    expect(await refusal(() => expect(app).toAllowRequestHeader('x-a'))).toContain("page's origin")
  })
})
