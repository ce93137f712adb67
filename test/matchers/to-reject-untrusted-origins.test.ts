import 'expect-cors/vitest'
import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import cors from 'cors'
import { type AuditOptions, auditOrigins, type Endpoint, endpoint } from 'expect-cors'
import express from 'express'
import { describe, expect, test, vi } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, deadUrl, listen } from './servers.js'

// Most of these wait for a server that does not respond, or ask three times.
vi.setConfig({ testTimeout: 20_000 })

type Said = string | null

/** A handler that counts its requests, and lets in whom `allow` says. */
function api(allow: (origin: string, count: number) => Said | number, status = 200): RequestListener {
  let count = 0
  return (request, response) => {
    count++
    respond(request, response, allow(request.headers.origin ?? '', count), status)
  }
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  said: Said | number,
  status = 200,
): void {
  response.setHeader('Vary', 'Origin')
  response.statusCode = typeof said === 'number' ? said : request.method === 'OPTIONS' ? 204 : status
  if (typeof said === 'string') {
    response.setHeader('Access-Control-Allow-Origin', said)
    response.setHeader('Access-Control-Allow-Credentials', 'true')
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT')
  }
  response.end()
}

const own = (origin: string): Said => (origin === APP ? origin : null)

/** Neither form holds: what could not be judged. */
async function unjudged(subject: unknown, options: Partial<AuditOptions> = {}): Promise<string> {
  const all = { trusted: [APP], seed: 1, timeout: 1000, ...options }
  await refusal(() => expect(subject).not.toRejectUntrustedOrigins(all))
  const message = await refusal(() => expect(subject).toRejectUntrustedOrigins(all))
  await expect(auditOrigins(subject, all)).rejects.toThrow()
  return message
}

async function urlOf(listener: RequestListener): Promise<string> {
  return (await listen(listener)).url
}

describe('never a false green', () => {
  test('a trusted origin that is not let in', async () => {
    expect(await unjudged(endpoint({ listener: api(() => null) }))).toContain(
      'https://app.example.com is trusted, but https://api.expect-cors.test/ does not let it in, so that the refusal of others says nothing',
    )
    const second = { trusted: [APP, 'https://admin.example.com'] }
    expect(await unjudged(endpoint({ listener: api(own) }), second)).toContain(
      'https://admin.example.com is trusted',
    )
  })

  test('CORS in the preflight alone', async () => {
    const listener: RequestListener = (request, response) =>
      respond(request, response, request.method === 'OPTIONS' ? (request.headers.origin ?? null) : null)
    expect(await unjudged(endpoint({ listener }))).toContain('does not let it in')
  })

  test('a route that is there for POST alone', async () => {
    const app = express()
    app.use(cors({ origin: APP, credentials: true }))
    app.post('/orders', (_request, response) => void response.json([]))
    expect(await unjudged(app, { path: '/orders' })).toContain('is the path right? { path } names it')
    await expect(app).toRejectUntrustedOrigins({ trusted: [APP], path: '/orders', status: 404 })
  })

  test('401 everywhere', async () => {
    const listener = api(own, 401)
    const message = await unjudged(endpoint({ listener }))
    expect(message).toContain('gets status 401')
    expect(message).toContain('extraHeaders')
    await expect(endpoint({ listener })).toRejectUntrustedOrigins({ trusted: [APP], status: 401 })
    expect(await unjudged(endpoint({ listener: api(own) }), { status: 401 })).toContain('and not 401')
  })

  test('a server that is broken for all', async () => {
    expect(await unjudged(endpoint({ listener: api(own, 500) }))).toContain('gets status 500')
  })

  test.each([
    ['403', (count: number) => (count > 10 ? 403 : undefined)],
    ['200, and a page to prove that one is human', (count: number) => (count > 10 ? null : undefined)],
    ['500', (count: number) => (count > 10 ? 500 : undefined)],
  ])('a firewall that blocks after 10 requests with %s', async (_, blocked) => {
    const guarded = (): Endpoint => {
      const listener = api((origin, count) => {
        const said = blocked(count)
        return said === undefined ? own(origin) : said
      })
      return endpoint({ listener })
    }
    const options = { trusted: [APP], seed: 1 }
    const lost = 'was let in at the start and not at the end'
    expect(await refusal(() => expect(guarded()).toRejectUntrustedOrigins(options))).toContain(lost)
    expect(await refusal(() => expect(guarded()).not.toRejectUntrustedOrigins(options))).toContain(lost)
  })

  test('a limit of requests', async () => {
    const listener = api((origin, count) => (count > 10 ? 429 : own(origin)))
    const audited = auditOrigins(endpoint({ listener }), { trusted: [APP] })
    await expect(audited).rejects.toThrow('responded with 429')
  })

  test('a connection that is closed on hostile origins', async () => {
    const url = await urlOf((request, response) => {
      if (request.headers.origin === APP) respond(request, response, APP)
      else response.destroy()
    })
    expect(await unjudged(url)).toContain('could not be judged')
  })

  test('no response to hostile origins', async () => {
    const url = await urlOf((request, response) => {
      if (request.headers.origin === APP) respond(request, response, APP)
    })
    expect(await unjudged(url, { timeout: 500 })).toContain('could not be judged')
  })

  test('no server, no response at all', async () => {
    expect(await unjudged(await deadUrl())).toContain('could not be asked as https://app.example.com')
    expect(await unjudged(await urlOf(() => {}), { timeout: 500 })).toContain('could not be asked')
  })

  test('a redirect to another host, of all and of hostile origins', async () => {
    const { url: elsewhere, received } = await listen((request, response) =>
      respond(request, response, request.headers.origin ?? null),
    )
    const redirecting =
      (of: (origin: string) => boolean): RequestListener =>
      (request, response) => {
        const { origin = '' } = request.headers
        if (of(origin)) response.setHeader('Location', elsewhere)
        respond(request, response, of(origin) ? origin : own(origin), of(origin) ? 302 : 200)
      }
    expect(await unjudged(await urlOf(redirecting(() => true)))).toContain('It redirects to')
    expect(await unjudged(await urlOf(redirecting((origin) => origin !== APP)))).toContain('It redirects to')
    const app = express()
    app.use(redirecting(() => true))
    expect(await unjudged(app)).toContain('It redirects to')
    expect(received).toEqual([])
  })

  test('what is not asked of an endpoint', async () => {
    const options = { trusted: [APP] }
    expect(await refusal(() => expect(new Response()).toRejectUntrustedOrigins(options))).toContain(
      'takes an endpoint',
    )
    const { url } = await listen(api(own))
    expect(await unjudged(url, { trusted: [url] })).toContain("page's own origin")
  })
})

describe('what gets in, however late', () => {
  const finds = async (subject: unknown, id: string, options: Partial<AuditOptions> = {}): Promise<void> => {
    const { findings } = await auditOrigins(subject, { trusted: [APP], seed: 1, ...options })
    expect(findings.map((finding) => finding.id)).toContain(id)
  }

  test('from the third request on', async () => {
    await finds(
      endpoint({ listener: api((origin, count) => (count < 3 ? own(origin) : origin)) }),
      'reflected-origin',
    )
  })

  test('on errors as well', async () => {
    const app = express()
    app.use(cors({ origin: true, credentials: true }))
    await finds(app, 'reflected-origin', { path: '/nothing' })
    await finds(endpoint({ listener: api((origin) => origin, 500) }), 'reflected-origin')
  })

  test('where a session is needed', async () => {
    const listener: RequestListener = (request, response) =>
      respond(
        request,
        response,
        request.headers.origin ?? null,
        request.headers.cookie === 'sid=1' ? 200 : 401,
      )
    await finds(endpoint({ listener }), 'reflected-origin', { extraHeaders: { Cookie: 'sid=1' } })
  })

  test('where an unknown cookie is refused', async () => {
    const listener: RequestListener = (request, response) => {
      const { origin = '', cookie } = request.headers
      if (cookie === undefined) respond(request, response, origin.endsWith('example.com') ? origin : null)
      else respond(request, response, 401)
    }
    await finds(endpoint({ listener }), 'suffix-match')
  })

  test('where some of the servers behind one name are wrong', async () => {
    const listener = api((origin, count) => (count % 3 === 0 ? origin : own(origin)))
    await expect(endpoint({ listener })).not.toRejectUntrustedOrigins({ trusted: [APP] })
  })

  test.each([true, false])('behind a cache that ignores Vary (which it says: %s)', async (says) => {
    const kept = new Map<string, [status: number, headers: ReturnType<ServerResponse['getHeaders']>]>()
    const inner = api((origin) => origin)
    const listener: RequestListener = (request, response) => {
      const key = createHash('sha1').update(`${request.method}${request.url}`).digest('hex')
      const hit = kept.get(key)
      if (says) response.setHeader('X-Cache', hit === undefined ? 'MISS' : 'HIT')
      if (hit === undefined || request.method !== 'GET') {
        inner(request, response)
        kept.set(key, [response.statusCode, response.getHeaders()])
        return
      }
      const [status, headers] = hit
      for (const [name, value] of Object.entries(headers))
        if (name !== 'x-cache') response.setHeader(name, value as string)
      response.statusCode = status
      response.end()
    }
    const report = await auditOrigins(endpoint({ listener }), { trusted: [APP], path: '/orders', seed: 1 })
    expect(report.findings.map(({ id }) => id)).toContain('reflected-origin')
    expect(report.notes.join()).toContain('A cache is in the path')
  })
})

describe('what is sent', () => {
  test('GET and preflights, at most 40, each origin once; cookies where they belong', async () => {
    const { url, received } = await listen(api((origin) => (/example\.com/.test(origin) ? origin : null)))
    const report = await auditOrigins(url, { trusted: [APP], thorough: true, seed: 1 })
    expect(received.length).toBe(report.requests)
    expect(received.length).toBeLessThanOrEqual(40)
    expect(received.every(({ line }) => /^(?:GET|HEAD|OPTIONS) /.test(line))).toBe(true)
    const asked = received
      .filter(({ headers }) => headers.origin !== undefined)
      .map(({ line, headers }) => `${line} ${headers.origin} ${headers.cookie ?? ''}`)
    const twice = asked.filter((each, at) => asked.indexOf(each) < at)
    // A trusted origin is asked for at the end again.
    expect(twice).toEqual([`GET / ${APP} expect-cors=1`])
    for (const { line, headers } of received)
      if (line.startsWith('OPTIONS')) expect(headers.cookie).toBeUndefined()
  })

  test('a cookie of the user, and not with preflights; a gate with everything', async () => {
    const { url, received } = await listen(api(own))
    await auditOrigins(url, { trusted: [APP], extraHeaders: { Cookie: 'sid=1', 'X-Gate': 'open' } })
    const cookies = new Set(
      received.map(({ line, headers }) => `${line.split(' ')[0]} ${headers.cookie ?? '-'}`),
    )
    expect([...cookies].sort()).toEqual(['GET -', 'GET sid=1', 'OPTIONS -'])
    expect(received.every(({ headers }) => headers['x-gate'] === 'open')).toBe(true)
  })

  test('the same as with the same seed', async () => {
    const { url, received } = await listen(api(own))
    const origins = async (seed?: number): Promise<unknown> => {
      received.length = 0
      await auditOrigins(url, { trusted: [APP], ...(seed === undefined ? {} : { seed }) })
      return received.map(({ headers }) => headers.origin).sort()
    }
    const first = await origins(3)
    expect(await origins(3)).toEqual(first)
    expect(await origins()).not.toEqual(first)
  })

  test('no faster than a rate', async () => {
    const { url } = await listen(api((origin) => origin))
    const start = performance.now()
    const { requests } = await auditOrigins(url, { trusted: [APP], rate: '40/s' })
    expect(performance.now() - start).toBeGreaterThan((requests - 1) * 24)
  })
})

describe('the baseline', () => {
  const subject = () =>
    endpoint({ listener: api((origin) => (origin === 'null' || origin === APP ? origin : null)) })
  const accepts = (entry: object) => ({ trusted: [APP], baseline: [entry as never] })

  test('what is accepted is no finding, and is in the report with its reason', async () => {
    const options = accepts({ id: 'null-origin', reason: 'frames of ours' })
    await expect(subject()).toRejectUntrustedOrigins(options)
    const report = await auditOrigins(subject(), options)
    expect(report).toMatchObject({ outcome: 'clean', findings: [], stale: [] })
    expect(report.accepted).toMatchObject([{ id: 'null-origin', reason: 'frames of ours' }])
  })

  test('for another path or origin it is not', async () => {
    await expect(subject()).not.toRejectUntrustedOrigins(
      accepts({ id: 'null-origin', path: '/other', reason: 'x' }),
    )
    await expect(subject()).not.toRejectUntrustedOrigins(
      accepts({ id: 'null-origin', origin: APP, reason: 'x' }),
    )
    await expect(subject()).toRejectUntrustedOrigins(
      accepts({ id: 'null-origin', origin: 'null', path: '/', reason: 'x' }),
    )
  })

  test('what accepts nothing any more is said', async () => {
    const { stale } = await auditOrigins(subject(), accepts({ id: 'other-port', reason: 'tools' }))
    expect(stale).toEqual([{ id: 'other-port', reason: 'tools' }])
  })

  test.each([
    [{ id: 'null-orign', reason: 'x' }, 'did you mean "null-origin"?'],
    [{ id: 'null-origin' }, 'reason must say why'],
    [{ id: 'null-origin', reason: ' ' }, 'reason must say why'],
    [{ id: 'null-origin', reason: 'x', orign: 'null' }, 'did you mean "origin"?'],
    ['null-origin', 'must be { id, reason }'],
  ])('%j is refused', async (entry, message) => {
    expect(
      await refusal(() => expect(subject()).toRejectUntrustedOrigins(accepts(entry as object))),
    ).toContain(message)
  })
})

describe('options', () => {
  test.each([
    [undefined, 'needs the trusted origins'],
    [{}, "write trusted: ['https://app.example.com']"],
    [{ trusted: [] }, 'names no origin'],
    [{ trusted: APP }, 'must be a list of origins'],
    [{ trusted: ['*'] }, 'publicApi: true'],
    [{ trusted: [`${APP}/`] }, 'trailing slash'],
    [{ trusted: ['https://*'] }, 'is any host'],
    [{ trusted: { origins: { allow: '*' }, routes: { 'GET /orders': {} } } }, 'lets in any origin'],
    [{ trusted: [APP], allowSubdomain: true }, 'did you mean "allowSubdomains"?'],
    [{ trusted: [APP], publicApi: 'yes' }, 'publicApi must be true or false'],
    [{ trusted: [APP], seed: 1.5 }, 'seed must be a whole number'],
    [{ trusted: [APP], rate: 'fast' }, 'rate must be'],
    [{ trusted: [APP], baseline: {} }, 'must be a list'],
  ])('%j', async (options, message) => {
    const subject = endpoint({ listener: api(own) })
    expect(await refusal(() => expect(subject).toRejectUntrustedOrigins(options as never))).toContain(message)
  })
})

describe('messages', () => {
  test('what is wrong, why, and the fix', async () => {
    const app = express()
    app.use(cors({ origin: /^https:\/\/app.example\.com$/, credentials: true }))
    app.get('/orders', (_request, response) => void response.json([]))
    const options = { trusted: [APP], path: '/orders', seed: 1 }
    const message = await failure(() => expect(app).toRejectUntrustedOrigins(options))
    expect(message.replace(/^ *< (?:date|etag|keep-alive|connection): .*\n/gim, '')).toMatchSnapshot()
  })

  test('what should not hold and does', async () => {
    const options = { trusted: [APP], seed: 1 }
    expect(
      await failure(() => expect(endpoint({ listener: api(own) })).not.toRejectUntrustedOrigins(options)),
    ).toMatchSnapshot()
  })

  test('secrets, wherever a server repeats them', async () => {
    const listener: RequestListener = (request, response) => {
      response.setHeader('X-Cache', `gate ${request.headers['x-gate']}`)
      respond(request, response, request.headers.origin ?? null)
    }
    const options = {
      trusted: [APP],
      extraHeaders: { 'X-Gate': 'open-sesame-123', Cookie: 'sid=hidden-456' },
    }
    const message = await failure(() => expect(endpoint({ listener })).toRejectUntrustedOrigins(options))
    expect(message).not.toMatch(/sesame|hidden/)
    const refused: RequestListener = (request, response) => {
      response.setHeader('Access-Control-Allow-Origin', `https://${request.headers['x-gate']}.example`)
      response.end()
    }
    expect(await unjudged(endpoint({ listener: refused }), options)).not.toMatch(/sesame|hidden/)
  })
})
