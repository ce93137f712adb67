import cors from 'cors'
import express from 'express'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { remediesFor } from '../../src/diagnose/remedies/index.js'
import { servers } from '../../src/diagnose/remedies/known-servers.js'
import { recognizeServers } from '../../src/diagnose/remedies/recognize.js'
import type { ServerName } from '../../src/diagnose/remedies/server-names.js'
import { defaultEngines } from '../../src/engines/profiles.js'
import { evaluateCors, type ResponseHeadInput } from '../../src/verdict/evaluate-cors.js'
import { ALLOWS, API, APP, journey, type Sample } from './sample.js'

/** A request that needs everything. */
const request = {
  origin: APP,
  url: `${API}/orders`,
  method: 'PUT',
  headers: { 'Content-Type': 'application/json', Authorization: 'Bearer abc' },
  credentials: 'include',
} as const

const PREFLIGHT = {
  Origin: APP,
  'Access-Control-Request-Method': 'PUT',
  'Access-Control-Request-Headers': 'authorization,content-type',
}

function remedy(sample: Sample, server?: ServerName) {
  return remediesFor(journey(sample), { server })[0]
}

const snippetOf = (server: ServerName): string =>
  remedy({ ...request, preflight: [401, []] }, server)?.snippet ?? ''

/** Every snippet, as people get it. */
test.each(Object.keys(servers) as ServerName[])('the snippet for %s', (server) => {
  expect(
    `${remedy({ ...request, preflight: [401, []] }, server)?.title}\n\n${snippetOf(server)}\n`,
  ).toMatchSnapshot()
})

test.each(Object.keys(servers) as ServerName[])('the least snippet for %s', (server) => {
  const found = remedy({ origin: 'null', response: [200, []] }, server)
  expect(`${found?.title}\n\n${found?.snippet}\n`).toMatchSnapshot()
})

describe('snippets that run here end the block', () => {
  /** The snippet without its imports, run with the app and the package it names. */
  function run(snippet: string, values: Record<string, unknown>): void {
    const body = snippet.replace(/^import .*$/gm, '')
    new Function(...Object.keys(values), body)(...Object.values(values))
  }

  function expectAllowed(preflight: ResponseHeadInput, response: ResponseHeadInput): void {
    for (const engine of defaultEngines) {
      expect(evaluateCors({ request, preflight, response, engine })).toMatchObject({ outcome: 'allowed' })
    }
  }

  test('express', async () => {
    const app = express()
    run(snippetOf('express'), { app, cors })
    app.put('/orders', (_request, response) => void response.sendStatus(500))
    const preflight = await supertest(app).options('/orders').set(PREFLIGHT)
    const response = await supertest(app).put('/orders').set('Origin', APP)
    expect(response.status).toBe(500)
    expectAllowed(preflight, response)
  })

  test('hono', async () => {
    const app = new Hono()
    run(snippetOf('hono'), { app, cors: honoCors })
    app.put('/orders', () => {
      throw new Error('broken')
    })
    app.onError((_error, context) => context.text('broken', 500))
    const preflight = await app.request('/orders', { method: 'OPTIONS', headers: PREFLIGHT })
    const response = await app.request('/orders', { method: 'PUT', headers: { Origin: APP } })
    expect(response.status).toBe(500)
    expectAllowed(preflight, response)
  })

  test.each(['s3', 'cloudfront'] as const)('%s is JSON', (server) => {
    expect(() => JSON.parse(snippetOf(server))).not.toThrow()
  })
})

describe('what kind of mistake it is', () => {
  const title = (sample: Sample): string | undefined => remedy(sample, 'express')?.title
  const put = { method: 'PUT' } as const
  test.each<[string, Sample, string | undefined]>([
    ['the rules', { response: [200, []] }, servers.express.titles.policy],
    ['a login', { ...put, preflight: [401, []] }, servers.express.titles.auth],
    ['no route', { ...put, preflight: [404, []] }, servers.express.titles.route],
    ['rules that pass preflights on', { ...put, preflight: [404, ALLOWS] }, servers.express.titles.continued],
    ['a rate limit', { ...put, preflight: [429, []] }, servers.express.titles.before],
    ['maintenance', { ...put, preflight: [503, []] }, servers.express.titles.before],
    [
      'a redirect of the request',
      { response: [301, [['Location', '/a']]] },
      servers.express.titles.redirected,
    ],
    ['a redirect', { ...put, preflight: [301, [['Location', '/a']]] }, servers.express.titles.redirect],
    ['an error path', { response: [500, []] }, servers.express.titles.errors],
    ['two layers', { response: [200, [...ALLOWS.slice(0, 1), ...ALLOWS]] }, servers.express.titles.duplicate],
  ])('%s', (_what, sample, expected) => expect(title(sample)).toBe(expected))
})

describe('what a cache kept', () => {
  const copy: Sample = {
    response: [
      200,
      [
        ['Access-Control-Allow-Origin', 'https://other.example.com'],
        ['X-Cache', 'HIT'],
      ],
    ],
  }

  test.each<[ServerName, string]>([
    ['nginx', '$http_origin'],
    ['varnish', 'hash_data(req.http.Origin)'],
  ])('%s puts the origin into the key', (server, key) => {
    expect(remedy(copy, server)?.snippet).toContain(key)
    expect(remedy(copy, server)?.snippet).not.toContain(APP)
  })

  test('an app sends Vary, and its rules stay as they are', () => {
    expect(remedy(copy, 'express')).toEqual({
      for: 'express',
      title: expect.stringContaining('`Vary: Origin` with every response'),
    })
  })

  test('a response that no cache had is the server’s own', () => {
    const miss: Sample = {
      response: [
        200,
        [
          ['Access-Control-Allow-Origin', 'https://other.example.com'],
          ['X-Cache', 'MISS'],
        ],
      ],
    }
    expect(remedy(miss, 'express')?.title).toBe(servers.express.titles.policy)
  })
})

describe('recognizeServers', () => {
  test.each<[string, [string, string][], ServerName[]]>([
    [
      'an app behind a proxy',
      [
        ['Server', 'nginx/1.27.0'],
        ['X-Powered-By', 'Express'],
      ],
      ['express', 'nginx'],
    ],
    ['Apache', [['Server', 'Apache/2.4.71 (Debian)']], ['apache']],
    ['Tomcat', [['Server', 'Apache-Coyote/1.1']], ['tomcat']],
    [
      'PHP behind Apache',
      [
        ['server', 'Apache'],
        ['x-powered-by', 'PHP/8.2.35'],
      ],
      ['php', 'apache'],
    ],
    ['Kestrel', [['Server', 'Kestrel']], ['aspnet']],
    ['Werkzeug', [['Server', 'Werkzeug/3.0.1 Python/3.11.2']], ['flask']],
    ['uvicorn', [['server', 'uvicorn']], ['fastapi']],
    [
      'S3 behind CloudFront',
      [
        ['Server', 'AmazonS3'],
        ['X-Amz-Cf-Id', 'abc'],
      ],
      ['s3', 'cloudfront'],
    ],
    ['CloudFront', [['Via', '1.1 abc.cloudfront.net (CloudFront)']], ['cloudfront']],
    [
      'Varnish',
      [
        ['X-Varnish', '32770'],
        ['Via', '1.1 varnish (Varnish/7.1)'],
      ],
      ['varnish'],
    ],
    [
      'Fastly, which is not Varnish to its customers',
      [
        ['Via', '1.1 varnish'],
        ['X-Served-By', 'cache-fra-1'],
      ],
      [],
    ],
    ['HAProxy, where it says so', [['Via', '1.1 haproxy']], ['haproxy']],
    ['rack-cors', [['X-Rack-CORS', 'miss; no-origin']], ['rack-cors']],
    ['the S3 API of s3rver', [['x-amz-request-id', 'A1B2']], ['s3']],
    [
      'API Gateway, which is not S3',
      [
        ['x-amzn-RequestId', 'A1B2'],
        ['x-amz-apigw-id', 'x'],
      ],
      [],
    ],
    [
      'Spring',
      [
        ['Vary', 'Origin'],
        ['Vary', 'Access-Control-Request-Method'],
        ['Vary', 'Access-Control-Request-Headers'],
        ['Server', 'nginx'],
      ],
      ['spring', 'nginx'],
    ],
    ['Vite, or rs/cors, which join them', [['Vary', 'Origin, Access-Control-Request-Method']], []],
    ['nobody', [['Server', 'cloudflare']], []],
  ])('%s', (_what, lines, expected) => expect(recognizeServers(lines)).toEqual(expected))
})

describe('the page’s side', () => {
  const titles = (sample: Sample): string[] =>
    remediesFor(journey(sample)).map((found) => `${found.for}: ${found.title}`)

  test('a request that need not be preflighted', () => {
    expect(
      titles({ method: 'POST', headers: { 'Content-Type': 'application/json' }, preflight: [404, []] }),
    ).toMatchInlineSnapshot(`
      [
        "server: Have the server send these lines to this origin, and leave what it sends to others as it is. The server was not recognized: name it with \`--server\`, or with \`configure({ server })\` in tests, to see how",
        "page: Or send it without a preflight: as a form (URLSearchParams, FormData) or as text/plain, if the server accepts that",
        "proxy: Or serve the API on the page's own origin (https://app.example.com/orders → https://api.example.com): then there is no CORS",
        "page: What does not help: mode: 'no-cors' (the response stays unreadable), JSONP (runs the server's code in the page), a browser extension or --disable-web-security (helps on one machine only)",
      ]
    `)
  })
  test('a page under development', () => {
    expect(
      remediesFor(journey({ origin: 'http://localhost:5173', response: [200, []] })).map(
        (found) => found.snippet,
      ),
    ).toMatchInlineSnapshot(`
      [
        "Access-Control-Allow-Origin: http://localhost:5173
      Vary: Origin",
        "// vite.config.js; the page then asks for a path without a host
      server: { proxy: { '/orders': { target: 'https://api.example.com', changeOrigin: true } } }",
        "// webpack.config.js
      devServer: { proxy: [{ context: ['/orders'], target: 'https://api.example.com', changeOrigin: true }] }",
        undefined,
        undefined,
      ]
    `)
  })
  test('the page’s own mistake', () => {
    expect(titles({ mode: 'same-origin' })).toEqual(["page: Leave out mode: 'same-origin'"])
  })
  test('nothing to fix', () => {
    expect(titles({ response: [200, ALLOWS] })).toEqual([])
  })
  test('a login page is never opened to another origin', () => {
    const login: [string, string][] = [['Location', 'https://login.example.com/signin']]
    const found = titles({ response: [302, login] })
    expect(found[0]).toMatch(/^server: Have the server respond with 401/)
    expect(found.join()).not.toMatch(/Have the server send|Ask for the URL/)
    // Of a preflight: the rules are to run first, for the request itself carries what the login is about.
    expect(titles({ method: 'PUT', preflight: [302, login] })[0]).toMatch(/^server: Have the server send/)
  })
  test('a redirect is better not asked for at all', () => {
    const slash: [string, string][] = [['Location', '/orders/']]
    expect(titles({ method: 'PUT', preflight: [308, slash] })[0]).toBe(
      'page: Ask for the URL that the redirect leads to, at once',
    )
  })
})

describe('what a fix knows of the rules that are there', () => {
  const put = { ...request, credentials: 'same-origin' } as const
  const OTHER = 'https://admin.example.com'
  const VARY: [string, string] = ['Vary', 'Origin']
  const LISTS: [string, string][] = [
    ['Access-Control-Allow-Methods', 'GET, DELETE'],
    ['Access-Control-Allow-Headers', 'content-type, authorization'],
  ]

  test.each<[string, Sample, string[], string[]]>([
    [
      'an origin that is not listed is added to those that do not show',
      { ...put, preflight: [204, [VARY, ...LISTS.slice(1), ['Access-Control-Allow-Methods', 'PUT']]] },
      ['keep your other options', `origin: [...yourOrigins, '${APP}'],`],
      ['methods', 'allowedHeaders', 'credentials'],
    ],
    [
      'the one origin that is always named stays',
      { ...put, preflight: [204, [['Access-Control-Allow-Origin', OTHER], ...LISTS]] },
      [`origin: ['${OTHER}', '${APP}'],`],
      ['allowedHeaders'],
    ],
    [
      'a method is added to the list that shows',
      { ...put, preflight: [204, [...ALLOWS, ...LISTS]] },
      ["methods: ['GET', 'DELETE', 'PUT'],"],
      ['origin:', 'allowedHeaders', 'credentials'],
    ],
    [
      'and to one that does not',
      { ...put, preflight: [204, [...ALLOWS, ...LISTS.slice(1)]] },
      ["methods: [...yourMethods, 'PUT'],"],
      ['origin:', 'credentials'],
    ],
    [
      'a wildcard stays for all others',
      { ...put, credentials: 'include', preflight: [204, [['Access-Control-Allow-Origin', '*'], ...LISTS]] },
      [`['${APP}'].includes(origin) ? origin : '*'`, 'credentials: true'],
      [],
    ],
    [
      'two layers that both allow credentials allow them',
      {
        origin: APP,
        credentials: 'include',
        response: [200, [...ALLOWS, ['Access-Control-Allow-Credentials', 'true']]],
      },
      ['Let only cors() add the headers, as it does now'],
      ['app.use', 'origin:'],
    ],
    [
      'rules that a status hides are moved as they are',
      { ...put, preflight: [401, []] },
      ['move it above all other middleware, as it is, and add only what its options lack'],
      ['methods', 'allowedHeaders'],
    ],
  ])('%s', (_what, sample, present, absent) => {
    const found = remedy(sample, 'express')
    const printed = `${found?.title}\n${found?.snippet ?? ''}`
    for (const each of present) expect(printed).toContain(each)
    for (const each of absent) expect(printed).not.toContain(each)
  })

  /** A refusal that shows no lists: they may allow the method and the headers, or not. */
  const hidingLists: Sample = { ...request, preflight: [403, [VARY]] }
  /** What a snippet does, without what it says. */
  const codeOf = (snippet = ''): string => snippet.replace(/^\s*(#|\/\/|<!--).*$|(#|\/\/) .*$/gm, '')

  test.each(Object.keys(servers) as ServerName[])(
    'what lists that do not show may lack is written, and not only said: %s',
    (server) => {
      const code = codeOf(remedy(hidingLists, server)?.snippet)
      expect(code).toMatch(/\bput\b/i)
      // By name, whatever is asked for, or any.
      expect(code).toMatch(/authorization|request.headers|headers: :any/i)
    },
  )

  test.each<[ServerName, string[]]>([
    // The first method that is added ends the defaults.
    ['spring', ['addAllowedMethod("GET")', 'addAllowedMethod("HEAD")', 'addAllowedMethod("PUT")']],
    [
      'tomcat',
      [
        '<!-- If cors.allowed.methods is there already, keep its value and add only: PUT -->',
        '<param-value>GET,HEAD,POST,OPTIONS,PUT</param-value>',
        '<param-value>Origin,Accept,X-Requested-With,content-type,authorization</param-value>',
      ],
    ],
    ['django', ['[*globals().get("CORS_ALLOW_METHODS", default_methods), "PUT"]']],
    // An option that is left out allows whatever is asked for.
    ['koa', ["allowHeaders: [...yourHeaders, 'authorization', 'content-type'], // only if you have set it"]],
    ['fastify', ["methods: [...yourMethods, 'PUT'],\n"]],
    ['aspnet', ['.WithMethods("PUT") // not if AllowAnyMethod() is there']],
  ])('and nothing that is allowed by default is lost with it: %s', (server, present) => {
    const printed = remedy(hidingLists, server)?.snippet
    for (const each of present) expect(printed).toContain(each)
  })

  test('what another preflight of this origin is seen to allow stays', () => {
    const found = journey(hidingLists)
    const [preflight] = found.exchanges
    if (preflight === undefined) throw new Error('there is no preflight')
    const passed = {
      ...preflight,
      response: {
        ...preflight.response,
        status: 200,
        headers: [...ALLOWS, ...LISTS.slice(0, 1), ['Access-Control-Allow-Headers', 'X-Trace']],
      },
    } as typeof preflight
    const snippet = remediesFor({ ...found, related: [passed] }, { server: 'tomcat' })[0]?.snippet
    expect(snippet).toMatch(/cors\.allowed\.methods<.*\bDELETE\b.*\bPUT\b/)
    expect(snippet).toMatch(/cors\.allowed\.headers<.*\bX-Trace\b/)
  })

  test('alternatives are joined by "or", and those that no test tries say so', () => {
    const found = remediesFor(journey({ response: [200, []] }), { server: ['express', 'nginx', 's3'] })
    expect(found.slice(0, 3).map(({ title }) => title)).toEqual([
      servers.express.titles.policy,
      `Or: ${servers.nginx.titles.policy}`,
      `Or: ${servers.s3.titles.policy} (untested)`,
    ])
  })

  test.each(['nginx', 'apache', 'caddy', 'haproxy', 'varnish', 'php'] as const)(
    '%s: nothing is set for other origins',
    (server) => {
      const printed = remedy({ ...put, preflight: [204, [VARY, ...LISTS]] }, server)?.snippet ?? ''
      expect(printed).toContain('only for this origin')
      expect(printed).toMatch(/https:\/\/app\\?\.example\\?\.com/)
    },
  )
})
