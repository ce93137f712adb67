import {
  type Configuration,
  type CorsFailureCode,
  type CorsRequest,
  configure,
  type EvaluateCorsInput,
  endpoint,
  evaluateCors,
  explainCors,
  type LiveOptions,
  observed,
  type Profile,
  type RequestHead,
  type Verdict,
} from 'expect-cors'
import { expectTypeOf } from 'expect-type'
import { describe, test } from 'vitest'

const request: CorsRequest = { origin: 'https://app.example.com', url: 'https://api.example.com' }

describe('evaluateCors', () => {
  test('takes a request and what was observed', () => {
    expectTypeOf(evaluateCors).parameters.toEqualTypeOf<[input: EvaluateCorsInput]>()
    expectTypeOf(evaluateCors).returns.toEqualTypeOf<Verdict>()
    evaluateCors({
      request,
      preflight: { status: 204, headers: {} },
      response: { status: 200, headers: [['a', 'b']] },
    })
    evaluateCors({ request, response: { status: 200, headers: new Headers() }, engine: 'webkitgtk' })
    evaluateCors({ request, response: undefined, engine: undefined })
    evaluateCors({
      request: { ...request, initiator: 'eventsource', httpVersion: '1.1', body: new Blob([]) },
    })
    // @ts-expect-error no request
    evaluateCors({})
    // @ts-expect-error no URL
    evaluateCors({ request: { origin: 'https://app.example.com' } })
    // @ts-expect-error a RequestCredentials
    evaluateCors({ request: { ...request, credentials: true } })
    // @ts-expect-error no such engine
    evaluateCors({ request, engine: 'netscape' })
    // @ts-expect-error a number
    evaluateCors({ request, response: { status: '200', headers: {} } })
    // @ts-expect-error no such initiator
    evaluateCors({ request: { ...request, initiator: 'img' } })
  })

  test('returns plain data', () => {
    const verdict = evaluateCors({ request })
    expectTypeOf(verdict.outcome).toEqualTypeOf<'allowed' | 'blocked' | 'opaque' | 'incomplete' | 'prompt'>()
    expectTypeOf(verdict.engine).toEqualTypeOf<Profile>()
    expectTypeOf(verdict.needs).toEqualTypeOf<'preflight' | 'response' | 'redirect' | undefined>()
    expectTypeOf(verdict.next).toEqualTypeOf<RequestHead | undefined>()
    expectTypeOf(verdict.blockedAt).toEqualTypeOf<
      'preflight' | 'request' | 'redirect' | 'response' | undefined
    >()
    expectTypeOf(verdict.preflight.request).toEqualTypeOf<RequestHead | undefined>()
    expectTypeOf(verdict.exposedHeaders).toEqualTypeOf<readonly string[]>()
    // @ts-expect-error it is not to be changed
    verdict.outcome = 'allowed'
  })

  test('reasons for a preflight are told apart by their kind', () => {
    for (const reason of evaluateCors({ request }).preflight.reasons) {
      if (reason.kind === 'method') expectTypeOf(reason.method).toBeString()
      if (reason.kind === 'header') expectTypeOf(reason.value).toBeString()
      // @ts-expect-error only a header has one
      if (reason.kind === 'upload-listener') reason.value
    }
  })

  test('explainCors takes a verdict or a journey', () => {
    const verdict = evaluateCors({ request })
    expectTypeOf(explainCors(verdict).consoleMessage).toEqualTypeOf<string | null>()
    expectTypeOf(explainCors({ verdict, exchanges: [] }).explanation).toBeString()
    // @ts-expect-error a verdict
    explainCors('missing-allow-origin')
  })
})

describe('CorsFailureCode', () => {
  test('is a union of names, and narrows', () => {
    expectTypeOf<'missing-allow-origin'>().toExtend<CorsFailureCode>()
    expectTypeOf<'preflight-status'>().toExtend<CorsFailureCode>()
    expectTypeOf<string>().not.toExtend<CorsFailureCode>()
    const words = (code: CorsFailureCode): string => {
      switch (code) {
        case 'missing-allow-origin':
          expectTypeOf(code).toEqualTypeOf<'missing-allow-origin'>()
          return 'none'
        // @ts-expect-error no such code
        case 'no-such-code':
          return ''
        default:
          expectTypeOf(code).toEqualTypeOf<Exclude<CorsFailureCode, 'missing-allow-origin'>>()
          return code
      }
    }
    expectTypeOf(words).returns.toBeString()
  })
})

describe('options are exact', () => {
  test('of endpoint()', () => {
    expectTypeOf(endpoint).parameter(1).toEqualTypeOf<LiveOptions | undefined>()
    endpoint('https://api.example.com', { timeout: 10_000, credentials: 'include', mixedContent: true })
    // @ts-expect-error misspelt
    endpoint('https://api.example.com', { timeOut: 10_000 })
    // @ts-expect-error names alone have no value to send
    const gate: Record<'extraHeaders', Readonly<Record<string, string>>> = { extraHeaders: ['x-gate'] }
    expectTypeOf(gate).not.toBeNever()
  })

  test('of configure()', () => {
    expectTypeOf(configure).parameters.toEqualTypeOf<[configuration: Configuration]>()
    expectTypeOf(configure).returns.toEqualTypeOf<() => void>()
    configure({ strict: true, unknownOrigin: 'trust', engines: ['chromium'] })
    configure({ strict: undefined })
    // @ts-expect-error one of two
    configure({ unknownOrigin: 'ignore' })
    // @ts-expect-error an assertion's own
    configure({ path: '/orders' })
    // @ts-expect-error an assertion's own
    configure({ method: 'PUT' })
  })

  test('of observed()', () => {
    observed({} as Response, { origin: null, method: 'OPTIONS', credentials: 'omit' })
    // @ts-expect-error a RequestCredentials
    observed({} as Response, { credentials: false })
    // @ts-expect-error it has to say something
    observed({} as Response)
    // @ts-expect-error misspelt
    observed({} as Response, { orgin: 'https://app.example.com' })
  })
})
