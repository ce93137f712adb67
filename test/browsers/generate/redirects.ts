/** The family with most to it: chains of redirects between origins. */
import type { Rule } from '../scenario.js'
import {
  actual,
  anyTarget,
  credentials,
  type Draft,
  granted,
  type Lines,
  type Page,
  type Plan,
  page,
  preflight,
  schemeOf,
  sentOrigin,
  withBody,
} from './parts.js'
import type { Random } from './random.js'

const paths = ['/a', '/b', '/c', '/d', '/e']

/** What a redirect says of the origin. */
function hopOrigin(random: Random, from: Page): Lines {
  return random.weighted<Lines>([
    [8, granted(random)],
    [1, [['Access-Control-Allow-Origin', sentOrigin(from)]]],
    [
      1,
      [
        ['Access-Control-Allow-Origin', sentOrigin(from)],
        ['Access-Control-Allow-Credentials', 'true'],
      ],
    ],
    [
      2,
      [
        ['Access-Control-Allow-Origin', 'null'],
        ['Access-Control-Allow-Credentials', 'true'],
      ],
    ],
    [
      1,
      [
        ['Access-Control-Allow-Origin', '*'],
        ['Access-Control-Allow-Credentials', 'true'],
      ],
    ],
    [1, []],
  ])
}

/** Where a redirect leads, as lines: now and then to where none should. The scheme is the redirecting URL's, if that is known. */
function locationLines(random: Random, from: Page, path: string, scheme: string | null): Lines {
  const url = () => `{{${anyTarget(random, from)}}}{{s}}${path}`
  const withUser = (user: string) =>
    `https://${user}@{{host:${random.pick(['api-https', 'app-https', 'sub-https'])}}}{{s}}${path}`
  return random
    .weighted<() => string[]>([
      [20, () => [url()]],
      [5, () => [`{{s}}${path}`]],
      [2, () => [path.slice(1)]],
      [
        1,
        () =>
          scheme === null
            ? [url()]
            : [
                `//{{host:${random.pick(scheme === 'https:' ? ['api-https', 'sub-https'] : ['api-http', 'other-http'])}}}{{s}}${path}`,
              ],
      ],
      [1, () => [`${url()}#frag`]],
      [1, () => [`${url()}?q=1`]],
      [1, () => [`  ${url()}\t`]],
      [1, () => [withUser(random.pick(['u', 'u:p', ':', 'u:']))]],
      [1, () => [random.pick(['', ' ', '#', '?', '.', 'http://', 'https://[', ':', 'http://api.test:1/'])]],
      [
        1,
        () => [
          random.pick([
            'data:,x',
            'about:blank',
            'blob:null',
            'ftp://api.test/',
            'file:///',
            'mailto:a',
            'javascript:0',
          ]),
        ],
      ],
      [1, () => [url(), url()]],
      [
        1,
        () => {
          const one = url()
          return [one, one]
        },
      ],
      [1, () => []],
    ])()
    .map((value): [string, string] => ['Location', value])
}

export function redirects(random: Random): Plan {
  const from = page(random)
  const request: Draft = {
    api: random.weighted([
      [5, 'fetch'],
      [1, 'xhr'],
    ]),
    target: anyTarget(random, from),
    path: '/a',
  }
  if (random.chance(0.6))
    request.method = random.pick(['POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'QUERY'])
  if (request.api === 'fetch') {
    Object.assign(request, credentials(random))
    if (random.chance(0.12)) request.mode = random.pick(['no-cors', 'same-origin'])
    if (random.chance(0.1)) request.redirect = random.pick(['error', 'manual'])
  } else if (random.chance(0.4)) {
    request.withCredentials = true
  }
  withBody(random, request, 0.5)
  if (random.chance(0.5)) {
    const lines: Lines = [
      ['Authorization', 'Bearer t'],
      ['X-Custom', '1'],
      ['Content-Type', 'application/json'],
      ['Content-Language', 'de'],
      ['Accept', 'text/csv'],
      ['Range', 'bytes=0-'],
    ]
    request.headers = random.sample(lines, random.int(1, 3))
  }
  const hops = random.weighted([
    [5, 1],
    [4, 2],
    [2, 3],
    [1, 4],
  ])
  const chain = paths.slice(0, hops).map(
    (path, index): Rule => ({
      when: { path },
      status: random.pick([301, 302, 303, 307, 308]),
      headers: [
        ...hopOrigin(random, from),
        ...locationLines(
          random,
          from,
          paths[index + 1] as string,
          index === 0 ? schemeOf(request.target) : null,
        ),
      ],
      body: '',
    }),
  )
  const listed: Lines = [
    ['Access-Control-Allow-Methods', random.pick(['PUT, DELETE, PATCH, POST, QUERY', '*', 'PUT'])],
    [
      'Access-Control-Allow-Headers',
      random.pick(['x-custom, authorization, content-type, range', '*', '{{acrh}}']),
    ],
  ]
  return {
    page: from,
    steps: [{ request }],
    rules: [
      preflight(random, [...hopOrigin(random, from), ...listed]),
      ...chain,
      actual(hopOrigin(random, from), random.pick([200, 200, 404]), 'end'),
    ],
  }
}
