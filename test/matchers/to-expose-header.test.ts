import 'expect-cors/vitest'
import cors from 'cors'
import { evaluateCors, observed } from 'expect-cors'
import express from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { ALLOW, APP, answering, EVIL, EXPOSE } from './servers.js'

describe('on a response', () => {
  const answer = (headers: Record<string, string>) =>
    observed(
      { status: 200, headers: { [ALLOW]: APP, 'X-Total': '7', 'X-Page': '1', ...headers } },
      { origin: APP },
    )

  test('present and readable', async () => {
    const response = answer({ [EXPOSE]: 'x-total, X-Absent' })
    expect(response).toExposeHeader('X-Total')
    expect(response).toExposeHeader('x-total', { origin: APP })
    expect(response).not.toExposeHeader('x-page')
    // Named, but not there.
    expect(response).not.toExposeHeader('x-absent')
    expect(await failure(() => expect(response).toExposeHeader('x-absent'))).toContain(
      'has no header x-absent',
    )
    expect(await failure(() => expect(response).toExposeHeader('X-Page'))).toContain('does not name it')
    expect(await failure(() => expect(response).not.toExposeHeader('x-total'))).toContain(
      'A script can read x-total',
    )
  })

  test('all of a list must hold; with .not none may', async () => {
    const response = answer({ [EXPOSE]: 'X-Total' })
    expect(response).toExposeHeader(['x-total'])
    expect(response).not.toExposeHeader(['x-page', 'x-absent'])
    expect(await failure(() => expect(response).toExposeHeader(['x-total', 'x-page']))).toContain(
      'for x-page, not for x-total',
    )
    expect(await failure(() => expect(response).not.toExposeHeader(['x-total', 'x-page']))).toContain(
      'A script can read x-total here',
    )
    expect(await refusal(() => expect(response).not.toExposeHeader([]))).toContain('at least one')
    expect(await refusal(() => expect(response).not.toExposeHeader('x total'))).toContain(
      'not a valid header name',
    )
  })

  test('safelisted headers need no exposing', async () => {
    const response = answer({ 'Content-Type': 'text/html', 'Cache-Control': 'no-store' })
    expect(response).toExposeHeader(['content-type', 'cache-control'])
    expect(response).not.toExposeHeader(['content-length', 'last-modified'])
    expect(await failure(() => expect(response).not.toExposeHeader('content-type'))).toContain(
      'need no exposing',
    )
  })

  test('Set-Cookie is never readable', async () => {
    const response = answer({ [EXPOSE]: 'Set-Cookie, *', 'Set-Cookie': 'a=1' })
    expect(response).not.toExposeHeader('set-cookie')
    expect(await failure(() => expect(response).toExposeHeader('Set-Cookie'))).toContain(
      'No script can ever read Set-Cookie',
    )
  })

  test('a wildcard counts without credentials only, and not credentialed unless said', async () => {
    const wildcard = answer({ [EXPOSE]: '*', 'Access-Control-Allow-Credentials': 'true' })
    expect(wildcard).toExposeHeader(['x-total', 'x-page'])
    expect(wildcard).not.toExposeHeader('x-total', { credentials: 'include' })
    expect(observed(wildcard, { credentials: 'include' })).not.toExposeHeader('x-total')
    expect(
      await failure(() => expect(wildcard).toExposeHeader('x-total', { credentials: 'include' })),
    ).toContain('not a wildcard')
    expect(answer({ [EXPOSE]: 'x-total', 'Access-Control-Allow-Credentials': 'true' })).toExposeHeader(
      'x-total',
      { credentials: 'include' },
    )
  })

  test('of a response that may not be read nothing is exposed', async () => {
    const response = observed(
      { status: 200, headers: { [ALLOW]: APP, [EXPOSE]: 'x-total', 'x-total': '7' } },
      { origin: EVIL },
    )
    expect(response).not.toExposeHeader('x-total')
    expect(await failure(() => expect(response).toExposeHeader('x-total'))).toContain(EVIL)
  })

  test('a list that does not parse exposes nothing', async () => {
    const response = answer({ [EXPOSE]: 'x-total; x-page' })
    expect(response).not.toExposeHeader('x-total')
    expect(await failure(() => expect(response).toExposeHeader('x-total'))).toContain('ignore as a whole')
  })

  test('a misspelt header is named', async () => {
    expect(
      await failure(() =>
        expect(answer({ 'Access-Control-Exposed-Headers': 'x-total' })).toExposeHeader('x-total'),
      ),
    ).toContain('misspelt')
  })

  test('of supertest', async () => {
    const app = express()
      .use(cors({ origin: [APP, EVIL], exposedHeaders: ['X-Total'] }))
      .get('/', (_request, response) => {
        response.set('X-Total', '7').set('X-Page', '1').json([])
      })
    const response = await supertest(app).get('/').set('Origin', APP)
    expect(response).toExposeHeader('X-Total')
    expect(response).not.toExposeHeader('X-Page')
  })
})

describe('on an endpoint', () => {
  const handler = answering(404, { [ALLOW]: '*', [EXPOSE]: 'X-Total', 'X-Total': '7', 'X-Page': '1' })

  test('asks as that origin', async () => {
    await expect(handler).toExposeHeader('X-Total', { origin: APP })
    await expect(handler).not.toExposeHeader('X-Page', { origin: APP })
    expect(
      await failure(() => expect(handler).toExposeHeader(['X-Total', 'X-Page'], { origin: APP })),
    ).toContain('X-Page')
    await failure(() => expect(handler).not.toExposeHeader('X-Total', { origin: APP }))
    await expect(handler).not.toExposeHeader('X-Total', { origin: APP, credentials: 'include' })
  })

  test('needs an origin', async () => {
    expect(await refusal(() => expect(handler).toExposeHeader('X-Total'))).toContain("page's origin")
  })
})

describe('on a journey', () => {
  const request = { origin: APP, url: 'https://api.example.com/' }
  const response = {
    status: 200,
    headers: [
      [ALLOW, '*'],
      [EXPOSE, 'x-total'],
      ['x-total', '7'],
      ['x-page', '1'],
    ] as const,
  }
  const verdict = evaluateCors({ request, response })
  const sent = { method: 'GET', url: request.url, headers: [] }
  const journey = { verdict, exchanges: [{ kind: 'request' as const, request: sent, response }] }

  test('reads its last response', async () => {
    expect(journey).toExposeHeader('x-total')
    expect(journey).not.toExposeHeader('x-page')
    expect(await failure(() => expect(journey).toExposeHeader('x-page'))).toContain('does not name it')
  })

  test('a verdict alone holds no headers, and incomplete is none', async () => {
    expect(await refusal(() => expect(verdict).not.toExposeHeader('x-page'))).toContain('journey')
    const incomplete = { verdict: evaluateCors({ request }), exchanges: [] }
    expect(await refusal(() => expect(incomplete).not.toExposeHeader('x-page'))).toContain('incomplete')
    expect(await refusal(() => expect(incomplete).toExposeHeader('x-page'))).toContain('incomplete')
  })
})
