/** A secret in any place that an input has is in nothing that is shown. */
import 'expect-cors/vitest'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import {
  endpoint,
  evaluateCors,
  explainCors,
  observed,
  openPage,
  type Profile,
  profiles,
  renderExplanation,
} from 'expect-cors'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { run } from '../../src/cli/run-command.js'
import { runs } from '../slice.js'

vi.setConfig({ testTimeout: 60_000 })

const APP = 'https://app.example.com'
const API = 'https://api.example.com'
const SECRET = 'S3CRETx9'

/** A URL, or what was meant to be one, with a secret in it. */
const secretUrls = [
  `${API}/a?token=${SECRET}`,
  `${API}/a?page=1&api_key=${SECRET}&b=2`,
  `${API}/a#access_token=${SECRET}&state=1`,
  `${API}/a;token=${SECRET}/b`,
  `${API}/a?%74oken=${SECRET}`,
  `${API}/a?to%256ben=${SECRET}`,
  `${API}/%7B%22access_token%22:%22${SECRET}%22%7D`,
  `${API}/a?password=${SECRET}`,
  `${API}/a?X-Amz-Signature=${SECRET}`,
  `${API}/a?sv=1&sig=${SECRET}`,
  `${API}/a?pwd=${SECRET}`,
  `${API}/reset/eyJhbGciOiJIUzI1NiJ9.${SECRET}.${SECRET}`,
  `${API}/a?next=eyJhbGciOiJub25lIn0.${SECRET}.`,
  `${API}/a?next=https%3A%2F%2Fb.example%2F%3Ftoken%3D${SECRET}`,
  `${API}/a?next=https%3A%2F%2Fu%3A${SECRET}%40b.example%2F`,
  `${API}/a?h=Bearer%20${SECRET}`,
  `${API}/a?a=1;secret=${SECRET}`,
  `${API}/a?token=a,${SECRET}`,
  `${API}/a?token=a'${SECRET}`,
  `https://user:${SECRET}@api.example.com/a`,
  `https://${SECRET}@api.example.com/a`,
  `https:user:${SECRET}@api.example.com/a`,
  `https:/user:${SECRET}@api.example.com/a`,
  `\\\\user:${SECRET}@api.example.com/a`,
  `//user:${SECRET}@api.example.com/a`,
  `https://user:${SECRET}@api.example.com:99999/a`,
  `https://user:p/${SECRET}@api.example.com/a`,
  `https://user:p#${SECRET}@api.example.com/a`,
  `https://user:${SECRET}@[`,
  `https://us er:${SECRET}@api example.com/a`,
  `ftp://user:${SECRET}@api.example.com/a?token=${SECRET}`,
  `user:${SECRET}@api.example.com`,
  `/a?token=${SECRET}`,
  `/a;token=${SECRET}`,
  `/../../a?token=${SECRET}`,
  `?token=${SECRET}`,
  `#access_token=${SECRET}`,
]

/** Header lines of which the value is a secret, or holds one. */
const secretLines: [string, string][] = [
  ['Authorization', `Bearer ${SECRET}`],
  ['Authorization', SECRET],
  ['authorization', `Digest username="u", response="${SECRET}"`],
  ['X-Api-Key', SECRET],
  ['X-Csrf-Token', `a, ${SECRET}`],
  ['X-Secret', `a"b ${SECRET}`],
  ['X-Url', `https://u:${SECRET}@h/`],
  ['X-Json', `{"access_token":"${SECRET}"}`],
  ['X-Upstream', `Authorization: Bearer ${SECRET}`],
  ['X-Form', `a=1&client_secret=${SECRET}`],
]

const receivedLines: [string, string][] = [
  ...secretLines,
  ['Set-Cookie', `sid=${SECRET}; Path=/`],
  ['Link', `</a?token=${SECRET}>; rel=next`],
  ['Refresh', `0; url=/a?token=${SECRET}`],
  ['Access-Control-Allow-Origin', `https://u:${SECRET}@app.example.com`],
  ['Access-Control-Allow-Origin', `${APP}?token=${SECRET}`],
  ['Access-Control-Allow-Methods', `GET, token=${SECRET}`],
  ['Access-Control-Allow-Headers', `x-a, Authorization: Bearer ${SECRET}`],
  ['Access-Control-Max-Age', `token=${SECRET}`],
  ['Vary', `https://u:${SECRET}@h/`],
]

const errors = [
  new Error(`Invalid header value: Bearer ${SECRET}`),
  new Error(`connect to https://u:${SECRET}@db.example/ failed`),
  new Error(`{"token":"${SECRET}"}`),
  new Error('outer', { cause: new Error(`Authorization: Bearer ${SECRET}`) }),
  Object.assign(new Error('request failed'), { config: `https://h/?token=${SECRET}` }),
  `GET /a?token=${SECRET}`,
]

/** Everything that a run shows: what it throws, its causes included, and what it returns. */
async function said(act: () => unknown): Promise<string> {
  try {
    const result = await act()
    return typeof result === 'string' ? result : ''
  } catch (error) {
    expect((error as Error).message).not.toMatch(/Invalid Chai property/)
    let text = inspect(error, { depth: 6 })
    for (
      let each = error as Error | undefined;
      each instanceof Error;
      each = each.cause as Error | undefined
    ) {
      text += `\n${each.message}\n${each.stack}\n${JSON.stringify(each)}`
    }
    return text
  }
}

const answering = (headers: [string, string][], status = 200) => ({
  fetch: async () =>
    new Response(null, { status, headers: headers.filter(([, value]) => !/[^\x20-\x7e]/.test(value)) }),
})

// biome-ignore lint/suspicious/noExplicitAny: arguments of any kind are tried
const cors = (subject: unknown): any => expect(subject)

const wanted = { origin: APP, method: 'PUT' }
type Act = () => unknown

/** The matchers on an endpoint, in both forms. */
function asserting(subject: unknown, more: object = {}): Act[] {
  const given = () => cors(subject)
  return [
    () => given().toAllowOrigin(APP, more),
    () => given().not.toAllowOrigin(APP, more),
    () => given().toAllowPreflight({ ...wanted, ...more }),
    () => given().toAllowCorsRequest({ ...wanted, ...more }),
    () => given().toBlockCorsRequest({ ...wanted, ...more }),
    () => given().toAllowMethod('PUT', { origin: APP, ...more }),
    () => given().toExposeHeader('x-b', { origin: APP, ...more }),
    () => given().toVaryOnOrigin({ origin: APP, ...more }),
    () => given().toKeepOriginsApartInCaches({ origin: APP, ...more }),
  ]
}

function judging(request: object, response: [string, string][], status = 200): Act[] {
  return (Object.keys(profiles) as Profile[]).map((engine) => () => {
    const head = { status, headers: response }
    const base = { origin: APP, url: `${API}/`, ...request }
    const verdicts = [
      evaluateCors({ request: base, response: head, engine }),
      evaluateCors({ request: { ...base, method: 'PUT' }, preflight: head, engine }),
      evaluateCors({
        request: base,
        preflight: { status: 204, headers: { 'Access-Control-Allow-Origin': APP } },
        response: head,
        engine,
      }),
    ]
    return verdicts
      .map((verdict) => {
        const words = explainCors(verdict)
        return [
          words.summary,
          words.explanation,
          words.consoleMessage,
          renderExplanation(words),
          renderExplanation(words, { format: 'markdown' }),
        ].join('\n')
      })
      .join('\n')
  })
}

function browsing(url: string, init: object = {}, app: unknown = answering([])): Act[] {
  return (['chromium', 'firefox', 'webkit'] as const).flatMap((engine) => {
    const open = () => openPage(APP, { engine, servers: { [API]: app as never } })
    return [
      () => open().fetch(url, init),
      async () => explainCors(await open().inspect(url, init)).explanation,
      () => {
        const xhr = new (open().XMLHttpRequest)()
        xhr.open('GET', url)
      },
      () => void new (open().EventSource)(url).close(),
    ]
  })
}

let served = ''
const server = createServer((request, response) => {
  const location = request.url === '/moved' ? { Location: `/a?token=${SECRET}` } : {}
  response
    .writeHead(request.url === '/moved' ? 302 : 200, { ...location, 'Set-Cookie': `sid=${SECRET}` })
    .end()
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  served = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

/** The command, its output and its errors. */
const command = (...args: string[]): Act[] =>
  [[], ['--json']].map((more) => async () => {
    let text = ''
    const write = (part: string): void => {
      text += part
    }
    await run(['explain', ...args, '--origin', APP, '--timeout', '3000', ...more], {
      out: write,
      error: write,
      color: false,
      input: async () => null,
    })
    return text
  })

const url = fc.constantFrom(...secretUrls)
const line = fc.constantFrom(...secretLines)
const received = fc.constantFrom(...receivedLines)
const head = (lines: [string, string][]) => ({ status: 200, headers: lines })

/** Each place, and what shows it. */
const places: Record<string, fc.Arbitrary<Act[]>> = {
  'the URL of a subject': url
    .filter((each) => !/^https?:/.test(each) || !URL.canParse(each))
    .map((each) => asserting(each)),
  'the URL of a request': url.map((each) => judging({ url: each }, [])),
  'the URL of a page': url.map((each) => [() => openPage(each) && '']),
  'the name of a server': url.map((each) => [
    () => openPage(APP, { servers: { [each]: answering([]) } }) && '',
    () => openPage(APP, { servers: { [API]: each } }) && '',
  ]),
  'a path': url.map((path) => asserting(answering([]), { path })),
  'a path, and a redirect': url.map((path) => asserting(answering([['Location', '/b']], 302), { path })),
  baseUrl: url.map((baseUrl) => asserting(answering([]), { baseUrl })),
  'an origin': url.map((origin) => [
    ...asserting(answering([]), { origin }),
    ...judging({ origin }, []),
    () => observed(head([]), { origin }) && '',
    () => cors(observed(head([]), { origin: APP })).toAllowOrigin(origin),
  ]),
  'a method': url.map((method) => [
    ...asserting(answering([]), { method }),
    ...judging({ method }, []),
    ...browsing(`${API}/`, { method }),
  ]),
  'an option of a name or value nobody knows': url.map((each) => [
    ...asserting(answering([]), { credentials: each }),
    ...asserting(answering([]), { timeout: each }),
    ...asserting(answering([]), { engines: [each] }),
    ...asserting(answering([]), { [each]: 1 }),
    () => openPage({ url: APP, context: each as never }) && '',
  ]),
  headers: line.map((header) => [
    ...asserting(answering([]), { headers: [header] }),
    ...judging({ headers: [header] }, []),
    ...judging({ headers: [[header[0], `${header[1]}\n`]] }, []),
    ...judging({ headers: [[header[0], `${header[1]}\u0100`]] }, []),
    ...browsing(`${API}/`, { headers: [header] }),
    ...browsing(`${API}/`, { headers: [[header[0], `a\u0100${header[1]}`]] }),
  ]),
  'headers that are none': line.map(([name, value]) => {
    const forms = [
      `${name}: ${value}`,
      [`${name}: ${value}`],
      [[name, value, 'x']],
      [[`${name}: ${value}`, 'a']],
      { [`${name}: ${value}`]: '' },
    ]
    return forms.flatMap((headers) => [...asserting(answering([]), { headers }), ...judging({ headers }, [])])
  }),
  extraHeaders: line.map((header) => {
    const [name, value] = header
    const forms = [
      [header],
      { [name]: value },
      { 'X-Gate': SECRET },
      `${name}: ${value}`,
      [`${name}: ${value}`],
      [[name, value, 'x']],
      [['X-Gate', SECRET, 'x']],
      { [name]: `${value}\n` },
      { 'X-Gate': `${SECRET}\u0100` },
    ]
    return forms.flatMap((extraHeaders) => [
      ...asserting(answering([]), { extraHeaders }),
      () => endpoint(answering([]), { extraHeaders } as never) && '',
    ])
  }),
  'response headers': received.map((header) => [
    ...judging({}, [header]),
    ...judging({ credentials: 'include', headers: { 'x-a': '1' } }, [header, ['X-B', 'c']]),
    ...asserting(answering([header])),
    ...browsing(`${API}/`, {}, answering([header])),
    () => cors(head([header])).toAllowOrigin(APP),
    () => cors(head([header])).toVaryOnOrigin(),
    () => cors(head([header])).toAllowMethod('PUT', { origin: APP }),
    () => cors(head([header])).toCachePreflightFor(60),
  ]),
  Location: url.map((Location) => [
    ...judging({}, [['Location', Location]], 302),
    ...judging(
      { redirect: 'error' },
      [
        ['Access-Control-Allow-Origin', APP],
        ['Location', Location],
      ],
      302,
    ),
    ...judging(
      {},
      [
        ['Access-Control-Allow-Origin', APP],
        ['Location', Location],
      ],
      302,
    ),
    ...asserting(
      answering(
        [
          ['Access-Control-Allow-Origin', '*'],
          ['Location', Location],
        ],
        302,
      ),
    ),
    ...browsing(
      `${API}/`,
      {},
      answering(
        [
          ['Access-Control-Allow-Origin', '*'],
          ['Location', Location],
        ],
        302,
      ),
    ),
  ]),
  'a URL that a page asks for': url.map((each) => browsing(each)),
  'the error of a handler': fc.constantFrom(...errors).map((error) => {
    const throwing = {
      fetch: async () => {
        throw error
      },
    }
    return [...asserting(throwing), ...browsing(`${API}/`, {}, throwing)]
  }),
  'the command’s URL': fc.oneof(
    url.filter((each) => !/^https?:/.test(each) || !URL.canParse(each)).map((each) => command(each)),
    url.map((each) => command(`${served}/${each.slice(each.indexOf('/a') + 1)}`)),
    fc.constant('moved').map((each) => command(`${served}/${each}`)),
    url.map((each) => command(`${served}/`, '--origin', each)),
    url.map((each) => command(`${served}/`, each)),
  ),
  'the command’s options': line.map((header) => {
    const text = `${header[0]}: ${header[1]}`
    return [
      ...command(`${served}/`, '--header', text),
      ...command(`${served}/`, '--header', `${text}\n`),
      ...command(`${served}/`, '--extra-header', text),
      ...command(`${served}/`, '--extra-header', `X-Gate: ${SECRET}`),
      ...command(`${served}/`, '--header', ...text.split(' ')),
      ...command(`${served}/`, `--header=${text}`, '--method', text),
      ...command(`${served}/`, `--${text}`),
      ...command(text, '--header', text),
      ...command(`${served}/`, '--engine', text),
      ...command(`${served}/`, '--server', text, '--credentials', text),
    ]
  }),
}

test.each(Object.entries(places))('%s', async (name, place) => {
  const shown = await fc.check(
    fc.asyncProperty(place, async (acts) => {
      for (const act of acts) {
        const text = await said(act)
        const at = text.indexOf(SECRET)
        if (at >= 0)
          throw new Error(
            `${act.toString().slice(0, 80)} shows ${text.slice(Math.max(0, at - 200), at + 40)}`,
          )
      }
    }),
    // A run of the command takes a request over the network.
    { ...runs(name.startsWith('the command') ? 8 : 40, 4), endOnFailure: true },
  )
  expect(shown.failed ? String(shown.errorInstance) : '').toBe('')
})
