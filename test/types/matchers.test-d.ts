import 'expect-cors/vitest'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AxiosResponse } from 'axios'
import {
  defineCorsContract,
  type Endpoint,
  endpoint,
  evaluateCors,
  type Journey,
  observed,
  type Verdict,
} from 'expect-cors'
import * as matchers from 'expect-cors/matchers'
import { expectTypeOf } from 'expect-type'
import express from 'express'
import Fastify from 'fastify'
import type { Response as GotResponse } from 'got'
import { Hono } from 'hono'
import Koa from 'koa'
import type { Response as SupertestResponse } from 'supertest'
import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'

const origin = 'https://app.example.com'
const contract = defineCorsContract({ origins: { allow: [origin] }, routes: { 'GET /orders': {} } })

describe('what an assertion returns follows its subject', () => {
  test('nothing for a response of any client', () => {
    expectTypeOf(expect({ status: 200, headers: {} }).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({ statusCode: 200, headers: {} }).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as Response).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as SupertestResponse).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as AxiosResponse).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as GotResponse).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as Dispatcher.ResponseData).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as IncomingMessage).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect(observed({} as Response, { origin })).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as Response).not.toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect.soft({} as Response).toAllowOrigin(origin)).toEqualTypeOf<void>()
  })

  test('nothing for a journey or a verdict', () => {
    expectTypeOf(expect({} as Verdict).toAllowCorsRequest()).toEqualTypeOf<void>()
    expectTypeOf(expect({} as Journey).toBlockCorsRequest('preflight-status')).toEqualTypeOf<void>()
    const verdict = evaluateCors({ request: { origin, url: 'https://api.example.com' } })
    expectTypeOf(expect(verdict).not.toAllowCorsRequest()).toEqualTypeOf<void>()
  })

  test('a promise for an endpoint of any kind', () => {
    const handler = (_request: Request): Response => new Response(null)
    const listener: RequestListener = () => {}
    expectTypeOf(expect('https://api.example.com').toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(new URL('https://api.example.com')).toAllowOrigin(origin)).toEqualTypeOf<
      Promise<void>
    >()
    expectTypeOf(expect(express()).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(new Koa()).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(new Hono()).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(Fastify()).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(createServer()).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(handler).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect({ fetch: handler }).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect({ listener }).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect(endpoint('https://api.example.com')).toAllowOrigin(origin)).toEqualTypeOf<
      Promise<void>
    >()
    expectTypeOf(expect({} as Endpoint).not.toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect.soft(handler).toAllowOrigin(origin)).toEqualTypeOf<Promise<void>>()
  })

  test('the same for every matcher', () => {
    const url = expect('https://api.example.com')
    expectTypeOf(url.toAllowAnyOrigin()).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toAllowCredentialedOrigin(origin)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toAllowPreflight({ origin, method: 'PUT' })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toAllowMethod('PUT', { origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toAllowRequestHeader('x-a', { origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toAllowCorsRequest({ origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toBlockCorsRequest({ origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toExposeHeader('x-a', { origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toCachePreflightFor(60, { origin, method: 'PUT' })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toVaryOnOrigin({ origin })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toKeepOriginsApartInCaches({ origin, path: '/orders' })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect({} as unknown).not.toKeepOriginsApartInCaches({ origin })).toEqualTypeOf<
      Promise<void>
    >()
    expectTypeOf(url.toHonorCorsContract(contract)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect({} as unknown).not.toHonorCorsContract(contract)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toRejectUntrustedOrigins({ trusted: [origin] })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(url.toRejectUntrustedOrigins({ trusted: contract })).toEqualTypeOf<Promise<void>>()
    expectTypeOf(expect({} as unknown).not.toRejectUntrustedOrigins({ trusted: [origin] })).toEqualTypeOf<
      Promise<void>
    >()
    // @ts-expect-error nobody is trusted
    url.toRejectUntrustedOrigins({})
    // @ts-expect-error no such finding
    url.toRejectUntrustedOrigins({ trusted: [origin], baseline: [{ id: 'nothing', reason: 'x' }] })
    // It sends nothing.
    expectTypeOf(url.toRequirePreflight({ origin, method: 'PUT' })).toEqualTypeOf<void>()
    const response = expect({ status: 200, headers: {} })
    expectTypeOf(response.toAllowAnyOrigin()).toEqualTypeOf<void>()
    expectTypeOf(response.toAllowCredentialedOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(response.toAllowPreflight({ origin, method: 'PUT' })).toEqualTypeOf<void>()
    expectTypeOf(response.toAllowMethod(['PUT'] as const)).toEqualTypeOf<void>()
    expectTypeOf(response.toAllowRequestHeader(['x-a'])).toEqualTypeOf<void>()
    expectTypeOf(response.toExposeHeader('x-a')).toEqualTypeOf<void>()
    expectTypeOf(response.toCachePreflightFor(60)).toEqualTypeOf<void>()
    expectTypeOf(response.toVaryOnOrigin()).toEqualTypeOf<void>()
  })

  test('a promise to resolve, or to poll, is awaited', () => {
    expectTypeOf(expect(Promise.resolve({} as Response)).resolves.toAllowOrigin(origin)).resolves.toBeVoid()
    expectTypeOf(expect.poll(() => ({}) as Response).toAllowOrigin(origin)).resolves.toBeVoid()
  })

  test('nothing where it is not known', () => {
    // biome-ignore lint/suspicious/noExplicitAny: what is tested
    expectTypeOf(expect({} as any).toAllowOrigin(origin)).toEqualTypeOf<void>()
    expectTypeOf(expect({} as unknown).toAllowOrigin(origin)).toEqualTypeOf<void>()
  })
})

describe('wrong arguments are errors', () => {
  const assertion = expect('https://api.example.com')

  test('origins', () => {
    // @ts-expect-error no origin
    assertion.toAllowOrigin()
    // @ts-expect-error no text
    assertion.toAllowOrigin(42)
    // @ts-expect-error it is the text 'null'
    assertion.toAllowOrigin(null)
    // @ts-expect-error one origin
    assertion.toAllowOrigin([origin])
    // @ts-expect-error no arguments but options
    assertion.toAllowAnyOrigin(origin)
  })

  test('requests', () => {
    // @ts-expect-error no origin
    assertion.toAllowPreflight({ method: 'PUT' })
    // @ts-expect-error no request
    assertion.toAllowPreflight()
    // @ts-expect-error no such option
    assertion.toAllowPreflight({ origin, methods: 'PUT' })
    // @ts-expect-error no such mode
    assertion.toAllowCorsRequest({ origin, mode: 'navigate' })
    // @ts-expect-error no such code
    assertion.toBlockCorsRequest({ origin }, 'cors')
    // @ts-expect-error no such code
    assertion.toBlockCorsRequest('cors')
    assertion.toBlockCorsRequest('missing-allow-origin')
    // @ts-expect-error no origin
    assertion.toRequirePreflight({ method: 'PUT' })
    assertion.toRequirePreflight({ origin, initiator: 'xhr', uploadListeners: true })
    assertion.toAllowCorsRequest({ origin, redirect: 'manual', body: new FormData() })
  })

  test('names and numbers', () => {
    // @ts-expect-error no method
    assertion.toAllowMethod()
    // @ts-expect-error no text
    assertion.toAllowRequestHeader(42)
    // @ts-expect-error no text
    assertion.toExposeHeader([42])
    // @ts-expect-error no number
    assertion.toCachePreflightFor('600')
    // @ts-expect-error an object
    assertion.toVaryOnOrigin(origin)
    // @ts-expect-error an object
    assertion.toKeepOriginsApartInCaches(origin)
  })

  test('options', () => {
    // @ts-expect-error a RequestCredentials
    assertion.toAllowOrigin(origin, { credentials: true })
    // @ts-expect-error no such engine
    assertion.toAllowOrigin(origin, { engines: ['netscape'] })
    // @ts-expect-error milliseconds
    assertion.toAllowOrigin(origin, { timeout: '4s' })
    // @ts-expect-error misspelt
    assertion.toAllowOrigin(origin, { paht: '/' })
    assertion.toAllowOrigin(origin, { headers: ['x-a'], extraHeaders: { 'X-Gate': 'open' }, path: undefined })
    assertion.toAllowOrigin(origin, {
      headers: [['x-a', '1']] as const,
      engines: ['chromium', 'webkit'] as const,
    })
    assertion.toAllowOrigin(origin, { as: 'font' })
    assertion.toAllowCorsRequest({ origin, as: 'image', credentials: 'include' })
    // @ts-expect-error CORS has no say in it
    assertion.toAllowOrigin(origin, { as: 'iframe' })
    assertion.toAllowOrigin(origin, { headers: new Headers(), signal: AbortSignal.timeout(1) })
  })
})

describe('asymmetric', () => {
  test('what a response can be asked', () => {
    expectTypeOf(expect.toAllowOrigin).parameters.toEqualTypeOf<[origin: string]>()
    expectTypeOf(expect.not.toAllowOrigin).parameters.toEqualTypeOf<[origin: string]>()
    expectTypeOf(expect.toAllowAnyOrigin).parameters.toEqualTypeOf<[]>()
    expectTypeOf(expect.toVaryOnOrigin).parameters.toEqualTypeOf<[]>()
    expect.toAllowCredentialedOrigin(origin)
    expect.not.toAllowPreflight({ origin, method: 'PUT' })
    expect.toAllowMethod(['PUT'])
    expect.not.toAllowRequestHeader('x-a', { credentials: 'include' })
    expect.toExposeHeader('x-a')
    expect.toCachePreflightFor(600)
    // @ts-expect-error no origin
    expect.toAllowOrigin()
  })

  test('nothing that has to be awaited', () => {
    // @ts-expect-error an endpoint's or a journey's
    expect.toAllowCorsRequest()
    // @ts-expect-error an endpoint's or a journey's
    expect.toBlockCorsRequest()
    // @ts-expect-error an endpoint's
    expect.not.toRequirePreflight({ origin })
    // @ts-expect-error an endpoint's
    expect.toHonorCorsContract(contract)
    // @ts-expect-error an endpoint's
    expect.toRejectUntrustedOrigins({ trusted: [origin] })
    // @ts-expect-error options say how to ask an endpoint
    expect.toAllowOrigin(origin, { path: '/' })
  })
})

test('expect.extend takes them', () => {
  expect.extend(matchers)
})
