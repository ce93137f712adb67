import 'expect-cors/vitest'
import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { siteRelation } from '../../src/page/site.js'
import { checkOrigin } from '../../src/verdict/client.js'
import { failure, refusal } from './assertions.js'
import { APP, answering } from './servers.js'

describe('on a response', () => {
  test('holds for a lone wildcard', () => {
    expect({ status: 200, headers: { 'access-control-allow-origin': '*' } }).toAllowAnyOrigin()
    expect(
      observed({ status: 404, headers: { 'access-control-allow-origin': '*' } }, { origin: APP }),
    ).toAllowAnyOrigin()
  })

  test.each([
    ['an origin', APP],
    ['two wildcards', '*, *'],
    ['null', 'null'],
  ])('fails for %s', async (_, value) => {
    const headers = { 'access-control-allow-origin': value }
    expect(await failure(() => expect({ status: 200, headers }).toAllowAnyOrigin())).toContain(value)
  })

  test('fails where there is no header', async () => {
    expect(await failure(() => expect({ status: 200, headers: {} }).toAllowAnyOrigin())).toContain(
      'no Access-Control-Allow-Origin',
    )
  })

  test.each(['*', APP, undefined])('its .not is refused whatever it says: %s', async (value) => {
    const headers = value === undefined ? {} : { 'access-control-allow-origin': value }
    const response = observed({ status: 200, headers }, { origin: APP })
    expect(await refusal(() => expect(response).not.toAllowAnyOrigin())).toContain('await expect(app).not')
  })
})

describe('on an endpoint', () => {
  test('holds by a wildcard and by reflection, and the failure of .not says which', async () => {
    const wildcard = express().use(cors())
    const reflecting = express().use(cors({ origin: true }))
    await expect(wildcard).toAllowAnyOrigin()
    await expect(reflecting).toAllowAnyOrigin()
    expect(await failure(() => expect(wildcard).not.toAllowAnyOrigin())).toContain("is '*'")
    expect(await failure(() => expect(reflecting).not.toAllowAnyOrigin())).toContain('reflection')
  })

  test('asks without credentials, and refuses to be asked about them', async () => {
    const wildcard = express().use(cors())
    const options = { credentials: 'include' } as const
    expect(await refusal(() => expect(wildcard).toAllowAnyOrigin(options))).toContain('without credentials')
    expect(await refusal(() => expect(wildcard).not.toAllowAnyOrigin(options))).toContain(
      'without credentials',
    )
    await expect(wildcard).toAllowAnyOrigin({ credentials: 'omit' })
  })

  test('two different random origins ask', async () => {
    const handler = answering(200, { 'Access-Control-Allow-Origin': '*' })
    await expect(handler).toAllowAnyOrigin()
    const origins = handler.requests.map(({ headers }) => headers.get('origin'))
    expect(new Set(origins).size).toBe(2)
    await expect(handler).toAllowAnyOrigin()
    expect(new Set(handler.requests.map(({ headers }) => headers.get('origin'))).size).toBe(4)
  })

  test.each([
    undefined,
    'https://api.shop.test',
    'https://test',
    'https://api.example',
    'https://a.b.invalid.',
    'https://api.github.io',
    'https://co.uk',
    'https://10.0.0.1:8443',
    'https://[::1]:8443',
    'http://localhost:3000',
    'https://expect-cors.test',
  ])('both ask from elsewhere than the endpoint, and than each other: %s', async (baseUrl) => {
    const handler = answering(200, { 'Access-Control-Allow-Origin': '*' })
    await expect(handler).toAllowAnyOrigin({ baseUrl })
    const origin = baseUrl?.startsWith('http:') === true ? 'http://app.example.com' : APP
    await expect(handler).not.toVaryOnOrigin({ origin, baseUrl })
    const asked = handler.requests.filter(({ headers }) => headers.get('origin') !== null)
    const urls = asked.map(({ headers }) => new URL(headers.get('origin') as string))
    const [one, other, , third] = urls as [URL, URL, URL, URL]
    const endpointUrl = new URL(asked[0]?.url as string)
    for (const [a, b] of [
      [one, endpointUrl],
      [other, endpointUrl],
      [third, endpointUrl],
      [one, other],
    ] as const) {
      expect(siteRelation(checkOrigin(a.origin), b)).toBe('cross-site')
      expect(a.hostname.split('.').at(-1)).not.toBe(b.hostname.replace(/\.$/, '').split('.').at(-1))
    }
  })

  test('an app that lets its own site in, or every name under a domain, allows not any origin', async () => {
    const own = (request: Request): Response => {
      const origin = request.headers.get('origin') ?? ''
      const site = new URL(request.url).hostname.split('.').slice(-2).join('.')
      const isOwn = new URL(origin).hostname.endsWith(site)
      return new Response(null, { headers: isOwn ? { 'Access-Control-Allow-Origin': origin } : {} })
    }
    await expect(own).not.toAllowAnyOrigin()
    await failure(() => expect(own).toAllowAnyOrigin())
    for (const domain of ['test', 'example', 'invalid']) {
      const under = cors({ origin: new RegExp(`\\.${domain}$`) })
      await failure(() => expect(express().use(under)).toAllowAnyOrigin())
    }
  })

  test('fails where one of the two is refused, in both forms', async () => {
    let asked = 0
    const once = (request: Request): Response =>
      new Response(null, {
        headers: {
          'Access-Control-Allow-Origin': asked++ === 0 ? (request.headers.get('origin') ?? '') : APP,
        },
      })
    expect(await failure(() => expect(once).toAllowAnyOrigin())).toContain('may not read')
    asked = 0
    expect(await failure(() => expect(once).not.toAllowAnyOrigin())).toContain('but not one at another')
  })

  test('.not holds for a list', async () => {
    const app = express().use(cors({ origin: [APP, 'https://admin.example.com'] }))
    await expect(app).not.toAllowAnyOrigin()
    expect(await failure(() => expect(app).toAllowAnyOrigin())).toContain('may not read')
  })

  test('an http server elsewhere is asked by pages of its own scheme', async () => {
    const asked: (string | null)[] = []
    const app = {
      fetch: (request: Request) => {
        asked.push(request.headers.get('origin'))
        return new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
      },
    }
    await expect(app).toAllowAnyOrigin({ baseUrl: 'http://api.example.com' })
    expect(asked.every((origin) => origin?.startsWith('http://'))).toBe(true)
    expect(asked).toHaveLength(2)
  })
})
