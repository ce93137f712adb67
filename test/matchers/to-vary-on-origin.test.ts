import 'expect-cors/vitest'
import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, answering, EVIL, listen } from './servers.js'

describe('on a response', () => {
  test.each<[string, Record<string, string> | [string, string][]]>([
    ['Origin', { vary: 'Origin' }],
    ['any case', { VARY: 'ORIGIN' }],
    ['among others', { vary: 'Accept-Encoding , origin' }],
    ['a wildcard', { vary: '*' }],
    [
      'on a second line',
      [
        ['Vary', 'Accept'],
        ['Vary', 'Origin'],
      ],
    ],
  ])('holds for %s, whatever the policy', async (_, headers) => {
    expect({ status: 200, headers }).toVaryOnOrigin()
    expect(observed({ status: 404, headers }, { origin: EVIL })).toVaryOnOrigin()
    expect(await failure(() => expect({ status: 200, headers }).not.toVaryOnOrigin())).toContain(
      'varies on the origin',
    )
  })

  test.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'has no Vary header'],
    ['others', { vary: 'Accept, Accept-Encoding' }, 'does not name Origin'],
    ['a longer name', { vary: 'X-Origin, Origin-Agent' }, 'does not name Origin'],
  ])('fails for %s', async (_, headers, why) => {
    expect({ status: 200, headers }).not.toVaryOnOrigin()
    expect(await failure(() => expect({ status: 200, headers }).toVaryOnOrigin())).toContain(why)
  })

  test('takes no options', async () => {
    expect(
      await refusal(() => expect({ status: 200, headers: {} }).toVaryOnOrigin({ origin: APP })),
    ).toContain('origin')
  })
})

describe('on an endpoint', () => {
  test('holds where all three askings vary', async () => {
    const app = express().use('/orders', cors({ origin: [APP, EVIL] }))
    await expect(app).toVaryOnOrigin({ origin: APP, path: '/orders' })
    await expect(app).not.toVaryOnOrigin({ origin: APP, path: '/' })
  })

  test('asks as the allowed origin, as another and as none', async () => {
    const { url, received } = await listen((_request, response) => {
      response.writeHead(200, { Vary: 'Origin' }).end()
    })
    await expect(url).toVaryOnOrigin({ origin: APP, path: '/orders' })
    expect(received.map(({ line }) => line)).toEqual(['GET /orders', 'GET /orders', 'GET /orders'])
    const [first, second, third] = received.map(({ headers }) => headers.origin)
    expect(first).toBe(APP)
    expect(second).toMatch(/^https:\/\//)
    expect(second).not.toBe(APP)
    expect(third).toBeUndefined()
  })

  test.each<[string, (origin: string | null) => boolean, string]>([
    ['where it allows alone', (origin) => origin === APP, 'without an Origin'],
    ['with an origin alone', (origin) => origin !== null, 'without an Origin'],
    ['where it refuses alone', (origin) => origin !== APP, `with Origin: ${APP}`],
  ])('a server that varies %s satisfies neither form', async (_, isVarying, why) => {
    const handler = (request: Request): Response =>
      new Response(null, { headers: isVarying(request.headers.get('origin')) ? { Vary: 'Origin' } : {} })
    expect(await failure(() => expect(handler).toVaryOnOrigin({ origin: APP }))).toContain(why)
    expect(await failure(() => expect(handler).not.toVaryOnOrigin({ origin: APP }))).toContain(
      'varies on the origin',
    )
  })

  test('needs an origin, and takes nothing that caches do not look at', async () => {
    expect(await refusal(() => expect(answering(200)).toVaryOnOrigin())).toContain('an origin that it allows')
    expect(await refusal(() => expect(answering(200)).not.toVaryOnOrigin())).toContain(
      'an origin that it allows',
    )
    expect(
      await refusal(() => expect(answering(200)).not.toVaryOnOrigin({ origin: APP, engines: ['firefox'] })),
    ).toContain('no option engines')
  })
})
