/**
 * A second opinion: the CORS check and the CORS-preflight fetch written once more, straight from the text of the Fetch Standard and with nothing
 * of `src/fetch`, agree with `evaluateCors` on a million random requests and answers, or on a slice of them.
 */
import { evaluateCors } from 'expect-cors'
import { expect, test } from 'vitest'
import { howMany, seed } from '../slice.js'

type Line = [name: string, value: string]
interface Head {
  status: number
  headers: Line[]
}
interface Triple {
  origin: string
  url: string
  method: string
  credentials: 'omit' | 'same-origin' | 'include'
  headers: Line[]
  preflight: Head
  response: Head
}
/** What both sides must say of a triple. */
interface Opinion {
  outcome: string
  code: string
  blockedAt: string
  preflight: string
  exposed: string
}

// The oracle. Naive on purpose: strings, split and regular expressions.

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const lower = (text: string) =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))
const trim = (text: string) => text.replace(/^[\t ]+/, '').replace(/[\t ]+$/, '')

function get(headers: Line[], name: string): string | null {
  const values = headers.filter((line) => lower(line[0]) === name).map((line) => line[1])
  return values.length === 0 ? null : values.join(', ')
}

/** Null where absent, `'failure'` where a line does not match the ABNF of a list of tokens. */
function list(headers: Line[], name: string): string[] | null | 'failure' {
  const found = headers.filter((line) => lower(line[0]) === name)
  if (found.length === 0) return null
  const items = found.flatMap((line) => line[1].split(',').map(trim)).filter((item) => item !== '')
  return items.every((item) => TOKEN.test(item)) ? items : 'failure'
}

function isSafelisted(name: string, value: string): boolean {
  if (value.length > 128) return false
  const hasUnsafeByte = /[^\t\x20-\xff]|["():<>?@[\\\]{}\x7f]/.test(value)
  if (name === 'accept') return !hasUnsafeByte
  if (name === 'accept-language' || name === 'content-language') return /^[0-9A-Za-z *,\-.;=]*$/.test(value)
  if (name === 'content-type') {
    const type = /^[\t\n\r ]*([^\s/;]+)\/([^\s/;]+)[\t\n\r ]*(;.*)?$/s.exec(value)
    if (hasUnsafeByte || type === null || !TOKEN.test(type[1] ?? '') || !TOKEN.test(type[2] ?? ''))
      return false
    const essence = lower(`${type[1]}/${type[2]}`)
    return /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)$/.test(essence)
  }
  if (name === 'range') {
    const range = /^bytes=([0-9]+)-([0-9]*)$/.exec(value)
    return range !== null && (range[2] === '' || BigInt(range[1] ?? '') <= BigInt(range[2] ?? ''))
  }
  return false
}

const FORBIDDEN =
  /^(accept-charset|accept-encoding|access-control-request-headers|access-control-request-method|connection|content-length|cookie|cookie2|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/

function isForbidden(name: string, value: string): boolean {
  if (FORBIDDEN.test(name)) return true
  if (!/^x-(http-method|http-method-override|method-override)$/.test(name)) return false
  return value.split(',').some((method) => /^(connect|trace|track)$/i.test(trim(method)))
}

/** The CORS check; the code tells apart what the standard calls failure. */
function corsCheck(origin: string, include: boolean, headers: Line[]): string | null {
  const allowed = get(headers, 'access-control-allow-origin')
  if (allowed === null) return 'missing-allow-origin'
  if (!include && allowed === '*') return null
  if (allowed === '*') return 'wildcard-allow-origin-with-credentials'
  if (origin !== allowed) {
    if (/[ ,]/.test(allowed)) return 'multiple-allow-origin'
    return allowed === 'null' || URL.canParse(allowed) ? 'allow-origin-mismatch' : 'invalid-allow-origin'
  }
  if (!include) return null
  return get(headers, 'access-control-allow-credentials') === 'true' ? null : 'invalid-allow-credentials'
}

const REDIRECTS = [301, 302, 303, 307, 308]

function oracle(triple: Triple): Opinion {
  const blocked = (code: string, blockedAt: string, preflight = ''): Opinion => ({
    outcome: 'blocked',
    code,
    blockedAt,
    preflight,
    exposed: '',
  })
  // The Request constructor.
  if (!TOKEN.test(triple.method)) return blocked('invalid-method', 'request')
  if (/^(connect|trace|track)$/i.test(triple.method)) return blocked('forbidden-method', 'request')
  const method = /^(delete|get|head|options|post|put)$/i.test(triple.method)
    ? triple.method.toUpperCase()
    : triple.method
  const headers: Line[] = []
  for (const [name, raw] of triple.headers) {
    const value = raw.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
    if (!TOKEN.test(name) || /[\0\n\r]|[^\0-\xff]/.test(value))
      return blocked('invalid-request-header', 'request')
    if (!isForbidden(lower(name), value)) headers.push([lower(name), value])
  }
  const include = triple.credentials === 'include'
  const { preflight, response, origin } = triple
  let asked = ''
  if (new URL(triple.url).origin !== origin) {
    const safe = headers.filter(([name, value]) => isSafelisted(name, value))
    let unsafe = headers.filter((line) => !safe.includes(line)).map(([name]) => name)
    if (safe.reduce((size, [, value]) => size + value.length, 0) > 1024)
      unsafe.push(...safe.map(([name]) => name))
    unsafe = [...new Set(unsafe)].sort()
    const isSafeMethod = method === 'GET' || method === 'HEAD' || method === 'POST'
    if (!isSafeMethod || unsafe.length > 0) {
      asked = `${method} ${unsafe.join(',')}`
      // CORS-preflight fetch. A redirect is an answer without an ok status, with a code of its own.
      const leads = preflight.headers.some((line) => lower(line[0]) === 'location')
      if (REDIRECTS.includes(preflight.status) && leads)
        return blocked('preflight-redirect', 'preflight', asked)
      const check = corsCheck(origin, include, preflight.headers)
      if (check !== null) return blocked(check, 'preflight', asked)
      if (preflight.status < 200 || preflight.status > 299)
        return blocked('preflight-status', 'preflight', asked)
      const methods = list(preflight.headers, 'access-control-allow-methods')
      const names = list(preflight.headers, 'access-control-allow-headers')
      if (methods === 'failure') return blocked('invalid-allow-methods', 'preflight', asked)
      if (names === 'failure') return blocked('invalid-allow-headers', 'preflight', asked)
      if (!methods?.includes(method) && !isSafeMethod && (include || !methods?.includes('*')))
        return blocked('method-not-allowed', 'preflight', asked)
      const named = (names ?? []).map(lower)
      if (headers.some(([name]) => name === 'authorization') && !named.includes('authorization'))
        return blocked('header-not-allowed', 'preflight', asked)
      for (const name of unsafe)
        if (!named.includes(name) && (include || !named.includes('*')))
          return blocked('header-not-allowed', 'preflight', asked)
    }
    const check = corsCheck(origin, include, response.headers)
    const where = REDIRECTS.includes(response.status) ? 'redirect' : 'response'
    if (check !== null) return blocked(check, where, asked)
  }
  if (REDIRECTS.includes(response.status)) {
    const locations = response.headers.filter((line) => lower(line[0]) === 'location')
    if (locations.length > 1) return blocked('redirect-invalid-location', 'redirect', asked)
    if (locations.length === 1)
      return { outcome: 'incomplete redirect', code: '', blockedAt: '', preflight: asked, exposed: '' }
  }
  const sameOrigin = new URL(triple.url).origin === origin
  const listed = list(response.headers, 'access-control-expose-headers')
  const exposable = Array.isArray(listed) ? listed : []
  const readable = response.headers
    .map(([name]) => lower(name))
    .filter((name) => {
      if (name === 'set-cookie' || name === 'set-cookie2') return false
      if (sameOrigin || (!include && exposable.includes('*'))) return true
      return (
        /^(cache-control|content-language|content-length|content-type|expires|last-modified|pragma)$/.test(
          name,
        ) || exposable.some((other) => lower(other) === name)
      )
    })
  const exposed = [...new Set(readable)].sort().join()
  return { outcome: 'allowed', code: '', blockedAt: '', preflight: asked, exposed }
}

function ours(triple: Triple): Opinion {
  const { origin, url, method, credentials, headers, preflight, response } = triple
  const verdict = evaluateCors({
    request: { origin, url, method, credentials, headers },
    preflight,
    response,
  })
  const sent = verdict.preflight.request?.headers ?? []
  const asks = (name: string) => sent.find((line) => line[0] === `Access-Control-Request-${name}`)?.[1] ?? ''
  return {
    outcome: verdict.needs === undefined ? verdict.outcome : `${verdict.outcome} ${verdict.needs}`,
    code: verdict.code ?? '',
    blockedAt: verdict.blockedAt ?? '',
    preflight: verdict.preflight.required ? `${asks('Method')} ${asks('Headers')}` : '',
    exposed: verdict.exposedHeaders.join(),
  }
}

const agree = (a: Opinion, b: Opinion): boolean =>
  a.outcome === b.outcome &&
  a.code === b.code &&
  a.blockedAt === b.blockedAt &&
  a.preflight === b.preflight &&
  a.exposed === b.exposed

// The generator: mulberry32, with values that mean something.

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const ORIGINS = [
  'https://app.example',
  'http://localhost:3000',
  'capacitor://localhost',
  'null',
  'https://xn--bcher-kva.example',
]
const URLS = ['https://api.example/a', 'https://app.example/a', 'https://app.example:8443/a']
const METHODS = [
  'GET',
  'get',
  'HEAD',
  'Post',
  'PUT',
  'put',
  'PATCH',
  'patch',
  'DELETE',
  'DeLeTe',
  'OPTIONS',
  'QUERY',
  'FOO',
  '*',
  'trace',
  'CONNECT',
  'GE T',
  '',
]
const NAMES = [
  'X-A',
  'x-a',
  'X-Token',
  'Authorization',
  'authorization',
  '*',
  'constructor',
  'Accept',
  'Content-Language',
  'Content-Type',
  'Range',
  'Cookie',
  'Sec-Foo',
  'X-HTTP-Method-Override',
  'bad name',
  'DPR',
]
const VALUES = [
  '1',
  '',
  ' 1 ',
  'a"b',
  'a(b)',
  'é',
  'a\tb',
  'x\ny',
  '☃',
  'PUT, TRACE',
  'text/plain',
  'Text/Plain; charset=utf-8',
  'text/ plain',
  'text/plain ;a',
  'application/json',
  'multipart/form-data',
  'bytes=0-1',
  'bytes=5-1',
  'bytes=-5',
  'bytes=7-',
  'BYTES=0-1',
  'en, fr',
  'a'.repeat(127),
  'a'.repeat(128),
  'a'.repeat(129),
]
const STATUSES = [200, 200, 200, 200, 204, 204, 299, 199, 301, 307, 308, 300, 304, 401, 404, 500]
const LISTS = [
  '*',
  'x-a',
  'X-A, x-token',
  'PUT',
  'put',
  'PUT, PATCH, DELETE',
  'GET,POST',
  ' , ,PUT,',
  'authorization',
  'Authorization,*',
  'content-type,range,accept,content-language',
  '*, constructor',
  '',
  'b@d',
  'x-a; x-token',
  'é',
  'x-a, "q"',
]
const CREDENTIALS = ['omit', 'same-origin', 'include', 'include'] as const
const RESPONSE_NAMES = [
  'X-A',
  'x-a',
  'X-B',
  'Content-Type',
  'ETag',
  'Set-Cookie',
  '*',
  '__proto__',
  'Content-Length',
]

function makeTriple(next: () => number): Triple {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  const chance = (probability: number): boolean => next() < probability
  const origin = chance(0.6) ? 'https://app.example' : pick(ORIGINS)
  const credentials = pick(CREDENTIALS)
  const spell = (name: string): string =>
    chance(0.8) ? name : chance(0.5) ? name.toLowerCase() : name.toUpperCase()
  const allowOrigin = (): string => {
    if (chance(0.45)) return origin
    if (chance(0.4)) return '*'
    return pick([
      origin,
      `${origin}/`,
      `${origin}, ${origin}`,
      'null',
      '',
      'https://evil.example',
      origin.toUpperCase(),
      'app.example',
      '* ',
      '**',
      'NULL',
      ` ${origin}\t`,
    ])
  }
  const cors = (): Line[] => {
    const lines: Line[] = []
    const name = spell('Access-Control-Allow-Origin')
    if (chance(0.93)) lines.push([name, allowOrigin()])
    if (chance(0.03)) lines.push([spell('Access-Control-Allow-Origin'), chance(0.5) ? '' : allowOrigin()])
    if (chance(credentials === 'include' ? 0.85 : 0.2))
      lines.push([
        spell('Access-Control-Allow-Credentials'),
        chance(0.85) ? 'true' : pick(['TRUE', 'True', '', '1', ' true', 'false', '"true"']),
      ])
    if (chance(0.02)) lines.push(['Access-Control-Allow-Credentials', chance(0.5) ? '' : 'true'])
    return lines
  }
  const lists = (name: string, probability: number, likely: string): Line[] => {
    const lines: Line[] = []
    if (chance(probability)) lines.push([spell(name), chance(0.5) ? likely : pick(LISTS)])
    if (chance(0.05)) lines.push([spell(name), pick(LISTS)])
    return lines
  }
  const method = chance(0.6) ? pick(['GET', 'POST', 'PUT', 'PATCH', 'patch']) : pick(METHODS)
  const headers: Line[] = []
  while (headers.length < 4 && chance(0.4)) headers.push([pick(NAMES), pick(VALUES)])
  if (chance(0.03)) {
    // Safelisted values around 1,024 bytes together.
    for (let i = 0; i < 7; i++) headers.push(['Accept', 'b'.repeat(128)])
    headers.push(['Accept-Language', 'c'.repeat(100 + Math.floor(next() * 28))])
    if (chance(0.5)) headers.push(['Content-Language', 'd'])
  }
  const status = (often: number): number => (chance(often) ? 200 : pick(STATUSES))
  const response: Line[] = [...cors(), ...lists('Access-Control-Expose-Headers', 0.5, '*, x-b')]
  while (response.length < 8 && chance(0.5)) response.push([pick(RESPONSE_NAMES), 'v'])
  const answer: Head = { status: status(0.6), headers: response }
  if (answer.status > 300 && answer.status < 309 && chance(0.5)) {
    response.push(['Location', 'https://other.example/'])
    if (chance(0.3)) response.push(['location', 'https://other.example/'])
  }
  const preflightStatus = status(0.8)
  return {
    origin,
    url: chance(0.9) ? 'https://api.example/a' : pick(URLS),
    method,
    credentials,
    headers,
    preflight: {
      status: preflightStatus,
      headers: [
        ...cors(),
        ...lists('Access-Control-Allow-Methods', 0.9, 'PUT, PATCH, patch, DELETE, OPTIONS, QUERY'),
        ...lists(
          'Access-Control-Allow-Headers',
          0.9,
          'x-a,x-token,authorization,content-type,range,accept,dpr,*',
        ),
        ...(preflightStatus > 300 && preflightStatus < 309 && chance(0.7)
          ? [['Location', '/b'] as Line]
          : []),
      ],
    },
    response: answer,
  }
}

/** The smallest triple on which the two still disagree: header lines and odd values are taken away one by one. */
function minimal(triple: Triple): Triple {
  const smaller = function* (from: Triple): Generator<Triple> {
    for (const key of ['headers', 'preflight', 'response'] as const) {
      const lines = key === 'headers' ? from.headers : from[key].headers
      for (let i = 0; i < lines.length; i++) {
        const fewer = lines.filter((_, index) => index !== i)
        yield key === 'headers'
          ? { ...from, headers: fewer }
          : { ...from, [key]: { ...from[key], headers: fewer } }
      }
    }
    if (from.method !== 'GET') yield { ...from, method: 'GET' }
    if (from.credentials !== 'omit') yield { ...from, credentials: 'omit' }
    if (from.origin !== 'https://app.example') yield { ...from, origin: 'https://app.example' }
    if (from.preflight.status !== 200) yield { ...from, preflight: { ...from.preflight, status: 200 } }
    if (from.response.status !== 200) yield { ...from, response: { ...from.response, status: 200 } }
  }
  search: for (let current = triple; ; ) {
    for (const candidate of smaller(current)) {
      if (agree(oracle(normalized(candidate)), ours(candidate))) continue
      current = candidate
      continue search
    }
    return current
  }
}

/** Header values of answers come off the wire without the white space around them. */
function normalized(triple: Triple): Triple {
  const head = ({ status, headers }: Head): Head => ({
    status,
    headers: headers.map(([name, value]) => [name, trim(value)]),
  })
  return { ...triple, preflight: head(triple.preflight), response: head(triple.response) }
}

const COUNT = howMany(1_000_000, 25)
const CODES = [
  'missing-allow-origin',
  'multiple-allow-origin',
  'invalid-allow-origin',
  'allow-origin-mismatch',
  'wildcard-allow-origin-with-credentials',
  'invalid-allow-credentials',
].flatMap((code) => [`${code} at preflight`, `${code} at redirect`, `${code} at response`])
CODES.push(
  ...['preflight-redirect', 'preflight-status', 'invalid-allow-methods', 'invalid-allow-headers'].map(
    (code) => `${code} at preflight`,
  ),
  ...['method-not-allowed', 'header-not-allowed'].map((code) => `${code} at preflight`),
  ...['invalid-method', 'forbidden-method', 'invalid-request-header'].map((code) => `${code} at request`),
  'redirect-invalid-location at redirect',
)

test('evaluateCors agrees with the text of the standard on random triples', {
  timeout: 180_000,
}, () => {
  const next = random(seed)
  const hits = new Map<string, number>()
  const hit = (key: string): unknown => hits.set(key, (hits.get(key) ?? 0) + 1)
  for (let i = 0; i < COUNT; i++) {
    const triple = makeTriple(next)
    const want = oracle(normalized(triple))
    const got = ours(triple)
    if (!agree(want, got)) {
      const smallest = minimal(triple)
      const shown = JSON.stringify(smallest, null, 1)
      expect.fail(
        `seed ${seed}, triple ${i}:\n${shown}\noracle ${JSON.stringify(oracle(normalized(smallest)))}\nours   ${JSON.stringify(ours(smallest))}`,
      )
    }
    hit(want.code === '' ? want.outcome : `${want.code} at ${want.blockedAt}`)
    if (want.outcome === 'allowed') hit(want.preflight === '' ? 'allowed, simple' : 'allowed, preflighted')
  }
  const share = (key: string): number => (hits.get(key) ?? 0) / COUNT
  if (process.env.ORACLE_SHOW !== undefined) console.log(Object.fromEntries([...hits].sort()))
  expect(share('allowed')).toBeGreaterThan(0.15)
  expect(share('allowed')).toBeLessThan(0.7)
  expect(share('allowed, preflighted')).toBeGreaterThan(0.03)
  expect(share('allowed, simple')).toBeGreaterThan(0.05)
  expect(share('incomplete redirect')).toBeGreaterThan(0.001)
  for (const code of CODES)
    expect(hits.get(code) ?? 0, `how often: ${code}`).toBeGreaterThanOrEqual(howMany(1000, 40))
})
