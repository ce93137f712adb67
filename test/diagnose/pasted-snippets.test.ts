/** What a message advises is pasted into the app that failed: the request that failed passes then, and those that passed still do. */
import cors from 'cors'
import { configure, endpoint } from 'expect-cors'
import 'expect-cors/vitest'
import express, { type Express } from 'express'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failure } from '../matchers/assertions.js'
import { answering, listen } from '../matchers/servers.js'

const APP = 'https://app.example.com'
const ADMIN = 'https://admin.example.com'

/** The snippet of a message, without its imports. */
function snippetOf(message: string): string {
  const snippet = /\nIn \w+: .*\n([\s\S]*?)(?=\n\S|$)/.exec(message)?.[1]
  if (snippet === undefined) throw new Error(`no snippet in:\n${message}`)
  return snippet.replace(/^ *import .*$/gm, '')
}

/** The lines to send instead. */
function insteadOf(message: string): string[] {
  const lines = /\nSend instead:\n((?: {2}.*\n?)*)/.exec(message)?.[1] ?? ''
  return lines.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}

/** A snippet with the options that are there, which it says to keep. */
function keeping(message: string): string {
  const snippet = snippetOf(message)
  return /keep your other options/.test(snippet) ? snippet.replace('cors({', 'cors({ ...yours,') : snippet
}

/** An app whose `cors()` is what a snippet says, beside the options that it has. */
function pasted(message: string, routes: (app: Express) => void, yours: object = {}): Express {
  const app = express()
  const { origin: yourOrigins } = { origin: [], ...yours }
  new Function('app', 'cors', 'yours', 'yourOrigins', keeping(message))(app, cors, yours, yourOrigins)
  routes(app)
  return app
}

const orders = (app: Express): void => {
  app.use('/orders', (_request, response) => void response.set('X-Total-Count', '2').json([]))
}

describe('Express', () => {
  const policy = {
    origin: [APP, ADMIN],
    credentials: true,
    methods: ['GET', 'PUT'],
    allowedHeaders: ['Content-Type'],
    exposedHeaders: ['X-Total-Count'],
    maxAge: 600,
  }
  const app = (options: object = {}): Express => {
    const made = express()
    made.use(cors({ ...policy, ...options }))
    orders(made)
    return made
  }

  async function expectWhatPassed(after: Express): Promise<void> {
    const at = endpoint(after, { path: '/orders' })
    await expect(at).toAllowCredentialedOrigin(APP)
    await expect(at).toAllowPreflight({
      origin: APP,
      method: 'PUT',
      headers: ['content-type'],
      credentials: 'include',
    })
    await expect(at).toExposeHeader('X-Total-Count', { origin: APP })
    await expect(at).toCachePreflightFor(600, { origin: APP, method: 'PUT' })
  }

  test('a method is added to those that are allowed', async () => {
    const patch = { origin: APP, path: '/orders', method: 'PATCH', headers: ['content-type'] }
    const message = await failure(() => expect(app()).toAllowPreflight(patch))
    expect(insteadOf(message)).toEqual(['Access-Control-Allow-Methods: GET, PUT, PATCH'])
    expect(message).toContain("methods: ['GET', 'PUT', 'PATCH'],")
    expect(message).not.toContain('origin:')
    const after = pasted(message, orders, policy)
    await expect(after).toAllowPreflight(patch)
    await expectWhatPassed(after)
  })

  test('a header is added to those that are allowed', async () => {
    const asked = { origin: APP, path: '/orders' }
    const message = await failure(() =>
      expect(app()).toAllowRequestHeader(['content-type', 'x-request-id'], asked),
    )
    expect(message).toContain("allowedHeaders: ['Content-Type', 'x-request-id'],")
    const after = pasted(message, orders, policy)
    await expect(after).toAllowRequestHeader(['content-type', 'x-request-id'], asked)
    await expectWhatPassed(after)
  })

  test('the one origin that is allowed always stays', async () => {
    const message = await failure(() =>
      expect(app({ origin: ADMIN })).toAllowCredentialedOrigin(APP, { path: '/orders' }),
    )
    expect(message).toContain(`origin: ['${ADMIN}', '${APP}'],`)
    const after = pasted(message, orders, policy)
    await expect(after).toAllowCredentialedOrigin(ADMIN, { path: '/orders' })
    await expect(after).toAllowCredentialedOrigin(APP, { path: '/orders' })
  })

  test('a wildcard stays one', async () => {
    const patch = { origin: APP, path: '/orders', method: 'PATCH' }
    const open = { origin: '*', credentials: false }
    const message = await failure(() => expect(app(open)).toAllowPreflight(patch))
    expect(message).not.toMatch(/origin:|credentials: true/)
    const after = pasted(message, orders, { ...policy, ...open })
    await expect(after).toAllowPreflight(patch)
    await expect(after).toAllowAnyOrigin({ path: '/orders' })
  })

  test('a wildcard does not go with credentials, and stays for all other origins', async () => {
    const message = await failure(() =>
      expect(app({ origin: '*' })).toAllowCredentialedOrigin(APP, { path: '/orders' }),
    )
    const after = pasted(message, orders, { ...policy, origin: '*' })
    await expect(after).toAllowCredentialedOrigin(APP, { path: '/orders' })
    await expect(after).toAllowOrigin(ADMIN, { path: '/orders' })
    await expect(after).not.toAllowCredentialedOrigin(ADMIN, { path: '/orders' })
    await expect(after).toVaryOnOrigin({ origin: APP, path: '/orders' })
  })

  test('what reflects the request headers still does', async () => {
    const patch = { origin: APP, path: '/orders', method: 'PATCH', headers: ['x-a'] }
    const message = await failure(() => expect(app({ allowedHeaders: undefined })).toAllowPreflight(patch))
    expect(message).not.toContain('allowedHeaders')
    const after = pasted(message, orders, { ...policy, allowedHeaders: undefined })
    await expect(after).toAllowPreflight({ ...patch, headers: ['x-b'] })
  })

  test('cors() on a single route', async () => {
    const routed = express()
    routed.put('/orders', cors({ origin: APP }), (_request, response) => void response.json([]))
    const put = { origin: APP, path: '/orders', method: 'PUT' }
    const message = await failure(() => expect(routed).toAllowCorsRequest(put))
    expect(message).toContain('the router responded to OPTIONS by itself')
    expect(message).toContain('In express: Use cors() with app.use(), above the routes')
    const after = pasted(message, (made) => {
      made.put('/orders', cors({ origin: APP }), (_request, response) => void response.json([]))
    })
    await expect(after).toAllowCorsRequest(put)
    // The other way that is named.
    routed.options('/{*path}', cors({ origin: APP }))
    await expect(routed).toAllowCorsRequest(put)
  })

  test('toAllowAnyOrigin asks for a wildcard, never for the origin it made up', async () => {
    const message = await failure(() => expect(app()).toAllowAnyOrigin({ path: '/orders', headers: ['x-a'] }))
    expect(insteadOf(message)).toContain('Access-Control-Allow-Origin: *')
    expect(message.slice(message.indexOf('Send instead'))).not.toContain('expect-cors.test')
    const after = pasted(message, orders, policy)
    await expect(after).toAllowAnyOrigin({ path: '/orders', headers: ['x-a'] })
    await expect(after).toAllowCredentialedOrigin(ADMIN, { path: '/orders' })
    const response = {
      status: 200,
      headers: { 'X-Powered-By': 'Express', 'Access-Control-Allow-Origin': APP },
    }
    expect(await failure(() => expect(response).toAllowAnyOrigin())).toContain("? origin : '*'),")
  })
})

describe('Express, with the snippet where the message says', () => {
  const put = { origin: APP, path: '/orders', method: 'PUT', headers: { Authorization: 'Bearer abc' } }

  test.each<[string, (app: Express) => void, (app: Express) => unknown]>([
    [
      'before authentication',
      (app) => {
        app.use((request, response, next) => {
          if (request.headers.authorization === undefined) response.sendStatus(401)
          else next()
        })
        orders(app)
      },
      (app) => expect(app).toAllowCorsRequest(put),
    ],
    [
      'before what responds to OPTIONS otherwise',
      (app) => {
        app.options('/orders', (_request, response) => void response.sendStatus(405))
        orders(app)
      },
      (app) => expect(app).toAllowCorsRequest(put),
    ],
    [
      'before a redirect of the preflight',
      (app) => {
        app.use((request, response, next) => {
          if (request.path === '/orders') response.redirect(308, '/orders/')
          else next()
        })
        orders(app)
      },
      (app) => expect(app).toAllowCorsRequest(put),
    ],
    [
      'before a redirect',
      (app) => {
        app.get('/old', (_request, response) => response.redirect('/orders'))
        orders(app)
      },
      (app) => expect(app).toAllowOrigin(APP, { path: '/old' }),
    ],
    [
      'before what fails',
      (app) => {
        app.get('/orders', (_request, response) => void response.sendStatus(500))
      },
      (app) => expect(app).toAllowOrigin(APP, { path: '/orders' }),
    ],
  ])('%s', async (_, routes, assert) => {
    const before = express()
    routes(before)
    const message = await failure(() => assert(before))
    await assert(pasted(message, routes))
  })
})

test('Hono is known by its shape, and keeps what it allows', async () => {
  const policy = {
    origin: [APP],
    allowMethods: ['GET', 'PUT'],
    exposeHeaders: ['X-Total'],
    credentials: true,
  }
  const app = new Hono()
  app.use('*', honoCors(policy))
  app.all('/orders', (context) => context.json([], 200, { 'X-Total': '2' }))
  const remove = { origin: APP, path: '/orders', method: 'DELETE', headers: ['x-a'] }
  const message = await failure(() => expect(app).toAllowPreflight(remove))
  expect(message).toContain('In hono: Allow this request with hono/cors')
  const after = new Hono()
  new Function('app', 'cors', 'yours', keeping(message))(after, honoCors, policy)
  after.all('/orders', (context) => context.json([], 200, { 'X-Total': '2' }))
  await expect(after).toAllowPreflight(remove)
  await expect(after).toAllowPreflight({ ...remove, method: 'PUT', headers: ['x-b'], credentials: 'include' })
  await expect(after).toExposeHeader('X-Total', { origin: APP, path: '/orders' })
})

describe('no way to allow what is asserted to be refused', () => {
  const bare = express()
  orders(bare)
  const open = express()
  open.use(cors())
  orders(open)
  const evil = { origin: 'https://evil.example', path: '/orders' }

  test.each<[string, () => unknown]>([
    ['another code', () => expect(bare).toBlockCorsRequest(evil, 'allow-origin-mismatch')],
    ['not blocked', () => expect(open).toBlockCorsRequest(evil)],
    ['.not.toAllowOrigin', () => expect(open).not.toAllowOrigin(evil.origin, { path: '/orders' })],
    ['.not.toAllowMethod', () => expect(bare).not.toAllowMethod('POST', evil)],
    ['.not.toAllowMethod of several', () => expect(open).not.toAllowMethod(['PUT', 'POST'], evil)],
    ['.not.toAllowPreflight', () => expect(open).not.toAllowPreflight({ ...evil, method: 'PUT' })],
    ['.not.toAllowAnyOrigin', () => expect(open).not.toAllowAnyOrigin({ path: '/orders' })],
  ])('%s', async (_, assert) => {
    const message = await failure(assert)
    expect(message).not.toMatch(/Send instead|app\.use|In express|x-expect-cors/)
  })

  test('where a block is denied, there is one', async () => {
    const message = await failure(() => expect(bare).not.toBlockCorsRequest({ origin: APP, path: '/orders' }))
    expect(insteadOf(message)).toEqual([`Access-Control-Allow-Origin: ${APP}`, 'Vary: Origin'])
    expect(message).toContain('app.use(cors({')
  })
})

describe('configure({ server })', () => {
  test('says whose snippets to show', async () => {
    const assert = () => expect(answering(200)).toAllowOrigin(APP)
    expect(await failure(assert)).not.toContain('\nIn ')
    onTestFinished(configure({ server: 'nginx' }))
    expect(await failure(assert)).toContain(
      '\nIn nginx: Allow this request in nginx; or leave nginx as it is',
    )
    // The app's own headers do not matter then.
    expect(
      await failure(() => expect(answering(200, { 'X-Powered-By': 'Express' })).toAllowOrigin(APP)),
    ).toContain('\nIn nginx: ')
  })

  test('but not for the server that a redirect leads to', async () => {
    onTestFinished(configure({ server: 'nginx' }))
    const other = await listen((_request, response) => response.end())
    const first = await listen((_request, response) => {
      response.writeHead(302, { Location: other.url, 'Access-Control-Allow-Origin': '*' }).end()
    })
    const message = await failure(() => expect(first.url).toAllowOrigin(APP))
    expect(message).toContain('Send instead')
    expect(message).not.toContain('nginx')
  })

  test('is a server that is known', () => {
    expect(() => configure({ server: 'nginks' as never })).toThrow(
      /server must be one of .*Did you mean 'nginx'\?/,
    )
    expect(() => configure({ server: '' as never })).toThrow(/server must be one of/)
  })
})
