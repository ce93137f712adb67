/** Which question comes next, and what the responses show: pure functions, by table. */
import type { Exchange } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { differencesOf } from '../../src/diagnose/again/differences.js'
import { type NextQuestion, nextQuestion } from '../../src/diagnose/again/next-question.js'
import { likelyOrigin, STRANGER } from '../../src/diagnose/again/other-origins.js'
import { blockedCaseOf, type Case, caseOf } from '../../src/diagnose/case.js'
import { explainCors } from '../../src/diagnose/explain.js'
import { evaluateCors } from '../../src/verdict/evaluate-cors.js'
import type { Journey } from '../../src/verdict/verdict.js'

const APP = 'https://app.example.com'
const NEW = 'https://new.example.com'
const URL = 'https://api.example.com/orders'
const FAR = { isNear: false, nonce: 'n' }
const NEAR = { isNear: true, nonce: 'n' }

type Headers = Record<string, string>
type Responds = (question: NextQuestion) => readonly [status: number, headers: Headers]

/** A question as it is sent, and what a server makes of it. */
function asked(question: NextQuestion, [status, headers]: readonly [number, Headers]): Exchange {
  const { kind, method, headers: names, origin, url } = question
  return {
    kind,
    request: {
      method: kind === 'preflight' ? 'OPTIONS' : method,
      url,
      headers: [
        ...(kind === 'preflight' ? [['Access-Control-Request-Method', method] as const] : []),
        ...(names.length > 0 ? [['Access-Control-Request-Headers', names.join(',')] as const] : []),
        ...(origin === null ? [] : [['Origin', origin] as const]),
      ],
    },
    response: { status, headers: Object.entries(headers) },
  }
}

/** A journey that a server's response ends. */
function journeyOf(question: NextQuestion, responds: Responds): Journey {
  const { kind, method, headers, origin, url } = question
  const exchange = asked(question, responds(question))
  const request = { origin: origin ?? '', url, method, headers }
  const verdict = evaluateCors(
    kind === 'preflight'
      ? { request, preflight: exchange.response }
      : { request, response: exchange.response },
  )
  return { verdict, exchanges: [exchange] }
}

/** Everything that is asked, until there is no question left. */
function askAll(journey: Journey, responds: Responds, means = FAR): Exchange[] {
  const found: Case = blockedCaseOf(journey) ?? caseOf(journey)
  const all: Exchange[] = []
  for (let next = nextQuestion(found, all, means); next !== null; next = nextQuestion(found, all, means)) {
    all.push(asked(next, responds(next)))
    if (all.length > 20) throw new Error('it never ends')
  }
  return all
}

const get: NextQuestion = { kind: 'request', method: 'GET', headers: [], origin: NEW, url: URL }
const put: NextQuestion = {
  kind: 'preflight',
  method: 'PUT',
  headers: ['content-type', 'x-a'],
  origin: NEW,
  url: URL,
}

const bare = (status = 200): readonly [number, Headers] => [status, {}]
const allowing = (origin: string | null, more: Headers = {}): readonly [number, Headers] => [
  200,
  { 'Access-Control-Allow-Origin': origin ?? '', ...more },
]

describe('the first sentence after asking again', () => {
  test.each<[string, NextQuestion, Responds, RegExp, typeof FAR?]>([
    [
      'an origin that is not on the list',
      get,
      ({ origin }) => (origin === APP ? allowing(APP) : bare()),
      /allows the same to `https:\/\/app\.example\.com`, so `https:\/\/new\.example\.com` is not on its list/,
    ],
    [
      'an origin that is refused with a status of its own',
      get,
      ({ origin }) => (origin === null ? bare(200) : bare(403)),
      /`https:\/\/new\.example\.com` is not on the server's list: the server responds differently/,
    ],
    [
      'a method',
      { ...put, headers: [] },
      ({ method }) => (method === 'PUT' ? bare(403) : allowing(NEW)),
      /a plain GET, and refuses `PUT`, which is not on its list/,
    ],
    [
      'a header among others',
      put,
      ({ method, headers }) =>
        headers.includes('x-a')
          ? bare(403)
          : allowing(NEW, {
              'Access-Control-Allow-Methods': method,
              'Access-Control-Allow-Headers': headers.join(),
            }),
      /a plain GET, and refuses the header `x-a`, which is not on its list/,
    ],
    [
      'a path that the rules do not cover',
      put,
      ({ url }) => (url === URL ? bare(204) : allowing(NEW)),
      /allow this origin at a path that does not exist, so they do not cover this one/,
      NEAR,
    ],
    [
      'a response without CORS where preflights pass',
      get,
      ({ kind }) => (kind === 'preflight' ? allowing(NEW) : bare()),
      /preflights for this URL are allowed, so .* they do not run for the response itself/,
    ],
    [
      'a response from a cache',
      get,
      ({ url, origin }) => (url === URL ? allowing(APP) : allowing(origin)),
      /allowed where no cache has a response yet, so a cache kept/,
      NEAR,
    ],
    [
      'a response from a cache, as an unknown origin shows',
      get,
      ({ origin }) => allowing(origin === NEW ? APP : origin),
      /allows even an unknown origin, so a cache kept/,
    ],
    [
      'one origin whoever asks',
      get,
      () => allowing(APP),
      /names it to an unknown origin too: either it always names this one origin, or/,
    ],
    [
      'nothing that differs leaves both causes, and is not taken for proof',
      get,
      () => bare(),
      /either `https:\/\/new\.example\.com` is not on the server's list, or no CORS rules run for this path/,
      NEAR,
    ],
    ['authentication', put, () => bare(401), /authentication runs before CORS/],
  ])('%s', (_, question, responds, said, means = FAR) => {
    const journey = journeyOf(question, responds)
    const related = askAll(journey, responds, means)
    expect(related).not.toEqual([])
    expect(explainCors({ ...journey, related }).explanation).toMatch(said)
  })
})

test('beyond the URL that was asked only what is near is asked', () => {
  const urls = (means: typeof FAR): Set<string> =>
    new Set(
      askAll(
        journeyOf(get, () => bare(404)),
        () => bare(404),
        means,
      ).map(({ request }) => request.url),
    )
  expect(urls(FAR)).toEqual(new Set([URL]))
  expect(urls(NEAR)).toEqual(
    new Set([URL, 'https://api.example.com/expect-cors-no-such-path', `${URL}?expect-cors-fresh=n`]),
  )
})

test('never more than four preflights, and never a question twice', () => {
  const many = { ...put, headers: ['x-a', 'x-b', 'x-c', 'x-d', 'x-e'] }
  const responds: Responds = ({ method, headers }) =>
    headers.length > 1 || method === 'PUT'
      ? bare(403)
      : allowing(NEW, { 'Access-Control-Allow-Headers': headers.join() })
  const all = askAll(journeyOf(many, responds), responds, NEAR)
  expect(all).toHaveLength(4)
  expect(new Set(all.map((exchange) => JSON.stringify(exchange.request))).size).toBe(4)
})

test('what is allowed to everybody needs no question; what is allowed to one is asked as nobody knows', () => {
  expect(
    askAll(
      journeyOf(get, () => allowing('*')),
      () => bare(),
    ),
  ).toEqual([])
  const journey = journeyOf(get, ({ origin }) => allowing(origin))
  const related = askAll(journey, ({ origin }) => allowing(origin))
  expect(related.map(({ request }) => request.headers)).toEqual([[['Origin', STRANGER]]])
  expect(differencesOf(caseOf({ ...journey, related })).allowsStrangers).toBe(true)
})

test.each([
  ['http://app.example.com', 'https://app.example.com'],
  ['https://app.example.com:8443', 'https://app.example.com'],
  ['https://www.example.com', 'https://example.com'],
  ['https://example.com', 'https://www.example.com'],
  ['https://new.example.com', 'https://app.example.com'],
  ['https://app.example.com', 'https://www.example.com'],
  ['http://localhost:5173', 'http://localhost:3000'],
  ['http://localhost:3000', 'http://localhost:5173'],
  ['https://192.168.0.7', 'http://localhost:3000'],
  ['http://[::1]:8080', 'http://localhost:3000'],
  ['null', 'http://localhost:3000'],
  ['capacitor://localhost', 'http://localhost:3000'],
])('a server that refuses %s may know %s', (origin, likely) => {
  expect(likelyOrigin(origin)).toBe(likely)
})
