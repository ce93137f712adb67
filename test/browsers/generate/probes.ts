/** Scenarios that are not random: each asks one question on which engines differ, on both sides of its edge. */
import type { Rule, Scenario, StepRequest } from '../scenario.js'
import { detailedDataUrls, oddDataUrls } from './data-urls.js'
import type { Lines, Page } from './parts.js'

type Step = Omit<StepRequest, 'api' | 'target' | 'path'> &
  Partial<Pick<StepRequest, 'api' | 'target' | 'path'>>

interface Probe {
  readonly asks: string
  readonly page?: Page
  readonly steps: readonly Step[]
  readonly rules?: readonly Rule[]
}

const anyOrigin: Lines = [['Access-Control-Allow-Origin', '*']]
const origin: Lines = [['Access-Control-Allow-Origin', '{{origin}}']]
const credentialed: Lines = [...origin, ['Access-Control-Allow-Credentials', 'true']]
const allowed: Lines = [
  ['Access-Control-Allow-Methods', 'PUT, DELETE, PATCH, POST'],
  ['Access-Control-Allow-Headers', '{{acrh}}'],
]
const lines = (name: string, values: readonly string[]): Lines => values.map((value) => [name, value])
const preflight = (headers: Lines): Rule => ({ when: { preflight: true }, status: 204, headers })
const actual = (headers: Lines = credentialed, status = 200): Rule => ({ status, headers, body: 'ok' })
const put: Step = { method: 'PUT' }
const custom: Step = { headers: [['X-A', '1']] }
const authorized: Step = { headers: [['Authorization', 'q']] }
const minute: Lines = [['Access-Control-Max-Age', '60']]

const withHeaders = (asks: string, headers: Lines, api: StepRequest['api'] = 'fetch'): Probe => ({
  asks,
  steps: [{ api, headers }],
})

/** A header name given more than once. */
function repeatedRequestHeaders(): Probe[] {
  const names = [
    'Authorization',
    'If-Modified-Since',
    'If-Unmodified-Since',
    'If-None-Match',
    'If-Match',
    'If-Range',
    'Range',
  ]
  const more = [
    'Accept',
    'Content-Language',
    'Content-Type',
    'From',
    'Max-Forwards',
    'Cache-Control',
    'Pragma',
    'X-A',
  ]
  const response = [
    'Location',
    'Content-Disposition',
    'Content-Encoding',
    'Retry-After',
    'ETag',
    'Expires',
    'User-Agent',
  ]
  const values = [
    ['a', ''],
    ['', 'a'],
    ['a', '', 'b'],
    ['', ''],
    ['a', 'b', ''],
  ]
  const types = [
    ['text/plain,', 'text/ plain'],
    ['text/plain', 'text/plain'],
    ['text/plain', 'application/json'],
    ['application/json', 'text/plain'],
    ['text/plain;', 'multipart/form-data'],
  ]
  return (['fetch', 'xhr'] as const).flatMap((api) => [
    ...[...names, ...more, ...response].map((name) =>
      withHeaders(`${api} repeats ${name}`, lines(name, ['a', 'b']), api),
    ),
    ...values.map((list) => withHeaders(`${api} repeats X-A ${list}`, lines('X-A', list), api)),
    ...types.map((list) => withHeaders(`${api} repeats type ${list}`, lines('Content-Type', list), api)),
  ])
}

/** Values on both sides of a safelist. */
function safelistedValues(): Probe[] {
  const types = [
    'text/plain,',
    'text/plain, text/plain',
    'text/plain;, text/plain',
    'text/plain;a=b,c',
    'text/plain;a="b, c',
    'text/ plain',
    'text /plain',
    'text/plain ;a',
    'text/plain/',
    'text/plain;a="b,c"',
  ]
  const ranges = [
    '9223372036854775807-',
    '9223372036854775808-',
    '18446744073709551615-',
    '18446744073709551616-',
    '0-9223372036854775808',
    '+2-6',
    '2-+6',
    '+2-',
    ' +2-6',
    '--2',
    '2--6',
  ]
  const numbers = ['1', '1.', '.5', '1.5', '01', '1e1', '+1', '-1', '0', ' 1', '99999999999999999999']
  const hints = ['DPR', 'Device-Memory', 'Downlink', 'Width', 'Viewport-Width', 'RTT']
  return [
    ...types.map((value) => withHeaders(`type ${value}`, [['Content-Type', value]])),
    ...ranges.map((value) => withHeaders(`range ${value}`, [['Range', `bytes=${value}`]])),
    ...['bytes=1-6,', 'bytes= 1\t- 6', 'bytes=01-6', 'BYTES=1-6', 'bytes=6-1'].flatMap((value) => [
      withHeaders(`range ${value}`, [['Range', value]]),
      withHeaders(`conditional range ${value}`, [
        ['Range', value],
        ['If-None-Match', '"t"'],
      ]),
    ]),
    withHeaders('range Bytes=+1-', [['Range', 'Bytes=+1-']]),
    ...hints.flatMap((name) => numbers.map((value) => withHeaders(`hint ${name} ${value}`, [[name, value]]))),
    ...['on', 'ON', ' on', 'off'].map((value) =>
      withHeaders(`hint save-data ${value}`, [['Save-Data', value]]),
    ),
    ...['4g', '4G', 'slow-2g'].map((value) => withHeaders(`hint ect ${value}`, [['ECT', value]])),
  ]
}

/** What a response header's list or lines come to. */
function responseValues(): Probe[] {
  const lists = [
    '*, a b',
    'a b, *',
    'X-A, a b',
    'a b, X-A',
    'X-A, {bad}, *',
    '*, {bad}',
    '{bad}, *',
    '"*", *',
    '*;',
    '* ',
  ]
  const repeated = [
    ['', '*'],
    ['*', ''],
    ['', '', '*'],
    [' ', '*'],
    ['', '{{origin}}'],
    ['{{origin}}', ''],
    ['', ''],
  ]
  const trues = [
    ['', 'true'],
    ['true', ''],
    ['', '', 'true'],
  ]
  const include: Step = { credentials: 'include' }
  return [
    ...lists.flatMap((value): Probe[] => [
      {
        asks: `exposes ${value}`,
        steps: [{}],
        rules: [actual([...origin, ['Access-Control-Expose-Headers', value], ['X-A', '1'], ['X-B', '2']])],
      },
      {
        asks: `allows headers ${value}`,
        steps: [custom],
        rules: [preflight([...origin, ['Access-Control-Allow-Headers', value]]), actual()],
      },
      {
        asks: `allows methods ${value}`,
        steps: [put],
        rules: [
          preflight([...origin, ['Access-Control-Allow-Methods', value.replaceAll('X-A', 'PUT')]]),
          actual(),
        ],
      },
    ]),
    ...repeated.flatMap((values): Probe[] => {
      const said = lines('Access-Control-Allow-Origin', values)
      return [
        { asks: `origin ${values}`, steps: [{}], rules: [actual(said)] },
        {
          asks: `preflight origin ${values}`,
          steps: [put],
          rules: [preflight([...said, ...allowed]), actual()],
        },
      ]
    }),
    ...trues.map(
      (values): Probe => ({
        asks: `credentials ${values}`,
        steps: [include],
        rules: [actual([...origin, ...lines('Access-Control-Allow-Credentials', values)])],
      }),
    ),
  ]
}

/** What the preflight cache keeps and gives back. */
function preflightCache(): Probe[] {
  const kept = (steps: readonly Step[], asks: string, headers: Lines = [...allowed, ...minute]): Probe => ({
    asks,
    steps,
    rules: [preflight([...credentialed, ...headers]), actual()],
  })
  const star: Lines = [
    ['Access-Control-Allow-Headers', '*'],
    ['Access-Control-Allow-Methods', '*'],
    ...minute,
  ]
  const ages = [['', '60'], ['60', ''], ['60', '60'], ['000060']]
  const caches = ['default', 'no-store', 'reload', 'no-cache', 'force-cache'] as const
  const twice: Step[] = [
    { ...put, target: 'api-https' },
    { ...put, target: 'api-https' },
  ]
  const pages = (['window', 'sandboxed-iframe', 'worker'] as const).flatMap((context) =>
    ['app-http', 'app-https'].map((from): Page => ({ origin: from, context })),
  )
  return [
    ...ages.map((values) =>
      kept([put, put], `age ${values}`, [...allowed, ...lines('Access-Control-Max-Age', values)]),
    ),
    ...caches.flatMap((cache) => [
      kept([put, { ...put, cache }], `mode ${cache} second`),
      kept([{ ...put, cache }, put], `mode ${cache} first`),
      kept(
        [
          { ...put, cache },
          { ...put, cache },
        ],
        `mode ${cache} both`,
      ),
    ]),
    kept([authorized, authorized], 'star authorization twice', star),
    kept([custom, authorized, custom], 'star custom authorization custom', star),
    kept([authorized, authorized], 'star, authorization', [
      ['Access-Control-Allow-Headers', '*, authorization'],
      ...minute,
    ]),
    ...pages.map((page): Probe => ({ ...kept(twice, `page ${page.context} ${page.origin}`), page })),
    kept([put, put], 'refused method', minute),
    kept([custom, custom], 'refused header', minute),
    kept([put, { ...put, ...custom }, put], 'refused header later', [
      ['Access-Control-Allow-Methods', 'PUT'],
      ...minute,
    ]),
  ]
}

/** Chains of redirects between origins. */
function redirectChains(): Probe[] {
  const [app, api, other] = ['app-http', 'api-http', 'other-http'] as const
  const chains = [
    [app, api],
    [app, app, api],
    [app, api, api],
    [app, api, other],
    [app, app, api, other],
    [app, api, app],
    [api, other],
    [api, api],
    [api, app, api],
    [api, other, app, api],
  ]
  const paths = ['/a', '/b', '/c', '/d', '/e']
  const requests: Readonly<Record<string, Step>> = {
    GET: {},
    PUT: put,
    'POST 303': { method: 'POST' },
    'PUT 303': put,
    'X-A': custom,
    authorization: authorized,
    omit: { credentials: 'omit' },
    xhr: { api: 'xhr' },
  }
  return chains.flatMap((hops) =>
    Object.entries(requests).map(([name, step]): Probe => {
      const redirects = hops.slice(1).map(
        (to, index): Rule => ({
          when: { path: paths[index] as string },
          status: name.endsWith('303') ? 303 : 307,
          headers: [...anyOrigin, ['Location', `{{${to}}}{{s}}${paths[index + 1]}`]],
          body: '',
        }),
      )
      return {
        asks: `chain ${hops.map((hop) => hop.replace('-http', '')).join(' ')} ${name}`,
        steps: [{ ...step, target: hops[0] as string }],
        rules: [preflight([...anyOrigin, ...allowed]), ...redirects, actual(anyOrigin)],
      }
    }),
  )
}

/** Redirects from https to http, and to a host that is trusted whatever the scheme. */
function mixedContent(): Probe[] {
  const page: Page = { origin: 'app-https', context: 'window' }
  return ['api-http', 'lo-http'].flatMap((to) =>
    ['app-https', 'api-https'].flatMap((from) =>
      Object.entries({ simple: {}, custom, put }).map(
        ([name, step]): Probe => ({
          asks: `mixed ${from} to ${to} ${name}`,
          page,
          steps: [{ ...step, target: from }],
          rules: [
            preflight([...credentialed, ...allowed]),
            {
              when: { path: '/a' },
              status: 307,
              headers: [...credentialed, ['Location', `{{${to}}}{{s}}/b`]],
              body: '',
            },
            actual(),
          ],
        }),
      ),
    ),
  )
}

/** The `Content-Type` of an XHR's body, by where it runs. */
function xhrBodies(): Probe[] {
  return (['window', 'worker'] as const).flatMap((context) =>
    ['urlsearchparams', 'text', 'formdata', 'blob'].flatMap((type) =>
      [[], [['Content-Type', 'text/plain;charset=utf-16']] as Lines].map(
        (headers): Probe => ({
          asks: `xhr in ${context} sends ${type}${headers.length > 0 ? ' with a type' : ''}`,
          page: { origin: 'app-http', context },
          steps: [
            {
              api: 'xhr',
              method: 'POST',
              headers,
              body: type === 'blob' ? { type, mime: 'Text/Plain;Charset=UTF-8' } : { type },
            },
          ],
        }),
      ),
    ),
  )
}

/** What the redirect modes make of a `Location`. */
function redirectModes(): Probe[] {
  const locations: Readonly<Record<string, readonly string[]>> = {
    none: [],
    empty: [''],
    invalid: ['http://'],
    different: ['{{s}}/x', '{{s}}/y'],
    same: ['{{s}}/x', '{{s}}/x'],
    data: ['data:,x'],
    'user info': ['http://u@{{host:api-http}}{{s}}/x'],
  }
  const modes = [{ mode: 'cors' }, { mode: 'same-origin', target: 'app-http' }, { mode: 'no-cors' }] as const
  return (['follow', 'manual', 'error'] as const).flatMap((redirect) =>
    modes.flatMap((step) =>
      Object.entries(locations).map(
        ([name, values]): Probe => ({
          asks: `redirect ${redirect} ${step.mode} location ${name}`,
          steps: [{ ...step, redirect }],
          rules: [
            {
              when: { path: '/a' },
              status: 302,
              headers: [...origin, ...lines('Location', values)],
              body: '',
            },
            actual(origin),
          ],
        }),
      ),
    ),
  )
}

/** What becomes of a `Content-Type` when a redirect turns the method into GET. */
function redirectedBodies(): Probe[] {
  const bodies: Readonly<Record<string, Step>> = {
    blob: { body: { type: 'blob', mime: 'application/json' } },
    header: { headers: [['Content-Type', 'application/json']] },
    text: { body: { type: 'text' } },
  }
  const redirect = (path: string, to: string, status: number): Rule => ({
    when: { path },
    status,
    headers: [...origin, ['Location', `{{other-http}}{{s}}${to}`]],
    body: '',
  })
  const star: Lines = [
    ['Access-Control-Allow-Methods', '*'],
    ['Access-Control-Allow-Headers', '*'],
  ]
  return (['fetch', 'xhr'] as const).flatMap((api) =>
    [301, 302, 303, 307].flatMap((status) =>
      ['POST', 'PUT'].flatMap((method) =>
        Object.entries(bodies).map(
          ([name, step]): Probe => ({
            asks: `${api} ${method} ${name} ${status}`,
            steps: [{ ...step, api, method }],
            rules: [
              preflight([...origin, ...star]),
              redirect('/a', '/b', status),
              redirect('/b', '/c', status),
              actual(origin),
            ],
          }),
        ),
      ),
    ),
  )
}

/** Which response is an event stream. */
function eventStreams(): Probe[] {
  const types = [
    ['text/event-stream'],
    ['text/event-stream,'],
    ['text/event-stream, text/plain'],
    ['text/plain, text/event-stream'],
    ['text/event-stream, */*'],
    ['text/event-stream;x'],
    ['Text/Event-Stream ; x=y'],
    ['text/event-stream;charset=latin1'],
    ['text/event-streams'],
    [''],
    [],
    ['text/event-stream', 'text/plain'],
    ['text/plain', 'text/event-stream'],
  ]
  const step: Step = { api: 'eventsource' }
  const stream = (status: number, values: readonly string[]): Rule => ({
    status,
    headers: [...origin, ...lines('Content-Type', values)],
    body: 'data: x\n\n',
  })
  return [
    ...types.map(
      (values): Probe => ({ asks: `stream ${values}`, steps: [step], rules: [stream(200, values)] }),
    ),
    ...[201, 204, 206, 299].map(
      (status): Probe => ({
        asks: `stream ${status}`,
        steps: [step],
        rules: [stream(status, ['text/event-stream'])],
      }),
    ),
  ]
}

/** Whether a `no-cors` request of a sandboxed page says its origin. */
function opaqueOrigins(): Probe[] {
  const targets = [
    'app-http',
    'app-https',
    'app-https-otherport',
    'sub-http',
    'sub-https',
    'api-http',
    'api-https',
  ]
  const credentials = ['include', 'same-origin', 'omit'] as const
  return targets.flatMap((target) =>
    credentials.map(
      (mode): Probe => ({
        asks: `sandboxed no-cors ${target} ${mode}`,
        page: { origin: 'app-http', context: 'sandboxed-iframe' },
        steps: [{ target, mode: 'no-cors', credentials: mode }],
        rules: [actual([])],
      }),
    ),
  )
}

/** URLs that need no server, that name a user, or that must come from the cache. */
function specialUrls(): Probe[] {
  const cached: Step = { target: 'app-http', mode: 'same-origin', cache: 'only-if-cached' }
  const apis = ['fetch', 'xhr'] as const
  const methods = ['GET', 'POST', 'HEAD']
  return [
    ...methods.map(
      (method): Probe => ({
        asks: `${method} only if cached`,
        steps: [
          { ...cached, method },
          { ...cached, cache: 'default', method },
          { ...cached, method },
        ],
        rules: [actual([])],
      }),
    ),
    ...apis.flatMap((api) => [
      ...['u:p', 'u', ''].map(
        (user): Probe => ({
          asks: `${api} user info ${user}`,
          steps: [{ api, urlTemplate: `http://${user}@{{host:api-http}}{{s}}/a` }],
        }),
      ),
      ...['data:text/plain,hello', 'data:;base64,eA==', 'data:x', 'about:blank'].flatMap((url) =>
        methods.map(
          (method): Probe => ({
            asks: `${api} ${method} ${url}`,
            steps: [{ api, method, urlTemplate: url }],
          }),
        ),
      ),
    ]),
  ]
}

/** Every way to give a request its headers: exec.js has them. */
export const ways = [
  'request',
  'fetch',
  'record',
  'headers',
  'appended-headers',
  'copied-headers',
  'request-of-headers',
  'headers-of-request',
  'entries',
  'copied-request',
  'copied-request-with-init',
  'clone',
  'replaced-in-request',
  'replaced-in-fetch',
  'appended-to-request',
  'appended-to-clone',
  'set',
  'deleted',
] as const

/** What a way to give headers makes of repeated names. */
function givenHeaders(): Probe[] {
  const repeated: readonly Lines[] = [
    lines('baggage', ['a', 'b']),
    [
      ['X-A', '1'],
      ['x-a', '2'],
      ['X-B', '3'],
    ],
    lines('Content-Type', ['text/plain', 'application/json']),
    lines('Content-Type', ['text/plain', 'text/plain']),
    lines('Accept', ['a', 'b'.repeat(127)]),
    lines('Authorization', ['a', 'b']),
    lines('X-A', ['1', '']),
    lines('Range', ['bytes=0-1', 'bytes=2-3']),
    lines('Content-Language', ['de', '', 'fr']),
  ]
  const noCors: readonly Lines[] = [
    lines('Accept', ['a', 'b'.repeat(127)]),
    lines('Content-Type', ['text/plain', 'text/plain']),
    lines('Accept-Language', ['de', 'fr']),
    lines('X-A', ['1', '2']),
  ]
  return ways.flatMap((given): Probe[] => [
    ...repeated.map(
      (headers): Probe => ({ asks: `${given} ${headers[0]?.[0]}`, steps: [{ given, headers }] }),
    ),
    ...noCors.map(
      (headers): Probe => ({
        asks: `${given} no-cors ${headers[0]?.[0]}`,
        steps: [{ given, headers, mode: 'no-cors' }],
      }),
    ),
    {
      asks: `${given} POST type`,
      steps: [
        { given, method: 'POST', headers: lines('Content-Type', ['a/b', 'c/d']), body: { type: 'text' } },
      ],
    },
  ])
}

/** What `data:` URLs hold, and to whom. */
function dataUrls(): Probe[] {
  const apis = ['fetch', 'xhr'] as const
  const whole = ['data:text/plain,hello', 'data:foo,x', 'data:;base64,eA==', 'data:,', 'data:x']
  const methods = ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'UNICORN']
  const modes = ['no-cors', 'same-origin'] as const
  const contexts = ['sandboxed-iframe', 'worker'] as const
  const streams = [
    'data:text/event-stream,data:hello%0A%0A',
    'data:text/event-stream,data: a b%0A%0A',
    'data:text/event-stream;charset=utf-8,data:x%0A%0A',
    'data:text/event-stream;base64,ZGF0YTp4Cgo=',
    'data:text/plain,data:x%0A%0A',
    'data:,x',
    'data:x',
  ]
  return [
    ...apis.flatMap((api) =>
      oddDataUrls.map((url): Probe => ({ asks: `${api} ${url}`, steps: [{ api, urlTemplate: url }] })),
    ),
    ...apis.flatMap((api) =>
      whole.flatMap((urlTemplate): Probe[] => [
        ...methods.map(
          (method): Probe => ({
            asks: `${api} ${method} ${urlTemplate}`,
            steps: [{ api, method, urlTemplate }],
          }),
        ),
        {
          asks: `${api} POST body ${urlTemplate}`,
          steps: [{ api, method: 'POST', urlTemplate, body: { type: 'text' }, headers: [['X-A', '1']] }],
        },
        ...contexts.map(
          (context): Probe => ({
            asks: `${api} ${context} ${urlTemplate}`,
            page: { origin: 'app-http', context },
            steps: [{ api, urlTemplate }],
          }),
        ),
        {
          asks: `${api} upload ${urlTemplate}`,
          steps: [{ api, urlTemplate, method: 'POST', uploadListeners: true, body: { type: 'text' } }],
        },
        {
          asks: `${api} credentials ${urlTemplate}`,
          steps: [{ api, urlTemplate, credentials: 'include', withCredentials: true }],
        },
      ]),
    ),
    ...whole.flatMap((urlTemplate): Probe[] => [
      ...modes.flatMap((mode) =>
        ['GET', 'HEAD', 'POST'].map(
          (method): Probe => ({
            asks: `${mode} ${method} ${urlTemplate}`,
            steps: [{ mode, method, urlTemplate }],
          }),
        ),
      ),
      ...(['error', 'manual'] as const).map(
        (redirect): Probe => ({
          asks: `redirect ${redirect} ${urlTemplate}`,
          steps: [{ redirect, urlTemplate }],
        }),
      ),
      ...(['no-store', 'reload', 'only-if-cached'] as const).map(
        (cache): Probe => ({
          asks: `${cache} ${urlTemplate}`,
          steps: [{ cache, mode: cache === 'only-if-cached' ? 'same-origin' : 'cors', urlTemplate }],
        }),
      ),
    ]),
    ...streams.map(
      (urlTemplate): Probe => ({
        asks: `stream ${urlTemplate}`,
        steps: [{ api: 'eventsource', urlTemplate }],
      }),
    ),
    ...(['fetch', 'xhr', 'eventsource'] as const).flatMap((api) =>
      ['app-http', 'api-http'].flatMap((target) =>
        ([undefined, 'no-cors', 'same-origin'] as const).flatMap((mode) =>
          ['data:text/plain,x', 'data:x', 'data:text/event-stream,data:x%0A%0A'].map(
            (location): Probe => ({
              asks: `${api} ${mode ?? ''} ${target} redirects to ${location}`,
              steps: [{ api, target, ...(mode === undefined || api !== 'fetch' ? {} : { mode }) }],
              rules: [{ status: 302, headers: [...credentialed, ['Location', location]], body: '' }],
            }),
          ),
        ),
      ),
    ),
  ]
}

/** Where an event stream or an upload goes that cannot go on. */
function deadEnds(): Probe[] {
  const locations = [
    'http://',
    'https://[',
    'ftp://{{host:api-http}}/x',
    'about:blank',
    'blob:null/x',
    'javascript:0',
    'http://u:p@{{host:api-http}}{{s}}/b',
    'http://u:p@{{host:app-http}}{{s}}/b',
    '{{s}}/a',
  ]
  const direct = [
    ...locations.slice(2, 6),
    'data:x',
    'data:,x',
    '{{api-http}}{{s}}/a',
    '//{{host:other-http}}{{s}}/a',
  ]
  const pages = ['app-http', 'app-https']
  const upload: Step = { api: 'xhr', method: 'POST', uploadListeners: true, body: { type: 'text' } }
  const starts: readonly Step[] = [
    { api: 'eventsource' },
    { api: 'eventsource', withCredentials: true },
    upload,
  ]
  return starts.flatMap((start) => [
    ...direct.flatMap((urlTemplate) =>
      pages.map(
        (origin): Probe => ({
          asks: `${start.api} ${origin} goes to ${urlTemplate}`,
          page: { origin, context: 'window' },
          steps: [{ ...start, urlTemplate }],
        }),
      ),
    ),
    ...locations.flatMap((location) =>
      ['app-http', 'api-http'].flatMap((target) =>
        [302, 307].map(
          (status): Probe => ({
            asks: `${start.api} ${target} ${status} to ${location}`,
            steps: [{ ...start, target }],
            rules: [
              preflight([...credentialed, ...allowed]),
              { when: { path: '/a' }, status, headers: [...credentialed, ['Location', location]], body: '' },
              actual(),
            ],
          }),
        ),
      ),
    ),
    ...['app-https', 'api-https'].map(
      (target): Probe => ({
        asks: `${start.api} ${target} to mixed content`,
        page: { origin: 'app-https', context: 'window' },
        steps: [{ ...start, target }],
        rules: [
          preflight([...credentialed, ...allowed]),
          {
            when: { path: '/a' },
            status: 307,
            headers: [...credentialed, ['Location', '{{api-http}}{{s}}/b']],
            body: '',
          },
          actual(),
        ],
      }),
    ),
    ...[300, 301, 304, 308].map(
      (status): Probe => ({
        asks: `${start.api} ${status} without Location`,
        steps: [start],
        rules: [preflight([...credentialed, ...allowed]), actual(credentialed, status)],
      }),
    ),
  ])
}

/** Media types of `data:` URLs with several parameters, and white space before they are parsed. */
function dataUrlDetails(): Probe[] {
  return (['fetch', 'xhr'] as const).flatMap((api) =>
    detailedDataUrls.map(
      (url): Probe => ({ asks: `${api} detail ${url}`, steps: [{ api, urlTemplate: url }] }),
    ),
  )
}

/** All of them, as scenarios. */
export function probes(): Scenario[] {
  const all = [
    repeatedRequestHeaders(),
    safelistedValues(),
    responseValues(),
    preflightCache(),
    redirectChains(),
    mixedContent(),
    xhrBodies(),
    redirectModes(),
    redirectedBodies(),
    eventStreams(),
    opaqueOrigins(),
    specialUrls(),
    givenHeaders(),
    dataUrls(),
    deadEnds(),
    dataUrlDetails(),
  ].flat()
  return all.map(({ asks, page, steps, rules }, index) => ({
    id: `probe-${String(index).padStart(4, '0')}-${asks
      .replace(/[^A-Za-z0-9]+/g, '-')
      .slice(0, 100)
      .replace(/^-|-$/g, '')}`,
    family: 'probe',
    page: page ?? { origin: 'app-http', context: 'window' },
    steps: steps.map((step) => ({ request: { api: 'fetch', target: 'api-http', path: '/a', ...step } })),
    server: { rules: rules ?? [preflight([...credentialed, ...allowed]), actual()] },
  }))
}
