/** Where CORS rules allow a request and are only to say more, or allow one that they should not: the way out, tried on real servers. */
import 'expect-cors/vitest'
import cors from 'cors'
import express from 'express'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import { describe, expect, test } from 'vitest'
import { addedOption } from '../../src/diagnose/remedies/added-option.js'
import { serverNames } from '../../src/diagnose/remedies/server-names.js'
import { failure } from '../matchers/assertions.js'
import { APP, EVIL } from '../matchers/servers.js'

type Options = Record<string, unknown>

function expressApp(options: Options = {}): express.Express {
  const app = express()
  app.use(cors({ origin: APP, ...options }))
  app.all('/', (_request, response) => void response.set('X-Total-Count', '2').json([]))
  return app
}

function honoApp(options: Options = {}): Hono {
  const app = new Hono()
  app.use(honoCors({ origin: APP, ...options }))
  app.all('/', (c) => {
    c.header('X-Total-Count', '2')
    return c.json([])
  })
  return app
}

/** The snippet of a message, as the options that it adds. */
function pasted(message: string): Options {
  const [, snippet = ''] = /\nIn \w+: Add this to .*\n((?: {2}.*\n?)+)/.exec(message) ?? []
  expect(snippet).not.toBe('')
  return new Function(`return {${snippet}}`)() as Options
}

describe.each([
  ['express', expressApp],
  ['hono', honoApp],
] as const)('%s', (_, appWith) => {
  test('a header is exposed, beside those that are', async () => {
    const before = { exposedHeaders: ['ETag'], exposeHeaders: ['ETag'] }
    const asks = (options: Options) =>
      expect(appWith({ ...before, ...options })).toExposeHeader(['X-Total-Count'], { origin: APP })
    const message = await failure(() => asks({}))
    expect(message).toContain('Access-Control-Expose-Headers: ETag, X-Total-Count')
    await asks(pasted(message))
  })

  test('a preflight is kept for longer', async () => {
    const asks = (options: Options) =>
      expect(appWith(options)).toCachePreflightFor(600, { origin: APP, method: 'PUT' })
    await asks(pasted(await failure(() => asks({}))))
  })
})

test('a server that is given in the configuration goes before the one that answered', () => {
  const line = ['Access-Control-Max-Age', '600'] as const
  expect(addedOption(line, ['nginx', 'express'])?.snippet).toBe('add_header Access-Control-Max-Age 600;')
  expect(addedOption(line, ['php', 'flask'])?.snippet).toBe('max_age=600,')
  expect(addedOption(['Vary', 'Origin'], serverNames)).toBeUndefined()
})

describe('what is allowed and should not be', () => {
  const reflecting = (request: Request): Response =>
    new Response(null, {
      headers: { 'Access-Control-Allow-Origin': request.headers.get('origin') ?? '', Vary: 'Origin' },
    })

  test('because whatever asks is sent back', async () => {
    const message = await failure(() => expect(reflecting).not.toAllowOrigin(EVIL))
    expect(message).toContain('so the server repeats whatever origin asks.')
    expect(message).toContain('To refuse it, have the server look the origin up in a list')
  })

  test('because it is on the list', async () => {
    const message = await failure(() => expect(expressApp()).not.toAllowOrigin(APP))
    expect(message).toContain(`To refuse it, take \`${APP}\` off the server's list`)
  })

  test('because of a wildcard', async () => {
    const message = await failure(() =>
      expect(expressApp({ origin: '*' })).toBlockCorsRequest({ origin: EVIL }),
    )
    expect(message).toMatch(/To refuse it, have the server look .* in place of `\*`\./)
  })

  test('a response alone does not tell which', async () => {
    const response = { status: 200, headers: { 'access-control-allow-origin': EVIL } }
    const { observed } = await import('expect-cors')
    const message = await failure(() => expect(observed(response, { origin: EVIL })).not.toAllowOrigin(EVIL))
    expect(message).toMatch(/To refuse it, take .* off .*; where it sends back any origin that asks, have/)
  })
})
