import 'expect-cors/vitest'
import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { ALLOW, APP, answering, CREDENTIALS, EVIL } from './servers.js'

describe('on a response', () => {
  test('holds for the origin and true', async () => {
    const response = observed(
      { status: 200, headers: { [ALLOW]: APP, [CREDENTIALS]: 'true' } },
      { origin: APP },
    )
    expect(response).toAllowCredentialedOrigin(APP)
    expect(await failure(() => expect(response).not.toAllowCredentialedOrigin(APP))).toContain(
      'with credentials',
    )
  })

  test.each<[string, Record<string, string>, string]>([
    ['a wildcard', { [ALLOW]: '*', [CREDENTIALS]: 'true' }, '*'],
    ['no Access-Control-Allow-Credentials', { [ALLOW]: APP }, CREDENTIALS],
    ['True', { [ALLOW]: APP, [CREDENTIALS]: 'True' }, 'True'],
    ['false', { [ALLOW]: APP, [CREDENTIALS]: 'false' }, 'false'],
    ['true twice', { [ALLOW]: APP, [CREDENTIALS]: 'true, true' }, 'true, true'],
    ['another origin', { [ALLOW]: EVIL, [CREDENTIALS]: 'true' }, EVIL],
    ['nothing', {}, ALLOW],
  ])('fails for %s, and its .not holds', async (_, headers, why) => {
    const response = observed({ status: 200, headers }, { origin: APP })
    expect(response).not.toAllowCredentialedOrigin(APP)
    expect(await failure(() => expect(response).toAllowCredentialedOrigin(APP))).toContain(why)
  })

  test('an empty second line is true to Firefox alone, and both forms fail', async () => {
    const response = observed(
      {
        status: 200,
        headers: [
          [ALLOW, APP],
          [CREDENTIALS, 'true'],
          [CREDENTIALS, ''],
        ],
      },
      { origin: APP },
    )
    for (const message of [
      await failure(() => expect(response).toAllowCredentialedOrigin(APP)),
      await failure(() => expect(response).not.toAllowCredentialedOrigin(APP)),
    ]) {
      expect(firstLine(message)).toBe(
        'Chromium and WebKit block it (invalid-allow-credentials on the response); Firefox allows it.',
      )
    }
    expect(response).toAllowCredentialedOrigin(APP, { engines: ['firefox'] })
    expect(response).not.toAllowCredentialedOrigin(APP, { engines: ['chromium', 'webkit'] })
  })
})

describe('on an endpoint', () => {
  const app = express()
    .use('/a', cors({ origin: [APP, EVIL], credentials: true }))
    .use('/b', cors())

  test('asks with credentials', async () => {
    await expect(app).toAllowCredentialedOrigin(APP, { path: '/a' })
    await expect(app).not.toAllowCredentialedOrigin(APP, { path: '/b' })
    expect(await failure(() => expect(app).toAllowCredentialedOrigin(APP, { path: '/b' }))).toContain(
      '`Access-Control-Allow-Origin: *`',
    )
    expect(await failure(() => expect(app).not.toAllowCredentialedOrigin(APP, { path: '/a' }))).toContain(
      `a page at ${APP} may read this response with credentials`,
    )
  })

  test('says include at most', async () => {
    const handler = answering(200, { [ALLOW]: APP, [CREDENTIALS]: 'true' })
    await expect(handler).toAllowCredentialedOrigin(APP, { credentials: 'include' })
    expect(
      await refusal(() => expect(handler).toAllowCredentialedOrigin(APP, { credentials: 'omit' })),
    ).toContain('toAllowOrigin')
    expect(
      // @ts-expect-error it is a RequestCredentials
      await refusal(() => expect(handler).toAllowCredentialedOrigin(APP, { credentials: true })),
    ).toContain("'include'")
  })
})
