import 'expect-cors/vitest'
import cors from 'cors'
import { configure, observed } from 'expect-cors'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { APP, EVIL, preflighting } from './servers.js'

const answer = (maxAge?: string, more: Record<string, string> = {}) =>
  observed(
    {
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': APP,
        'Access-Control-Allow-Methods': 'PUT',
        ...(maxAge === undefined ? {} : { 'Access-Control-Max-Age': maxAge }),
        ...more,
      },
    },
    { origin: APP },
  )

describe('on a response', () => {
  test('each engine must keep it that long, or as long as it ever does', async () => {
    expect(answer('600')).toCachePreflightFor(600)
    expect(answer('600')).toCachePreflightFor(1)
    expect(answer('600')).toCachePreflightFor(0.5)
    expect(await failure(() => expect(answer('600')).toCachePreflightFor(601))).toContain(
      'Chromium and Firefox keep the response for 600 s; WebKit keeps the response for 600 s, its maximum',
    )
    // Chromium 7,200 s, Firefox 86,400 s, WebKit 600 s.
    expect(answer('86400')).toCachePreflightFor(86_400)
    expect(answer('86400')).toCachePreflightFor(31_536_000)
    expect(answer('7200')).toCachePreflightFor(7200)
    expect(answer('7200')).toCachePreflightFor(86_400, { engines: ['chromium', 'webkit'] })
    expect(answer('7200')).not.toCachePreflightFor(7201, { engines: ['firefox'] })
    expect(answer('599')).not.toCachePreflightFor(600)
  })

  test('.not holds where none does', async () => {
    expect(answer('600')).not.toCachePreflightFor(601, { engines: ['chromium', 'firefox'] })
    // WebKit never keeps anything longer than 600 s, which is enough for it.
    for (const message of [
      await failure(() => expect(answer('600')).not.toCachePreflightFor(601)),
      await failure(() => expect(answer('600')).toCachePreflightFor(601)),
    ]) {
      expect(message).toContain('WebKit')
      expect(message).toMatch(/Chromium and Firefox/)
    }
    expect(answer('0')).not.toCachePreflightFor(1)
    expect(answer('-1')).not.toCachePreflightFor(1)
  })

  test('without the header every engine keeps it for 5 s', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    expect(answer()).toCachePreflightFor(5)
    expect(answer()).not.toCachePreflightFor(6)
    expect(await failure(() => expect(answer()).toCachePreflightFor(6))).toContain(
      'There is no Access-Control-Max-Age',
    )
  })

  test('a value that is no number', async () => {
    // Firefox keeps nothing, the others 5 s.
    expect(answer('10m')).not.toCachePreflightFor(6)
    expect(answer('10m')).toCachePreflightFor(5, { engines: ['chromium', 'webkit'] })
    expect(answer('10m')).not.toCachePreflightFor(1, { engines: ['firefox'] })
    expect(firstLine(await failure(() => expect(answer('10m')).toCachePreflightFor(5)))).toContain('Firefox')
    expect(firstLine(await failure(() => expect(answer('10m')).not.toCachePreflightFor(5)))).toContain(
      'Firefox',
    )
  })

  test('Firefox does not look a wildcard up', async () => {
    const wildcard = answer('600', { 'Access-Control-Allow-Methods': '*' })
    expect(wildcard).toCachePreflightFor(600, { engines: ['chromium', 'webkit'] })
    expect(wildcard).not.toCachePreflightFor(1, { engines: ['firefox'] })
    expect(await failure(() => expect(wildcard).toCachePreflightFor(600))).toContain(
      'Firefox does not look `*` up',
    )
  })

  test('a preflight that fails is not kept', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const refusing = observed({ status: 403, headers: { 'Access-Control-Max-Age': '600' } }, { origin: APP })
    expect(refusing).not.toCachePreflightFor(1)
    expect(await failure(() => expect(refusing).toCachePreflightFor(1))).toContain('does not succeed')
  })

  test('for the request that is said', () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const headers = answer('600', { 'Access-Control-Allow-Headers': 'x-a' })
    expect(headers).toCachePreflightFor(600, { method: 'PUT', headers: ['x-a'] })
    expect(headers).not.toCachePreflightFor(1, { method: 'DELETE', engines: ['chromium', 'firefox'] })
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '600'])('%s is refused', async (seconds) => {
    for (const assertion of [expect(answer('600')), expect(answer('600')).not]) {
      expect(await refusal(() => assertion.toCachePreflightFor(seconds as number))).toContain('above 0')
    }
  })

  test('0 says what to write', async () => {
    expect(await refusal(() => expect(answer('0')).toCachePreflightFor(0))).toContain(
      '.not.toCachePreflightFor(1)',
    )
  })
})

describe('on an endpoint', () => {
  const app = express().use(
    cors({ origin: [APP, EVIL], methods: ['PUT'], allowedHeaders: ['x-a'], maxAge: 3600 }),
  )

  test('asks for the preflight that is said', async () => {
    await expect(app).toCachePreflightFor(3600, { origin: APP, method: 'PUT' })
    await expect(app).toCachePreflightFor(600, { origin: APP, headers: ['x-a'] })
    await expect(app).not.toCachePreflightFor(3601, {
      origin: APP,
      method: 'PUT',
      engines: ['chromium', 'firefox'],
    })
    await expect(app).not.toCachePreflightFor(1, { origin: 'https://stranger.example', method: 'PUT' })
    expect(
      await failure(() => expect(app).toCachePreflightFor(7200, { origin: APP, method: 'PUT' })),
    ).toContain("Access-Control-Max-Age is '3600'")
    await failure(() => expect(app).not.toCachePreflightFor(60, { origin: APP, method: 'PUT' }))
  })

  test('only the preflight is sent', async () => {
    const handler = preflighting({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'PUT',
      'Access-Control-Max-Age': '60',
    })
    await expect(handler).toCachePreflightFor(60, { origin: APP, method: 'PUT' })
    expect(handler.requests.map(({ method }) => method)).toEqual(['OPTIONS'])
  })

  test('a request that is not preflighted has nothing to cache', async () => {
    for (const assertion of [expect(app), expect(app).not]) {
      expect(await refusal(() => assertion.toCachePreflightFor(60, { origin: APP }))).toContain(
        "method: 'PUT'",
      )
    }
    expect(await refusal(() => expect(app).toCachePreflightFor(60))).toContain("page's origin")
    expect(
      await refusal(() => expect(app).not.toCachePreflightFor(0, { origin: APP, method: 'PUT' })),
    ).toContain('above 0')
  })
})
