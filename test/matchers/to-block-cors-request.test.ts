import 'expect-cors/vitest'
import { type CorsFailureCode, evaluateCors } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { ALLOW, APP, answering, EVIL, preflighting } from './servers.js'

describe('on an endpoint', () => {
  test('holds where every engine blocks, for that code where one is given', async () => {
    const handler = answering(200, { [ALLOW]: APP })
    await expect(handler).toBlockCorsRequest({ origin: EVIL })
    await expect(handler).toBlockCorsRequest({ origin: EVIL }, 'allow-origin-mismatch')
    await expect(handler).not.toBlockCorsRequest({ origin: EVIL }, 'missing-allow-origin')
    await expect(handler).not.toBlockCorsRequest({ origin: APP })
    expect(await failure(() => expect(handler).toBlockCorsRequest({ origin: APP }))).toContain(
      'it is not blocked',
    )
    expect(await failure(() => expect(handler).not.toBlockCorsRequest({ origin: EVIL }))).toContain(
      'the request is blocked',
    )
    expect(
      await failure(() => expect(handler).toBlockCorsRequest({ origin: EVIL }, 'missing-allow-origin')),
    ).toContain("blocked, but for 'allow-origin-mismatch', not for 'missing-allow-origin'")
    expect(
      await failure(() => expect(handler).not.toBlockCorsRequest({ origin: EVIL }, 'allow-origin-mismatch')),
    ).toContain("blocked for 'allow-origin-mismatch'")
  })

  test.each<{
    response: string
    handler: (request: Request) => Response
    options: object
    code: CorsFailureCode
  }>([
    { response: 'no header', handler: answering(200), options: {}, code: 'missing-allow-origin' },
    {
      response: 'two origins',
      handler: answering(200, { [ALLOW]: `${APP}, ${EVIL}` }),
      options: {},
      code: 'multiple-allow-origin',
    },
    {
      response: 'no origin',
      handler: answering(200, { [ALLOW]: 'app' }),
      options: {},
      code: 'invalid-allow-origin',
    },
    {
      response: 'another origin',
      handler: answering(200, { [ALLOW]: 'https://other.example' }),
      options: {},
      code: 'allow-origin-mismatch',
    },
    {
      response: 'a wildcard',
      handler: answering(200, { [ALLOW]: '*' }),
      options: { credentials: 'include' },
      code: 'wildcard-allow-origin-with-credentials',
    },
    {
      response: 'no credentials',
      handler: answering(200, { [ALLOW]: APP }),
      options: { credentials: 'include' },
      code: 'invalid-allow-credentials',
    },
    {
      response: '401',
      handler: answering(401, { [ALLOW]: '*' }),
      options: { method: 'PUT' },
      code: 'preflight-status',
    },
    {
      response: 'a method',
      handler: answering(200, { [ALLOW]: '*' }),
      options: { method: 'PUT' },
      code: 'method-not-allowed',
    },
    {
      response: 'a header',
      handler: answering(200, { [ALLOW]: '*' }),
      options: { headers: ['x-a'] },
      code: 'header-not-allowed',
    },
    {
      response: 'a broken list',
      handler: preflighting({ [ALLOW]: '*', 'Access-Control-Allow-Methods': 'PUT;GET' }),
      options: { method: 'PUT' },
      code: 'invalid-allow-methods',
    },
    {
      response: 'a redirect mode',
      handler: answering(302, { [ALLOW]: '*', Location: '/elsewhere' }),
      options: { redirect: 'error' },
      code: 'redirect-mode-error',
    },
    {
      response: 'a scheme',
      handler: answering(302, { [ALLOW]: '*', Location: 'ftp://a.example' }),
      options: {},
      code: 'redirect-to-unsupported-scheme',
    },
  ])('$response', async ({ handler, options, code }) => {
    await expect(handler).toBlockCorsRequest({ origin: APP, ...options }, code)
  })

  test('opaque satisfies neither form', async () => {
    const wanted = { origin: APP, mode: 'no-cors' as const }
    expect(await failure(() => expect(answering(200)).toBlockCorsRequest(wanted))).toContain('opaque')
    expect(await failure(() => expect(answering(200)).not.toBlockCorsRequest(wanted))).toContain('opaque')
  })

  test('where engines differ both forms fail', async () => {
    const handler = answering(200, { [ALLOW]: '*' })
    const wanted = { origin: APP, headers: { DPR: '2' } }
    for (const message of [
      await failure(() => expect(handler).toBlockCorsRequest(wanted)),
      await failure(() => expect(handler).not.toBlockCorsRequest(wanted)),
    ]) {
      expect(firstLine(message)).toContain('Chromium sends no preflight and allows it; Firefox and WebKit')
    }
    await expect(handler).toBlockCorsRequest(
      { ...wanted, engines: ['firefox', 'webkit'] },
      'header-not-allowed',
    )
  })

  test('a request that no browser sends is judged for its own code alone', async () => {
    const handler = answering(200, { [ALLOW]: '*' })
    const wanted = { origin: APP, method: 'TRACE' }
    await expect(handler).toBlockCorsRequest(wanted, 'forbidden-method')
    await failure(() => expect(handler).not.toBlockCorsRequest(wanted, 'forbidden-method'))
    expect(await refusal(() => expect(handler).toBlockCorsRequest(wanted))).toContain('forbidden-method')
    expect(await refusal(() => expect(handler).not.toBlockCorsRequest(wanted))).toContain('forbidden-method')
    expect(
      await refusal(() => expect(handler).not.toBlockCorsRequest(wanted, 'missing-allow-origin')),
    ).toContain('forbidden-method')
    expect(handler.requests).toHaveLength(0)
    await expect('http://api.example.com').toBlockCorsRequest({ origin: APP }, 'mixed-content')
  })

  test('a code that is none is refused', async () => {
    const handler = answering(200)
    for (const assertion of [expect(handler), expect(handler).not]) {
      expect(
        await refusal(() => assertion.toBlockCorsRequest({ origin: APP }, 'missing-alow-origin' as never)),
      ).toContain("did you mean 'missing-allow-origin'?")
    }
    expect(await refusal(() => expect(handler).toBlockCorsRequest('missing-allow-origin'))).toContain(
      'needs the request',
    )
  })
})

describe('on a journey', () => {
  const request = { origin: APP, url: 'https://api.example.com/orders' }
  const blocked = evaluateCors({ request, response: { status: 200, headers: {} } })
  const allowed = evaluateCors({ request, response: { status: 200, headers: { [ALLOW]: '*' } } })

  test('the code stands in the place of the request', async () => {
    expect(blocked).toBlockCorsRequest()
    expect(blocked).toBlockCorsRequest('missing-allow-origin')
    expect(blocked).not.toBlockCorsRequest('preflight-status')
    expect(allowed).not.toBlockCorsRequest()
    await failure(() => expect(allowed).toBlockCorsRequest())
    await failure(() => expect(blocked).not.toBlockCorsRequest('missing-allow-origin'))
    expect(await refusal(() => expect(evaluateCors({ request })).not.toBlockCorsRequest())).toContain(
      'incomplete',
    )
    // @ts-expect-error there is no such code
    expect(await refusal(() => expect(blocked).not.toBlockCorsRequest('missing'))).toContain(
      'is not a failure code',
    )
  })
})

test('a response does not show its journey', async () => {
  const response = { status: 200, headers: {} }
  expect(await refusal(() => expect(response).toBlockCorsRequest())).toContain('not a response')
  expect(await refusal(() => expect(response).not.toBlockCorsRequest())).toContain('not a response')
})
