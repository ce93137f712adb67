/** One function per family: a random scenario about one part of CORS. */
import type { StepRequest } from '../scenario.js'
import { dataUrl } from './data-urls.js'
import {
  actual,
  anyTarget,
  body,
  credentials,
  type Draft,
  granted,
  headerLines,
  headers,
  type Lines,
  namesOf,
  type Plan,
  page,
  preflight,
  schemeOf,
  sentOrigin,
  target,
  withBody,
} from './parts.js'
import { ways } from './probes.js'
import type { Random } from './random.js'
import { redirects } from './redirects.js'
import {
  allowCredentialsLines,
  allowOriginLines,
  contentType,
  listLines,
  maxAgeLines,
  method,
  requestHeader,
} from './values.js'

const named = (name: string, random: Random): string => (random.chance(0.1) ? name.toLowerCase() : name)
const allowOrigin = 'Access-Control-Allow-Origin'
const allowCredentials = 'Access-Control-Allow-Credentials'
const allowMethods = 'Access-Control-Allow-Methods'
const allowHeaders = 'Access-Control-Allow-Headers'
const exposeHeaders = 'Access-Control-Expose-Headers'
const anyMethod: Lines = [[allowMethods, 'PUT, DELETE, PATCH, POST']]
const anyHeader: Lines = [[allowHeaders, 'x-custom, authorization, content-type']]

/** A plain request: GET, or one that needs a preflight. */
function plain(random: Random, to: string): Draft {
  const request: Draft = { api: random.chance(0.15) ? 'xhr' : 'fetch', target: to, path: '/a' }
  if (random.chance(0.5)) request.method = random.pick(['POST', 'PUT', 'DELETE', 'HEAD'])
  if (request.api === 'fetch') Object.assign(request, credentials(random))
  else if (random.chance(0.4)) request.withCredentials = true
  return withBody(random, request, 0.3)
}

function acaoValues(random: Random): Plan {
  const from = page(random)
  const origin = random.chance(0.15) ? 'http://app.test:18080' : sentOrigin(from)
  const lines = () => {
    const name = random.chance(0.04) ? 'Access-Control-Allow-Origins' : named(allowOrigin, random)
    return headerLines(name, allowOriginLines(random, origin === 'null' ? 'http://app.test:18080' : origin))
  }
  const inPreflight = random.chance(0.4) ? lines() : granted(random)
  return {
    page: from,
    steps: [{ request: plain(random, target(random, from)) }],
    rules: [preflight(random, [...inPreflight, ...anyMethod, [allowHeaders, '*']]), actual(lines())],
  }
}

function credentialsFamily(random: Random): Plan {
  const from = page(random)
  const request = plain(random, target(random, from))
  if (request.api === 'fetch' && random.chance(0.6)) request.credentials = 'include'
  if (random.chance(0.4)) request.headers = [['Authorization', 'Bearer x']]
  const lines = (): Lines => [
    ...headerLines(
      allowOrigin,
      random.chance(0.75) ? ['{{origin}}'] : allowOriginLines(random, 'http://app.test:18080'),
    ),
    ...headerLines(named(allowCredentials, random), allowCredentialsLines(random)),
  ]
  const wildcard = random.chance(0.3)
  const allowed: Lines = [
    [allowMethods, wildcard ? '*' : 'PUT, DELETE'],
    [allowHeaders, wildcard ? '*' : 'authorization, content-type'],
  ]
  const inPreflight = random.chance(0.5) ? lines() : granted(random)
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [...inPreflight, ...allowed]),
      actual([...lines(), ...(random.chance(0.2) ? headerLines('Set-Cookie', ['c=1']) : [])]),
    ],
  }
}

function methods(random: Random): Plan {
  const from = page(random)
  const verb = method(random)
  const request = withBody(random, { ...plain(random, target(random, from)), method: verb }, 0.2)
  if (/^(get|head)$/i.test(verb)) delete request.body
  const allowed = random.chance(0.1)
    ? ['{{acrm}}']
    : listLines(random, [verb || 'PUT'], ['GET', 'POST', 'PUT', 'delete', 'Patch'])
  const origin = granted(random)
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [
        ...origin,
        ...headerLines(named(allowMethods, random), allowed),
        [allowHeaders, 'content-type'],
      ]),
      actual(origin),
    ],
  }
}

function requestHeaders(random: Random): Plan {
  const from = page(random)
  const request = plain(random, random.chance(0.1) ? from.origin : target(random, from))
  request.headers = headers(random, requestHeader, 3)
  if (request.api === 'fetch' && random.chance(0.12)) request.mode = random.pick(['no-cors', 'same-origin'])
  const origin = granted(random)
  const allowed = random.weighted<() => string[]>([
    [3, () => ['{{acrh}}']],
    [2, () => ['*']],
    [2, () => ['*, authorization']],
    [4, () => listLines(random, namesOf(request.headers as Lines), ['x-other', 'content-type', 'accept'])],
  ])()
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [...origin, ...anyMethod, ...headerLines(allowHeaders, allowed)]),
      actual(origin),
    ],
  }
}

function acahValues(random: Random): Plan {
  const from = page(random)
  const request = plain(random, target(random, from))
  const names = [
    'X-Trace-Id',
    'X-Api-Version',
    'Authorization',
    'Content-Type',
    'If-Match',
    'x_under',
    'X-CSRF-Token',
  ]
  const lines = random.sample(names, random.int(1, 4)).map((name): [string, string] => {
    return [name, name === 'Content-Type' ? 'application/json' : 'v']
  })
  request.headers = lines
  const allowed = listLines(random, namesOf(lines), ['x-other', 'accept', 'origin'])
  const origin = granted(random)
  const name = random.chance(0.05) ? 'Access-Control-Allow-Header' : named(allowHeaders, random)
  return {
    page: from,
    steps: [{ request }],
    rules: [preflight(random, [...origin, ...anyMethod, ...headerLines(name, allowed)]), actual(origin)],
  }
}

function bodies(random: Random): Plan {
  const from = page(random)
  const mimes = [
    '',
    'text/plain',
    'Text/Plain;Charset=UTF-8',
    'application/json',
    'image/svg+xml',
    'a/b',
    'nonsense',
    'text/plain;\u00fc',
    'multipart/form-data;boundary=z',
  ]
  const request: Draft = {
    api: random.chance(0.25) ? 'xhr' : 'fetch',
    target: random.chance(0.15) ? from.origin : target(random, from),
    path: '/a',
    method: random.pick(['POST', 'POST', 'PUT', 'DELETE', 'PATCH']),
    body: random.chance(0.5) ? { type: 'blob', mime: random.pick(mimes) } : body(random),
  }
  if (request.api === 'fetch') {
    Object.assign(request, credentials(random))
    if (random.chance(0.15)) request.mode = 'no-cors'
    if (random.chance(0.1)) {
      request.body = { type: 'stream' }
      if (random.chance(0.5)) request.target = 'api-h2'
    }
  } else {
    request.withCredentials = random.chance(0.4)
  }
  if (random.chance(0.35)) request.headers = [['Content-Type', contentType(random)]]
  const origin = granted(random)
  const allowed = random.chance(0.6) ? headerLines(allowHeaders, ['content-type']) : []
  return {
    page: from,
    steps: [{ request }],
    rules: [preflight(random, [...origin, ...anyMethod, ...allowed]), actual(origin)],
  }
}

/** No 401 with a challenge, 407, 408, 421, 425: those make an engine ask or send again. */
const statuses = [
  200, 201, 202, 203, 204, 205, 206, 207, 226, 250, 299, 300, 304, 305, 306, 309, 350, 400, 401, 402, 403,
  404, 405, 406,
]
const moreStatuses = [
  409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 426, 428, 429, 431, 451, 499, 500, 501,
  502, 503, 504, 505, 511, 550, 599, 600, 799, 999,
]

function preflightStatus(random: Random): Plan {
  const from = page(random)
  const request = plain(random, target(random, from))
  if (request.method === undefined || !/^(PUT|DELETE)$/.test(request.method))
    request.headers = [['x-custom', '1']]
  const status = random.weighted<() => number>([
    [3, () => random.pick(statuses)],
    [2, () => random.pick(moreStatuses)],
    [2, () => random.pick([301, 302, 303, 307, 308])],
  ])()
  const location: Lines =
    status >= 300 && status < 400 && random.chance(0.6)
      ? [
          [
            'Location',
            random.pick(['{{s}}/b', `{{${target(random, from)}}}{{s}}/b`, '', 'http://', '/elsewhere']),
          ],
        ]
      : []
  const origin = random.chance(0.85) ? granted(random) : []
  return {
    page: from,
    steps: [{ request }],
    rules: [
      {
        when: { preflight: true, path: '/a' },
        status,
        headers: [...origin, ...anyMethod, ...anyHeader, ...location],
        body: random.chance(0.3) ? 'page' : '',
      },
      preflight(random, [...granted(random), ...anyMethod, ...anyHeader]),
      actual(granted(random)),
    ],
  }
}

function actualStatus(random: Random): Plan {
  const from = page(random)
  const request = plain(random, anyTarget(random, from))
  if (request.api === 'fetch' && random.chance(0.15)) request.mode = 'no-cors'
  const status = random.pick([...statuses, ...moreStatuses])
  const origin = random.chance(0.6) ? granted(random) : []
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [...granted(random), ...anyMethod, ...anyHeader]),
      actual([...origin, ['Content-Type', 'text/plain'], ['X-A', '1']], status, random.pick(['', 'text'])),
    ],
  }
}

const responseLines: Lines = [
  ['Cache-Control', 'max-age=0'],
  ['Content-Language', 'de'],
  ['Content-Type', 'text/plain;charset=utf-8'],
  ['Expires', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['Last-Modified', 'Fri, 02 Jan 2026 00:00:00 GMT'],
  ['Pragma', 'x'],
  ['X-Request-Id', 'r-1'],
  ['x-request-id', 'r-2'],
  ['X-RateLimit-Limit', '60'],
  ['RateLimit', 'limit=10'],
  ['ETag', 'W/"1"'],
  ['Link', '<p2>; rel="next"'],
  ['Set-Cookie', 'z=1'],
  ['set-cookie2', 'z=2'],
  ['Server-Timing', 'db;dur=1'],
  ['Vary', 'Origin, Accept'],
  ['X-Empty', ''],
  ['X-Spaces', ' \t a  b \t'],
  ['X-Bytes', '\u00e4\u00df'],
  ['X-Comma', 'a, b'],
  ['X-Comma', ''],
  ['*', 'a star'],
  ['Age', '0'],
  ['Allow', 'GET'],
  ['Authorization', 'no'],
  ['Location', '/nowhere'],
  ['Content-Disposition', 'inline'],
  ['Access-Control-Max-Age', '5'],
  ['Date', 'Fri, 02 Jan 2026 00:00:00 GMT'],
  ['Retry-After', '1'],
  ['Sec-Thing', 'x'],
  ['Accept-Ranges', 'bytes'],
]

function exposeLines(random: Random, lines: Lines): Lines {
  const values = random.chance(0.85)
    ? listLines(random, namesOf(random.sample(lines, 3)), ['X-Absent', 'Date', 'set-cookie'])
    : []
  return headerLines(named(exposeHeaders, random), values)
}

function exposeHeadersFamily(random: Random): Plan {
  const from = page(random)
  const request: Draft = { ...plain(random, random.chance(0.15) ? from.origin : target(random, from)) }
  delete request.method
  delete request.body
  if (request.api === 'fetch' && random.chance(0.1)) request.mode = 'no-cors'
  const lines = random.sample(responseLines, random.int(2, 7))
  return {
    page: from,
    steps: [{ request }],
    rules: [actual([...granted(random), ...exposeLines(random, lines), ...lines])],
  }
}

function modes(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: 'fetch',
    target: anyTarget(random, from),
    path: '/a',
    mode: random.pick(['cors', 'no-cors', 'same-origin']),
    redirect: random.pick(['follow', 'error', 'manual']),
    ...credentials(random),
  }
  if (random.chance(0.5))
    request.method = random.pick(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'post', 'OPTIONS'])
  if (random.chance(0.15))
    request.cache = random.pick(['no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'] as const)
  if (random.chance(0.3)) {
    request.headers = [
      random.pick<[string, string]>([
        ['X-Custom', '1'],
        ['Authorization', 'a'],
        ['Content-Type', 'application/json'],
        ['Accept', 'text/x'],
        ['Range', 'bytes=0-1'],
      ]),
    ]
  }
  withBody(random, request, 0.4)
  const origin = random.chance(0.8) ? granted(random) : []
  const goesOn = random.chance(0.35)
  const location = random.pick(['{{s}}/b', `{{${anyTarget(random, from)}}}{{s}}/b`])
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [
        ...granted(random),
        ...anyMethod,
        [allowHeaders, 'x-custom, content-type, authorization, range'],
      ]),
      ...(goesOn
        ? [
            {
              when: { path: '/a' },
              status: random.pick([301, 302, 303, 307, 308]),
              headers: [...origin, ['Location', location]] as Lines,
              body: '',
            },
          ]
        : []),
      actual([...origin, ['X-A', '1'], ['Content-Type', 'text/plain']]),
    ],
  }
}

function preflightCache(random: Random): Plan {
  const from = page(random)
  const context = random.chance(0.9) ? 'window' : from.context
  const to = target(random, from)
  const first: StepRequest = variant(random, { api: 'fetch', target: to, path: '/a', ...credentials(random) })
  const count = random.int(2, 4)
  const steps = Array.from({ length: count }, (_, index) => ({
    ...(index > 0 && random.chance(0.08) ? { wait: random.pick([1500, 2600, 5600]) } : {}),
    request: index === 0 || random.chance(0.4) ? first : variant(random, first),
  }))
  const origin: Lines = [
    [allowOrigin, '{{origin}}'],
    [allowCredentials, 'true'],
  ]
  const allowedMethods = random.weighted([
    [4, ['PUT, DELETE, PATCH']],
    [3, ['*']],
    [1, ['PUT']],
    [1, ['{{acrm}}']],
    [1, []],
    [1, ['GET, HEAD, POST']],
  ])
  const allowedHeaders = random.weighted([
    [4, ['x-custom, x-other, content-type, authorization']],
    [3, ['*']],
    [1, ['X-Custom']],
    [1, ['{{acrh}}']],
    [1, []],
  ])
  const refused = random.chance(0.15)
    ? [
        {
          when: { preflight: true, step: random.int(1, count - 1) },
          status: random.pick([204, 403]),
          headers: [],
        },
      ]
    : []
  return {
    page: { ...from, context },
    steps,
    rules: [
      ...refused,
      preflight(random, [
        ...origin,
        ...headerLines(allowMethods, allowedMethods),
        ...headerLines(allowHeaders, allowedHeaders),
        ...headerLines('Access-Control-Max-Age', maxAgeLines(random)),
      ]),
      actual(random.chance(0.9) ? origin : [], random.pick([200, 200, 404, 500])),
    ],
  }
}

/** A request that may or may not be answered by what another left in the cache. */
function variant(random: Random, like: StepRequest): StepRequest {
  const request: Draft = { ...like }
  const changes: readonly (() => void)[] = [
    () => {
      request.method = random.pick(['PUT', 'DELETE', 'PATCH', 'GET', 'HEAD', 'POST'])
    },
    () => {
      request.headers = random.sample<[string, string]>(
        [
          ['X-Custom', '1'],
          ['X-Other', '2'],
          ['Content-Type', 'application/json'],
          ['Authorization', 'q'],
        ],
        random.int(1, 2),
      )
    },
    () => {
      request.path = random.pick(['/a', '/a?x', '/a#f', '/b', '/A'])
    },
    () => {
      Object.assign(request, credentials(random))
    },
    () => {
      if (random.chance(0.3)) request.cache = random.pick(['no-store', 'reload', 'no-cache'] as const)
    },
  ]
  for (const change of random.sample(changes, random.int(1, 2))) change()
  if (request.method === undefined && request.headers === undefined) request.method = 'PUT'
  return request
}

function xhr(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: 'xhr',
    target: anyTarget(random, from),
    path: '/a',
    method: random.pick(['GET', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'get', 'put', 'Patch']),
    withCredentials: random.chance(0.5),
    uploadListeners: random.chance(0.35),
  }
  if (random.chance(0.4)) request.headers = headers(random, requestHeader, 2)
  withBody(random, request, 0.6)
  const origin = random.chance(0.8)
    ? granted(random)
    : headerLines(allowOrigin, allowOriginLines(random, 'http://app.test:18080'))
  const lines = random.sample(responseLines, random.int(1, 4))
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(
        random,
        [...granted(random), ...anyMethod, [allowHeaders, random.pick(['{{acrh}}', '*', 'x-custom'])]],
        random.pick([200, 204, 204, 403]),
      ),
      actual([...origin, ...exposeLines(random, lines), ...lines], random.pick([200, 201, 204, 404, 500])),
    ],
  }
}

function eventSource(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: 'eventsource',
    target: anyTarget(random, from),
    path: '/a',
    withCredentials: random.chance(0.5),
  }
  const origin = () =>
    random.chance(0.8)
      ? granted(random)
      : headerLines(allowOrigin, allowOriginLines(random, 'http://app.test:18080'))
  const types = [
    'text/event-stream',
    'text/event-stream;charset=utf-8',
    'Text/Event-Stream',
    'text/event-stream ; x=y',
    'text/event-stream,',
    'text/event-stream, text/plain',
    'text/plain',
    'text/event-streams',
    'application/json',
    '',
  ]
  const type: Lines = random.chance(0.9)
    ? [['Content-Type', random.chance(0.6) ? 'text/event-stream' : random.pick(types)]]
    : []
  const goesOn = random.chance(0.3)
  return {
    page: from,
    steps: [{ request }],
    rules: [
      ...(goesOn
        ? [
            {
              when: { path: '/a' },
              status: random.pick([301, 302, 303, 307, 308]),
              headers: [...origin(), ['Location', `{{${anyTarget(random, from)}}}{{s}}/b`]] as Lines,
              body: '',
            },
          ]
        : []),
      actual(
        [...origin(), ...type],
        random.pick([200, 200, 200, 200, 201, 203, 204, 206, 299, 400, 404, 500, 503]),
        'retry: 99999\ndata: hello\n\n',
      ),
    ],
  }
}

function sameOrigin(random: Random): Plan {
  const from = page(random)
  const request = plain(random, random.chance(0.8) ? from.origin : target(random, from))
  request.method = method(random)
  if (/^(get|head)$/i.test(request.method)) delete request.body
  if (request.api === 'fetch' && random.chance(0.2)) request.mode = random.pick(['same-origin', 'no-cors'])
  if (random.chance(0.3)) request.headers = headers(random, requestHeader, 2)
  const origin = random.chance(0.4) ? granted(random) : []
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [...origin, ...anyMethod, ...anyHeader]),
      actual([...origin, ...random.sample(responseLines, 3)], random.pick([200, 200, 404])),
    ],
  }
}

function cookies(random: Random): Plan {
  const from = page(random)
  const to = anyTarget(random, from)
  const step = (): StepRequest => ({
    api: 'fetch',
    target: to,
    path: random.pick(['/a', '/a', '/b']),
    ...credentials(random),
    ...(random.chance(0.2) ? { method: 'PUT' } : {}),
  })
  const attributes = [
    '',
    '; Path=/',
    '; Path={{s}}',
    '; Secure',
    '; HttpOnly',
    '; SameSite=None; Secure',
    '; SameSite=Lax',
    '; Max-Age=60',
    '; Domain=api.test',
  ]
  const origin: Lines = [
    [allowOrigin, '{{origin}}'],
    [allowCredentials, 'true'],
  ]
  // A cookie for the whole host would reach other scenarios: its name is the scenario's own by its path.
  const cookie = `k{{n}}=v${random.pick(attributes).replace('; Path=/', '; Path={{s}}/a')}`
  return {
    page: from,
    steps: [{ request: step() }, { request: step() }],
    rules: [
      preflight(random, [...origin, ...anyMethod]),
      { when: { step: 0 }, status: 200, headers: [...origin, ['Set-Cookie', cookie]], body: 'ok' },
      actual(origin),
    ],
  }
}

function schemes(random: Random): Plan {
  const from = page(random)
  // Only what a server answers: no http to an https port, no unknown host.
  const scheme = schemeOf(from.origin)
  const templates = [
    'data:text/plain,hello',
    'about:blank',
    'about:srcdoc',
    'blob:null/x',
    'blob:{{app-http}}/0',
    'ftp://{{host:api-http}}/x',
    'file:///etc/hostname',
    'mailto:x@y',
    'tel:1',
    'javascript:0',
    'ws://{{host:api-http}}{{s}}/a',
    'wss://{{host:api-https}}{{s}}/a',
    `//{{host:${scheme === 'http:' ? 'api-http' : 'api-https'}}}{{s}}/a`,
    `//{{host:${scheme === 'http:' ? 'other-http' : 'sub-https'}}}{{s}}/a`,
    '{{s}}/a',
    '../..{{s}}/a',
    '?q={{s}}',
    `${scheme}{{s}}/a`,
    `${scheme.toUpperCase()}a`,
    'HTTPS://{{host:api-https}}{{s}}/a',
    'http://u@{{host:api-http}}{{s}}/a',
    'https://u:p@{{host:api-https}}{{s}}/a',
    'http://api.test:9{{s}}/a',
    'http://api.test:99999{{s}}/a',
    'http://[::1',
    'https://',
    ' {{api-https}}{{s}}/a ',
    '{{api-http}}\\s\\x/a',
    '{{api-https}}{{s}}/a#frag',
    '{{api-https}}{{s}}/\u00fc',
  ]
  const request: Draft = {
    api: random.weighted([
      [5, 'fetch'],
      [1, 'xhr'],
    ]),
    target: 'api-http',
    path: '/a',
  }
  if (random.chance(0.7)) request.urlTemplate = random.pick(templates)
  else request.target = random.pick(['lo-http', 'api-http', 'app-http', 'sub-http'])
  if (random.chance(0.4)) request.method = random.pick(['POST', 'PUT', 'HEAD'])
  if (request.api === 'fetch') {
    Object.assign(request, credentials(random))
    if (random.chance(0.4)) request.mode = random.pick(['no-cors', 'same-origin'])
  }
  const origin = random.chance(0.8) ? granted(random) : []
  return {
    page: from,
    steps: [{ request }],
    rules: [preflight(random, [...origin, ...anyMethod]), actual(origin)],
  }
}

/** Repeated names, given in every way there is. */
function givenHeaders(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: 'fetch',
    target: random.chance(0.1) ? from.origin : target(random, from),
    path: '/a',
    given: random.pick(ways),
    ...credentials(random),
  }
  if (random.chance(0.4)) request.method = random.pick(['POST', 'PUT', 'DELETE'])
  if (random.chance(0.15) && request.method !== 'PUT' && request.method !== 'DELETE') request.mode = 'no-cors'
  withBody(random, request, 0.3)
  const lines = Array.from({ length: random.int(1, 3) }, () => requestHeader(random))
  for (const [name] of random.sample(lines, random.int(1, 2))) {
    const again = requestHeader(random)
    lines.push([random.chance(0.2) ? name.toLowerCase() : name, random.chance(0.5) ? again[1] : 'b'])
  }
  // Node's HTTP clients refuse control characters, and the steps below the page know one way only.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those it is about
  request.headers = lines.map(([name, value]) => [name, value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '.')])
  const origin = granted(random)
  const redirect = random.chance(0.2)
    ? [
        {
          when: { path: '/a', preflight: false },
          status: random.pick([302, 303, 307]),
          headers: [...origin, ['Location', `{{${target(random, from)}}}{{s}}/b`]] as Lines,
          body: '',
        },
      ]
    : []
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [
        ...origin,
        ...anyMethod,
        [allowHeaders, random.pick(['{{acrh}}', '{{acrh}}', 'x-custom'])],
      ]),
      ...redirect,
      actual(origin),
    ],
  }
}

function dataUrls(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: random.weighted([
      [5, 'fetch'],
      [2, 'xhr'],
    ]),
    target: 'api-http',
    path: '/a',
    urlTemplate: dataUrl(random),
  }
  if (random.chance(0.3)) request.method = random.pick(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])
  if (request.api === 'fetch') {
    Object.assign(request, credentials(random))
    if (random.chance(0.3)) request.mode = random.pick(['no-cors', 'same-origin'])
    if (random.chance(0.2)) request.redirect = random.pick(['error', 'manual'])
  } else if (random.chance(0.3)) request.withCredentials = true
  if (random.chance(0.2)) request.headers = headers(random, requestHeader, 2)
  withBody(random, request, 0.3)
  return { page: from, steps: [{ request }], rules: [actual(granted(random))] }
}

function combos(random: Random): Plan {
  const from = page(random)
  const request = plain(random, target(random, from))
  request.method = method(random)
  if (/^(get|head)$/i.test(request.method)) delete request.body
  if (random.chance(0.6)) request.headers = headers(random, requestHeader, 3)
  const origin = (): Lines =>
    random.chance(0.75)
      ? granted(random)
      : [
          ...headerLines(named(allowOrigin, random), allowOriginLines(random, 'http://app.test:18080')),
          ...headerLines(named(allowCredentials, random), allowCredentialsLines(random)),
        ]
  const lines = random.sample(responseLines, random.int(0, 4))
  const allowed = random.chance(0.5)
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(
        random,
        [
          ...origin(),
          ...(allowed
            ? headerLines(allowMethods, ['{{acrm}}'])
            : headerLines(allowMethods, listLines(random, [request.method || 'PUT'], ['GET', 'put']))),
          ...(random.chance(0.6)
            ? headerLines(allowHeaders, ['{{acrh}}'])
            : headerLines(
                allowHeaders,
                listLines(random, namesOf((request.headers ?? []) as Lines), ['x-other']),
              )),
          ...headerLines('Access-Control-Max-Age', maxAgeLines(random)),
        ],
        random.pick([200, 204, 204, 404]),
      ),
      actual([...origin(), ...exposeLines(random, lines), ...lines], random.pick([200, 200, 201, 400, 500])),
    ],
  }
}

export interface Family {
  readonly make: (random: Random) => Plan
  /** How many of a thousand scenarios are of this family, about. */
  readonly weight: number
}

/** The families, as the recordings name them. */
export const families: Readonly<Record<string, Family>> = {
  'acao-values': { make: acaoValues, weight: 100 },
  credentials: { make: credentialsFamily, weight: 80 },
  methods: { make: methods, weight: 80 },
  'request-headers': { make: requestHeaders, weight: 120 },
  'acah-values': { make: acahValues, weight: 60 },
  bodies: { make: bodies, weight: 50 },
  'preflight-status': { make: preflightStatus, weight: 50 },
  'actual-status': { make: actualStatus, weight: 50 },
  'expose-headers': { make: exposeHeadersFamily, weight: 60 },
  modes: { make: modes, weight: 60 },
  redirects: { make: redirects, weight: 110 },
  'preflight-cache': { make: preflightCache, weight: 50 },
  xhr: { make: xhr, weight: 50 },
  eventsource: { make: eventSource, weight: 25 },
  'same-origin': { make: sameOrigin, weight: 35 },
  cookies: { make: cookies, weight: 20 },
  schemes: { make: schemes, weight: 30 },
  combos: { make: combos, weight: 70 },
  'given-headers': { make: givenHeaders, weight: 60 },
  'data-urls': { make: dataUrls, weight: 50 },
}
