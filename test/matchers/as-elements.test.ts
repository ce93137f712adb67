/** What elements ask, judged by the matchers: `as`. */
import 'expect-cors/vitest'
import cors from 'cors'
import { endpoint } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { ALLOW, APP, answering, CREDENTIALS, EVIL } from './servers.js'

const AS = [
  'image',
  'mask',
  'script',
  'module',
  'style',
  'font',
  'audio',
  'video',
  'track',
  'manifest',
] as const

const sent = ({ requests }: { readonly requests: readonly Request[] }) =>
  requests.map(({ method, headers }) => ({
    method,
    origin: headers.get('origin'),
    mode: headers.get('sec-fetch-mode'),
    destination: headers.get('sec-fetch-dest'),
    range: headers.get('range'),
  }))

describe('what is sent', () => {
  test.each(AS)('%s is asked once, with CORS, for all engines', async (as) => {
    const cdn = answering(200, { [ALLOW]: '*' })
    await expect(cdn).toAllowCorsRequest({ origin: APP, as, path: '/asset' })
    const isMedia = as === 'audio' || as === 'video'
    expect(sent(cdn)).toEqual([
      {
        method: 'GET',
        origin: APP,
        mode: 'cors',
        destination: { mask: 'image', module: 'script' }[as as string] ?? as,
        range: isMedia ? 'bytes=0-' : null,
      },
    ])
  })

  test('an endpoint may say it for all its assertions', async () => {
    const cdn = answering(200, { [ALLOW]: APP })
    const fonts = endpoint(cdn, { as: 'font', path: '/inter.woff2' })
    await expect(fonts).toAllowOrigin(APP)
    await expect(fonts).toAllowCorsRequest({ origin: APP })
    await expect(fonts).toBlockCorsRequest({ origin: EVIL }, 'allow-origin-mismatch')
    expect(new Set(cdn.requests.map(({ headers }) => headers.get('sec-fetch-dest')))).toEqual(
      new Set(['font']),
    )
  })

  test('Vary is judged as fonts are asked for', async () => {
    const app = express()
    app.use(cors({ origin: [APP] }), (_request, response) => {
      response.json([])
    })
    await expect(app).toVaryOnOrigin({ origin: APP, as: 'font' })
    await expect(app).toKeepOriginsApartInCaches({ origin: APP, as: 'font' })
  })
})

describe('what is judged', () => {
  test.each(AS)('%s: the page is named, or is not', async (as) => {
    const cdn = answering(200, { [ALLOW]: APP })
    await expect(cdn).toAllowOrigin(APP, { as })
    await expect(cdn).not.toAllowOrigin(EVIL, { as })
    await expect(cdn).toAllowCorsRequest({ origin: APP, as })
    await expect(cdn).not.toAllowCorsRequest({ origin: EVIL, as })
    await expect(cdn).toBlockCorsRequest({ origin: EVIL, as }, 'allow-origin-mismatch')
    await expect(cdn).not.toBlockCorsRequest({ origin: APP, as })
    await expect(cdn).not.toAllowAnyOrigin({ as })
    await expect(answering(200, { [ALLOW]: '*' })).toAllowAnyOrigin({ as })
  })

  test('a status or type that would keep an element from loading is not about CORS', async () => {
    await expect(answering(404, { [ALLOW]: '*', 'Content-Type': 'text/html' })).toAllowCorsRequest({
      origin: APP,
      as: 'module',
    })
  })

  test('credentials stand for crossorigin="use-credentials"', async () => {
    const wildcard = answering(200, { [ALLOW]: '*' })
    await expect(wildcard).not.toAllowCredentialedOrigin(APP, { as: 'image' })
    await expect(wildcard).toBlockCorsRequest(
      { origin: APP, as: 'script', credentials: 'include' },
      'wildcard-allow-origin-with-credentials',
    )
    const named = answering(200, { [ALLOW]: APP, [CREDENTIALS]: 'true' })
    await expect(named).toAllowCredentialedOrigin(APP, { as: 'image' })
    await expect(named).toAllowCorsRequest({ origin: APP, as: 'module', credentials: 'include' })
  })

  test('what lets a page in with a cookie alone counts as letting it in', async () => {
    const hidden = (request: Request): Response =>
      new Response(null, {
        headers: request.headers.has('cookie') ? { [ALLOW]: APP, [CREDENTIALS]: 'true' } : {},
      })
    expect(await failure(() => expect(hidden).not.toAllowCredentialedOrigin(APP, { as: 'image' }))).toContain(
      'allowed as soon as a Cookie arrives',
    )
  })

  test('redirects are judged on the way', async () => {
    const app = (request: Request): Response =>
      request.url.endsWith('/old.woff2')
        ? new Response(null, { status: 302, headers: { Location: '/new.woff2' } })
        : new Response(null, { headers: { [ALLOW]: '*' } })
    await expect(app).toBlockCorsRequest(
      { origin: APP, as: 'font', path: '/old.woff2' },
      'missing-allow-origin',
    )
    await expect(app).toAllowCorsRequest({ origin: APP, as: 'font', path: '/new.woff2' })
  })

  test('WebKit asks for fonts without CORS, and is not judged', async () => {
    const bare = answering(200)
    await expect(bare).toBlockCorsRequest({ origin: APP, as: 'font' }, 'missing-allow-origin')
    const message = await failure(() => expect(bare).toAllowCorsRequest({ origin: APP, as: 'font' }))
    expect(message).toContain("Not judged in WebKit, where a request as 'font' is made without CORS.")
    const alone = () => expect(bare).toAllowCorsRequest({ origin: APP, as: 'font', engines: ['webkit'] })
    expect(await refusal(alone)).toBe(
      "a request as 'font' is made without CORS in WebKit, where nothing refuses it",
    )
    const negated = () =>
      expect(bare).not.toAllowCorsRequest({ origin: APP, as: 'font', engines: ['webkit'] })
    expect(await refusal(negated)).toBe(await refusal(alone))
    await expect(bare).toBlockCorsRequest({ origin: APP, as: 'image', engines: ['webkit'] })
  })
})

describe('messages', () => {
  test('say what it was asked as', async () => {
    const bare = answering(200)
    const wanted = { origin: APP, as: 'font', path: '/inter.woff2' } as const
    const message = await failure(() => expect(bare).toAllowCorsRequest(wanted))
    expect(firstLine(message)).toContain(
      '/inter.woff2 as a font (status 200) has no Access-Control-Allow-Origin',
    )
    expect(firstLine(message)).toContain(`a page at ${APP} may not use it`)
    expect(message).toContain("toAllowCorsRequest({ GET as 'font' })")
    const credentials = { origin: APP, as: 'image', credentials: 'include' } as const
    expect(await failure(() => expect(bare).toAllowCorsRequest(credentials))).toContain(
      "toAllowCorsRequest({ GET as 'image', with credentials })",
    )
  })

  test('say what a page may do', async () => {
    const open = answering(200, { [ALLOW]: '*' })
    const said = async (assertion: () => unknown) => firstLine(await failure(assertion))
    expect(await said(() => expect(open).not.toAllowCorsRequest({ origin: APP, as: 'font' }))).toContain(
      `a page at ${APP} may use the response as a font`,
    )
    expect(await said(() => expect(open).toBlockCorsRequest({ origin: APP, as: 'script' }))).toContain(
      `a page at ${APP} may use the response as a script`,
    )
    expect(await said(() => expect(open).not.toAllowOrigin(APP, { as: 'style' }))).toContain(
      'may use this response as a style sheet',
    )
    expect(await said(() => expect(open).not.toAllowAnyOrigin({ as: 'module' }))).toContain(
      'a page at any origin may use the response as a module script',
    )
    expect(await said(() => expect(answering(200)).toAllowAnyOrigin({ as: 'image' }))).toContain(
      'may not use the response as an image',
    )
  })
})

describe('what is refused, in both forms', () => {
  const cdn = answering(200, { [ALLOW]: '*' })

  test.each([
    ['method', { method: 'GET' }],
    ['headers', { headers: { 'x-a': '1' } }],
    ['body', { body: 'x' }],
    ['mode', { mode: 'cors' }],
    ['redirect', { redirect: 'follow' }],
  ] as const)("%s is a script's to say", async (name, said) => {
    const reason = `${name} is not for what asks as 'image': an element asks with GET and headers of its own, and follows redirects`
    const wanted = { origin: APP, as: 'image', ...said } as const
    expect(await refusal(() => expect(cdn).toAllowCorsRequest(wanted))).toBe(reason)
    expect(await refusal(() => expect(cdn).not.toAllowCorsRequest(wanted))).toBe(reason)
  })

  test.each(['font', 'mask'] as const)('credentials where a %s has no attribute', async (as) => {
    const reason = `browsers ask other origins without credentials as '${as}', where no crossorigin attribute says otherwise: credentials cannot be 'include'`
    expect(await refusal(() => expect(cdn).toAllowCredentialedOrigin(APP, { as }))).toBe(reason)
    expect(await refusal(() => expect(cdn).not.toAllowCredentialedOrigin(APP, { as }))).toBe(reason)
    await expect(cdn).toAllowCorsRequest({ origin: APP, as, credentials: 'same-origin' })
  })

  test.each([
    ['iframe', "what loads as 'iframe' is not judged by CORS"],
    ['worker', "what loads as 'worker' is not judged by CORS"],
    ['fetch', "as: 'fetch' is what is asked without as: leave it out"],
    ['img', "as must be one of 'image', 'mask', 'script'"],
    [null, 'as must be one of'],
    [['font'], 'as must be one of'],
  ])('as: %j', async (as, reason) => {
    expect(
      await refusal(() => expect(cdn).toAllowCorsRequest({ origin: APP, as: as as unknown as 'font' })),
    ).toContain(reason)
    expect(() => endpoint(cdn, { as: as as unknown as 'font' })).toThrow(reason)
  })

  test.each([
    ['toAllowPreflight', () => expect(cdn).toAllowPreflight({ origin: APP, as: 'image' })],
    ['toAllowMethod', () => expect(cdn).toAllowMethod('PUT', { origin: APP, as: 'image' })],
    ['toAllowRequestHeader', () => expect(cdn).toAllowRequestHeader('x-a', { origin: APP, as: 'image' })],
    ['toCachePreflightFor', () => expect(cdn).toCachePreflightFor(60, { origin: APP, as: 'image' })],
    ['toRequirePreflight', () => expect(cdn).toRequirePreflight({ origin: APP, as: 'image' })],
    [
      'toRequirePreflight',
      () => expect(endpoint(cdn, { as: 'image' })).not.toRequirePreflight({ origin: APP }),
    ],
    [
      'toRequirePreflight',
      () => expect(new Request('https://cdn.test')).not.toRequirePreflight({ origin: APP, as: 'image' }),
    ],
  ])('%s', async (name, assertion) => {
    expect(await refusal(assertion)).toBe(
      `${name} says nothing of what asks as 'image': it asks without a preflight`,
    )
  })

  test('toExposeHeader', async () => {
    expect(await refusal(() => expect(cdn).toExposeHeader('etag', { origin: APP, as: 'image' }))).toBe(
      "toExposeHeader says nothing of what asks as 'image': it reads no headers",
    )
  })

  test('a response, which has been requested already', () => {
    expect(() =>
      expect({ status: 200, headers: { [ALLOW]: '*' } }).toAllowOrigin(APP, { as: 'image' }),
    ).toThrow('got the option as for a response, which has been requested already')
  })
})
