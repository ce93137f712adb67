import 'expect-cors/vitest'
import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import { describe, expect, test } from 'vitest'
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

  test('two different random origins ask', async () => {
    const handler = answering(200, { 'Access-Control-Allow-Origin': '*' })
    await expect(handler).toAllowAnyOrigin()
    const origins = handler.requests.map(({ headers }) => headers.get('origin'))
    expect(new Set(origins).size).toBe(2)
    await expect(handler).toAllowAnyOrigin()
    expect(new Set(handler.requests.map(({ headers }) => headers.get('origin'))).size).toBe(4)
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
