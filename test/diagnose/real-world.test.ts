/** The fifteen failures that people meet most, each on a real server: the first sentence of the message names the true cause. */
import 'expect-cors/vitest'
import { createServer, request as forward, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import cors from 'cors'
import { endpoint } from 'expect-cors'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import Koa from 'koa'
import { describe, expect, onTestFinished, test } from 'vitest'

const APP = 'https://app.example.com'
const EVIL = 'https://evil.example'
const json = { 'Content-Type': 'application/json' }
const put = { origin: APP, path: '/orders', method: 'PUT', headers: json, body: '{}' } as const

/** The URL of an app that listens, until the test ends. */
async function listening(app: RequestListener): Promise<string> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What the message says first, after the runner's line: its first sentence. */
async function firstSentence(assertion: PromiseLike<void>): Promise<string> {
  const message = await Promise.resolve(assertion).then(
    () => {
      throw new Error('the assertion holds')
    },
    (error: Error) => error.message,
  )
  return (message.split('\n')[0] ?? '').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
}

describe('1. the answer itself has no Access-Control-Allow-Origin', () => {
  test('the route is outside of the middleware', async () => {
    const app = express()
    app.get('/health', (_request, response) => void response.json({}))
    app.use(cors({ origin: APP }))
    app.get('/orders', (_request, response) => void response.json([]))
    const url = await listening(app)
    await expect(url).toAllowOrigin(APP, { path: '/orders' })
    expect(await firstSentence(expect(url).toAllowOrigin(APP, { path: '/health' }))).toMatchInlineSnapshot(
      `"The response to GET http://127.0.0.1/health (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; preflights for this URL are allowed, so the CORS rules know this origin, but they do not run for the response itself."`,
    )
  })

  test('the origin is not on the list', async () => {
    const app = express()
    app.use(cors({ origin: ['https://admin.example.com'] }))
    app.get('/orders', (_request, response) => void response.json([]))
    const url = await listening(app)
    expect(await firstSentence(expect(url).toAllowOrigin(APP, { path: '/orders' }))).toMatchInlineSnapshot(
      `"The response to GET http://127.0.0.1/orders (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; \`Vary: Origin\` shows that the CORS rules ran, so \`https://app.example.com\` is not on the server's list, or a proxy in between drops \`Origin\` or this header."`,
    )
  })
})

test('2. authentication runs before CORS, and the preflight is answered 401', async () => {
  const app = express()
  app.use((request, response, next) => {
    if (request.get('Authorization') === undefined) response.sendStatus(401)
    else next()
  })
  app.use(cors({ origin: APP }))
  app.put('/orders', (_request, response) => void response.json({}))
  const url = await listening(app)
  const wanted = { ...put, headers: { ...json, Authorization: 'Bearer abc' } }
  expect(await firstSentence(expect(url).toAllowCorsRequest(wanted))).toMatchInlineSnapshot(
    `"The preflight response (status 401) has no Access-Control-Allow-Origin header, so the browser does not send PUT http://127.0.0.1/orders for https://app.example.com; either authentication runs before CORS, and preflights never carry credentials, or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
  )
})

test('2. the same with right headers on the 401', async () => {
  const app = new Hono()
  app.use('*', async (c, next) => {
    c.header('Access-Control-Allow-Origin', APP)
    if (c.req.header('Authorization') === undefined) return c.text('no', 401)
    return next()
  })
  expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
    `"PUT /orders from https://app.example.com: the preflight (OPTIONS https://api.expect-cors.test/orders) gets status 401, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but authentication still refuses OPTIONS, and preflights never carry credentials."`,
  )
})

describe('3. error answers have no CORS headers', () => {
  test('a 500', async () => {
    const app = Fastify()
    app.get('/orders', async (_request, reply) => {
      reply.header('Access-Control-Allow-Origin', APP)
      return []
    })
    app.get('/fails', async () => {
      throw new Error('fails')
    })
    expect(await firstSentence(expect(app).toAllowOrigin(APP, { path: '/fails' }))).toMatchInlineSnapshot(
      `"The response to GET https://api.expect-cors.test/fails (status 500) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either no CORS rules ran for this 500 (they leave out error responses or this path, or there are none), or the CORS rules throw because \`https://app.example.com\` is not on the server's list."`,
    )
  })

  test('a 401', async () => {
    const app = new Koa()
    app.use((ctx) => {
      ctx.status = 401
    })
    expect(await firstSentence(expect(app).toAllowOrigin(APP, { path: '/orders' }))).toMatchInlineSnapshot(
      `"The response to GET https://api.expect-cors.test/orders (status 401) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either no CORS rules ran for this 401 (authentication runs before them, or they leave out errors or this path), or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
    )
  })

  test('a 404', async () => {
    const app = express()
    app.get('/orders', cors(), (_request, response) => void response.json([]))
    expect(await firstSentence(expect(app).toAllowOrigin(APP, { path: '/order' }))).toMatchInlineSnapshot(
      `"The response to GET https://api.expect-cors.test/order (status 404) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either no CORS rules ran for this 404 (they leave out error responses or this path, or there are none), or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
    )
  })
})

test('4. the wildcard with credentials', async () => {
  const app = express()
  app.use(cors({ credentials: true }))
  app.get('/orders', (_request, response) => void response.json([]))
  const url = await listening(app)
  expect(
    await firstSentence(expect(url).toAllowCredentialedOrigin(APP, { path: '/orders' })),
  ).toMatchInlineSnapshot(
    `"The response to GET http://127.0.0.1/orders (status 200) has \`Access-Control-Allow-Origin: *\`, which does not count for a request with credentials (\`credentials: 'include'\`): the server has to name the origin, \`https://app.example.com\`."`,
  )
})

test('5. a request header is not allowed', async () => {
  const app = new Hono()
  app.use('*', honoCors({ origin: APP, allowMethods: ['PUT'], allowHeaders: ['content-type'] }))
  app.put('/orders', (c) => c.json({}))
  const wanted = { ...put, headers: { ...json, 'X-CSRF-Token': 'abc' } }
  expect(await firstSentence(expect(app).toAllowCorsRequest(wanted))).toMatchInlineSnapshot(
    `"PUT /orders from https://app.example.com: the preflight response does not allow the request header \`x-csrf-token\`: Access-Control-Allow-Headers is \`content-type\`, which does not list it; a browser asks for it because \`x-csrf-token\` is not one of the headers a page may send without a preflight."`,
  )
})

test('6. proxy and app both add the header', async () => {
  const app = express()
  app.use(cors({ origin: APP }))
  app.get('/orders', (_request, response) => void response.json([]))
  const inner = await listening(app)
  const proxy = await listening((request, response) => {
    const { method, headers, url } = request
    const sent = forward(`${inner}${url}`, { method, headers }, (answer: IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 502, [...answer.rawHeaders, 'Access-Control-Allow-Origin', '*'])
      answer.pipe(response)
    })
    request.pipe(sent)
  })
  expect(await firstSentence(expect(proxy).toAllowOrigin(APP, { path: '/orders' }))).toMatchInlineSnapshot(
    `"The response to GET http://127.0.0.1/orders (status 200) has Access-Control-Allow-Origin on two lines (\`https://app.example.com\` and \`*\`), and only one is allowed: two layers, such as a proxy and the app behind it, probably both add it."`,
  )
})

describe('7. nothing responds to OPTIONS', () => {
  test('404', async () => {
    const app = Fastify()
    app.put('/orders', async () => ({}))
    expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"The preflight response (status 404) has no Access-Control-Allow-Origin header, so the browser does not send PUT https://api.expect-cors.test/orders for https://app.example.com; either the server has no route for OPTIONS at this path and no CORS rules that run before its routes, or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
    )
  })

  test('404 with right headers', async () => {
    const app = new Hono()
    app.use('*', async (c, next) => {
      await next()
      c.header('Access-Control-Allow-Origin', APP)
    })
    app.put('/orders', (c) => c.json({}))
    expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"PUT /orders from https://app.example.com: the preflight (OPTIONS https://api.expect-cors.test/orders) gets status 404, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but OPTIONS goes on to the routes, none of which handles it at this path; the CORS rules should respond to preflights themselves."`,
    )
  })

  test('405', async () => {
    const url = await listening((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', APP)
      response.writeHead(request.method === 'PUT' ? 200 : 405).end()
    })
    expect(await firstSentence(expect(url).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"PUT /orders from https://app.example.com: the preflight (OPTIONS http://127.0.0.1/orders) gets status 405, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but OPTIONS goes on to the routes, none of which handles it at this path; the CORS rules should respond to preflights themselves."`,
    )
  })
})

describe('8. redirects', () => {
  test('the preflight is moved to a trailing slash', async () => {
    const app = express()
    app.use((request, response, next) => {
      if (request.path === '/orders') response.redirect(308, '/orders/')
      else next()
    })
    app.use(cors({ origin: APP }))
    expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"PUT /orders from https://app.example.com: the preflight (OPTIONS https://api.expect-cors.test/orders) is redirected to https://api.expect-cors.test/orders/ (status 308), and a browser never follows a redirect of a preflight; the server adds a trailing slash: have the page ask for the URL with it, or serve both."`,
    )
  })

  test('the preflight is sent to a login', async () => {
    const app = new Koa()
    app.use((ctx) => ctx.redirect('/login?next=/orders'))
    expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"PUT /orders from https://app.example.com: the preflight (OPTIONS https://api.expect-cors.test/orders) is redirected to https://api.expect-cors.test/login?next=/orders (status 302), and a browser never follows a redirect of a preflight; it leads to a login, so authentication runs before CORS, and preflights never carry credentials."`,
    )
  })

  test('a redirect without the headers', async () => {
    const app = express()
    app.get('/orders', (_request, response) => response.redirect('/orders/'))
    app.use(cors({ origin: APP }))
    expect(
      await firstSentence(expect(app).toAllowCorsRequest({ origin: APP, path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders from https://app.example.com: the redirect (status 302) in response to GET https://api.expect-cors.test/orders has no Access-Control-Allow-Origin header, so the browser does not follow it: every redirect of a cross-origin request has to pass the CORS check itself; the server redirects before its CORS rules run, or they leave out this path (the server adds a trailing slash: have the page ask for the URL with it, or serve both)."`,
    )
  })

  test('a redirect to another server makes the origin null', async () => {
    const other = express()
    other.use(cors({ origin: [APP] }))
    other.get('/orders', (_request, response) => void response.json([]))
    const there = await listening(other)
    const app = express()
    app.use(cors({ origin: APP }))
    app.get('/orders', (_request, response) => response.redirect(`${there}/orders`))
    const url = await listening(app)
    expect(
      await firstSentence(expect(url).toAllowCorsRequest({ origin: APP, path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders: the response to GET http://127.0.0.1/orders, where a redirect led, (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; the browser sends \`Origin: null\` because the request was redirected from one foreign origin to another, and the server does not allow that: have the page ask for the final URL at once."`,
    )
  })
})

test.each([
  ['a slash', `${APP}/`],
  ['the scheme', 'http://app.example.com'],
  ['a port', `${APP}:8443`],
  ['a path', `${APP}/orders`],
  ['null', 'null'],
  ['no scheme', 'app.example.com'],
])('9. the origin differs: %s', async (_what, allowed) => {
  const app = express()
  app.use(cors({ origin: allowed }))
  expect(await firstSentence(expect(app).toAllowOrigin(APP))).toMatchSnapshot()
})

describe('10. Vary: Origin is missing', () => {
  const app = express()
  app.use((request, response, next) => {
    const origin = request.get('Origin')
    if (origin === APP || origin === 'https://admin.example.com')
      response.set('Access-Control-Allow-Origin', origin)
    next()
  })
  app.get('/orders', (_request, response) => void response.json([]))

  test('is said', async () => {
    expect(
      await firstSentence(expect(app).toVaryOnOrigin({ origin: APP, path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders: the response to a request with Origin: https://app.example.com has no Vary header: a cache may give one origin's response to another."`,
    )
  })

  test('and a cache gives one origin the answer of another', async () => {
    const inner = await listening(app)
    const kept = new Map<string, [number, string[]]>()
    const cache = await listening((request, response) => {
      const known = kept.get(request.url ?? '')
      if (known !== undefined) return void response.writeHead(...known).end('[]')
      forward(`${inner}${request.url}`, { headers: request.headers }, (answer) => {
        const head: [number, string[]] = [answer.statusCode ?? 502, answer.rawHeaders]
        kept.set(request.url ?? '', head)
        response.writeHead(...head)
        answer.pipe(response)
      }).end()
    })
    await expect(cache).toAllowOrigin('https://admin.example.com', { path: '/orders' })
    expect(await firstSentence(expect(cache).toAllowOrigin(APP, { path: '/orders' }))).toMatchInlineSnapshot(
      `"The response to GET http://127.0.0.1/orders (status 200) has \`Access-Control-Allow-Origin: https://admin.example.com\`, but the origin that asked is \`https://app.example.com\`; the same request is allowed where no cache has a response yet, so a cache kept the response to another one."`,
    )
  })
})

describe('11. a response header cannot be read', () => {
  test('it is not exposed', async () => {
    const app = express()
    app.use(cors({ origin: APP }))
    app.get('/orders', (_request, response) => void response.set('X-Total-Count', '2').json([]))
    expect(
      await firstSentence(expect(app).toExposeHeader('X-Total-Count', { origin: APP, path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders from https://app.example.com: X-Total-Count is there, but no script can read it: there is no Access-Control-Expose-Headers, without which only Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified and Pragma are readable."`,
    )
  })

  test('the list is misspelt', async () => {
    const app = new Hono()
    app.get('/orders', (c) =>
      c.json([], 200, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Header': 'X-Total-Count',
        'X-Total-Count': '2',
      }),
    )
    expect(
      await firstSentence(expect(app).toExposeHeader('X-Total-Count', { origin: APP, path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders from https://app.example.com: X-Total-Count is there, but no script can read it: access-control-expose-header is misspelt, the header is called Access-Control-Expose-Headers."`,
    )
  })

  test('it is a wildcard, and there are credentials', async () => {
    const app = express()
    app.use(cors({ origin: APP, credentials: true, exposedHeaders: '*' }))
    app.get('/orders', (_request, response) => void response.set('X-Total-Count', '2').json([]))
    expect(
      await firstSentence(
        expect(app).toExposeHeader('X-Total-Count', { origin: APP, path: '/orders', credentials: 'include' }),
      ),
    ).toMatchInlineSnapshot(
      `"GET /orders from https://app.example.com: X-Total-Count is there, but no script can read it: with credentials, \`*\` in Access-Control-Expose-Headers is not a wildcard."`,
    )
  })
})

describe('12. the method is not allowed', () => {
  test('not listed', async () => {
    const app = express()
    app.use(cors({ origin: APP, methods: ['GET', 'POST'] }))
    expect(await firstSentence(expect(app).toAllowCorsRequest(put))).toMatchInlineSnapshot(
      `"PUT /orders from https://app.example.com: the preflight response does not allow \`PUT\`: Access-Control-Allow-Methods is \`GET,POST\`, which does not list it."`,
    )
  })

  test('in lower case', async () => {
    const app = express()
    app.use(cors({ origin: APP }))
    const wanted = { origin: APP, path: '/orders', method: 'patch' }
    expect(await firstSentence(expect(app).toAllowCorsRequest(wanted))).toMatchInlineSnapshot(
      `"patch /orders from https://app.example.com: the preflight response does not allow \`patch\`: Access-Control-Allow-Methods is \`GET,HEAD,PUT,PATCH,POST,DELETE\`, and browsers compare methods byte for byte, upper and lower case included; browsers send \`patch\` just as the page wrote it (only DELETE, GET, HEAD, OPTIONS, POST and PUT are put in upper case), so have the page write \`PATCH\`."`,
    )
  })
})

test('13. `*` in Access-Control-Allow-Headers does not cover Authorization, by the standard', async () => {
  const app = express()
  app.use(cors({ origin: APP, allowedHeaders: '*' }))
  app.get('/orders', (_request, response) => void response.json([]))
  const wanted = { origin: APP, path: '/orders', headers: { Authorization: 'Bearer abc' } }
  await expect(app).toAllowCorsRequest(wanted)
  expect(
    await firstSentence(expect(endpoint(app, { engines: ['standard'] })).toAllowCorsRequest(wanted)),
  ).toMatchInlineSnapshot(
    `"GET /orders from https://app.example.com: the preflight response does not allow the request header \`authorization\`: Access-Control-Allow-Headers is \`*\`, and \`*\` does not cover \`Authorization\`, which always has to be listed by name."`,
  )
})

test.each([
  ['absent', undefined],
  ['TRUE', 'TRUE'],
  ['1', '1'],
  ['true, true', 'true, true'],
])('14. Access-Control-Allow-Credentials is %s', async (_what, value) => {
  const app = express()
  app.use(cors({ origin: APP }), (_request, response) => {
    if (value !== undefined) response.set('Access-Control-Allow-Credentials', value)
    response.json([])
  })
  expect(await firstSentence(expect(app).toAllowCredentialedOrigin(APP))).toMatchSnapshot()
})

describe('15. every origin is let in', () => {
  test('with credentials, by reflection', async () => {
    const app = express()
    app.use(cors({ origin: true, credentials: true }))
    app.get('/orders', (_request, response) => void response.json([]))
    expect(
      await firstSentence(expect(app).not.toAllowCredentialedOrigin(EVIL, { path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders: a page at https://evil.example may read this response with credentials: Access-Control-Allow-Origin is 'https://evil.example', and an unknown origin is allowed as well, so the server repeats whatever origin asks."`,
    )
  })

  test('by a pattern that is not anchored', async () => {
    const app = express()
    app.use(cors({ origin: /app\.example\.com/ }))
    app.get('/orders', (_request, response) => void response.json([]))
    expect(
      await firstSentence(
        expect(app).not.toAllowOrigin('https://app.example.com.evil.example', { path: '/orders' }),
      ),
    ).toMatchInlineSnapshot(
      `"GET /orders: a page at https://app.example.com.evil.example may read this response: Access-Control-Allow-Origin is 'https://app.example.com.evil.example', and an unknown origin is not allowed, so this one is on the server's list, or matches a pattern there."`,
    )
  })

  test('by the wildcard', async () => {
    const app = express()
    app.use(cors())
    app.get('/orders', (_request, response) => void response.json([]))
    expect(
      await firstSentence(expect(app).not.toAllowOrigin(EVIL, { path: '/orders' })),
    ).toMatchInlineSnapshot(
      `"GET /orders: a page at https://evil.example may read this response: Access-Control-Allow-Origin is '*', which lets every page in."`,
    )
  })
})
