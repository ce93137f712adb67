import { describe, expect, it } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import {
  APP,
  api,
  type Break,
  contract,
  lines,
  notHeld,
  PREVIEW,
  replace,
  STRANGER,
  without,
} from './broken-api.js'

const WHOLE = [
  ...[200, 401, 404].flatMap((status) =>
    [APP, PREVIEW, STRANGER, 'null'].map((origin) => `GET /orders ${status} ← ${origin}: held`),
  ),
  ...[APP, PREVIEW, STRANGER, 'null'].map((origin) => `PUT /orders/:id ← ${origin}: held`),
  'GET /public ← *: held',
  ...[STRANGER, 'null', APP, PREVIEW].map((origin) => `GET /internal ← ${origin}: held`),
]

describe('a server that honors its contract', () => {
  it('holds every cell, in the order of the contract', async () => {
    const { server, received } = api()
    const report = await checkCorsContract(contract, server)
    expect(lines(report)).toEqual(WHOLE)
    expect(report).toMatchObject({ outcome: 'honored', targets: ['target'], drift: [] })
    expect(report.requests).toBe(received.length)
  })

  it('is never sent a method that changes something, and every request once', async () => {
    const { server, received } = api()
    await checkCorsContract(contract, server, { seed: 1 })
    expect(received.filter((line) => !/^(GET|OPTIONS) /.test(line))).toEqual([])
    const places = ['/orders', '/orders/none', '/orders/1', '/internal']
    expect(
      received.filter((line) => places.includes(line.split(' ')[1] ?? '')).sort(),
    ).toMatchInlineSnapshot(`
      [
        "GET /internal -",
        "GET /internal https://app.example.com",
        "GET /internal https://app.example.com + cookie",
        "GET /internal https://stranger.example",
        "GET /internal https://stranger.example + cookie",
        "GET /internal https://x.preview.example.com",
        "GET /internal https://x.preview.example.com + cookie",
        "GET /internal null",
        "GET /internal null + cookie",
        "GET /orders https://app.example.com",
        "GET /orders https://app.example.com",
        "GET /orders https://stranger.example",
        "GET /orders https://stranger.example + cookie",
        "GET /orders https://x.preview.example.com",
        "GET /orders https://x.preview.example.com",
        "GET /orders null",
        "GET /orders null + cookie",
        "GET /orders/none https://app.example.com",
        "GET /orders/none https://x.preview.example.com",
        "OPTIONS /orders https://app.example.com",
        "OPTIONS /orders https://stranger.example",
        "OPTIONS /orders https://x.preview.example.com",
        "OPTIONS /orders null",
        "OPTIONS /orders/1 https://app.example.com",
        "OPTIONS /orders/1 https://stranger.example",
        "OPTIONS /orders/1 https://x.preview.example.com",
        "OPTIONS /orders/1 null",
        "OPTIONS /orders/none https://app.example.com",
        "OPTIONS /orders/none https://stranger.example",
        "OPTIONS /orders/none https://x.preview.example.com",
        "OPTIONS /orders/none null",
      ]
    `)
  })

  it('keeps no code, explanation, verdict or request of a cell that is held', async () => {
    const { cells } = await checkCorsContract(contract, api().server)
    expect(cells[0]).toEqual({
      target: 'target',
      route: 'GET /orders',
      origin: APP,
      expected: 'allow',
      status: 200,
      outcome: 'held',
    })
  })
})

describe('a break on one route breaks its cells and no others', () => {
  const unless =
    (method: string, then: Break): Break =>
    (draft, request) => {
      if (request.method !== method) then(draft, request)
    }
  const onPreflight =
    (then: Break): Break =>
    (draft, request) => {
      if (request.method === 'OPTIONS') then(draft, request)
    }
  const onRequest = (then: Break): Break => unless('OPTIONS', then)
  const put = (code: string): string[] => [
    `PUT /orders/:id ← ${APP}: broken ${code}`,
    `PUT /orders/:id ← ${PREVIEW}: broken ${code}`,
    `PUT /orders/:id ← ${STRANGER}: unjudged no-control`,
    'PUT /orders/:id ← null: unjudged no-control',
  ]
  const get = (code: string, status: number): string[] =>
    put(code).map((line) => line.replace('PUT /orders/:id', `GET /orders ${status}`))

  const table: [name: string, path: string, then: Break, cells: string[]][] = [
    [
      'the header is dropped',
      '/orders',
      onRequest((draft) => without(draft, 'access-control-allow-origin')),
      [...get('missing-allow-origin', 200), ...get('missing-allow-origin', 401)],
    ],
    [
      'the header is dropped on errors',
      '/orders/none',
      onRequest((draft) => without(draft, 'access-control-allow-origin')),
      get('missing-allow-origin', 404),
    ],
    [
      'a wildcard with credentials',
      '/orders/1',
      (draft) => replace(draft, 'access-control-allow-origin', '*'),
      put('wildcard-allow-origin-with-credentials'),
    ],
    [
      'the header comes twice',
      '/orders/1',
      (draft, { headers }) => draft.lines.push(['Access-Control-Allow-Origin', headers.origin ?? '*']),
      put('multiple-allow-origin'),
    ],
    [
      'the preflight is refused with 401',
      '/orders/1',
      onPreflight((draft) => {
        draft.status = 401
      }),
      put('preflight-status'),
    ],
    [
      'the method is missing',
      '/orders/1',
      (draft) => replace(draft, 'access-control-allow-methods', 'GET, DELETE'),
      put('method-not-allowed'),
    ],
    [
      'a header is missing',
      '/orders/1',
      (draft) => replace(draft, 'access-control-allow-headers', 'content-type'),
      put('header-not-allowed'),
    ],
    [
      'credentials are not allowed',
      '/orders/1',
      (draft) => without(draft, 'access-control-allow-credentials'),
      put('invalid-allow-credentials'),
    ],
    [
      'whatever origin asks is allowed',
      '/orders/1',
      (draft, { headers }) => {
        replace(draft, 'access-control-allow-origin', headers.origin ?? '')
        replace(draft, 'access-control-allow-credentials', 'true')
      },
      [STRANGER, 'null'].map((origin) => `PUT /orders/:id ← ${origin}: broken origin-allowed`),
    ],
    [
      'whatever origin asks is allowed once there is a cookie',
      '/orders/none',
      (draft, { headers }) => {
        if (headers.cookie === undefined && headers['access-control-request-headers'] === undefined) return
        replace(draft, 'access-control-allow-origin', headers.origin ?? '')
        replace(draft, 'access-control-allow-credentials', 'true')
      },
      [STRANGER, 'null'].map((origin) => `GET /orders 404 ← ${origin}: broken origin-allowed`),
    ],
    [
      'a header is not exposed',
      '/orders',
      onRequest((draft) => without(draft, 'access-control-expose-headers')),
      [...get('header-not-exposed', 200), ...get('header-not-exposed', 401)],
    ],
    [
      'the max age is short',
      '/orders/1',
      (draft) => replace(draft, 'access-control-max-age', '60'),
      put('max-age-too-short'),
    ],
    [
      'a redirect to a page to log in',
      '/orders/none',
      onRequest((draft) => {
        draft.status = 302
        draft.lines = [['Location', 'https://login.example.com/']]
      }),
      get('missing-allow-origin', 404),
    ],
    [
      'one that anybody may call names an origin',
      '/public',
      (draft) => replace(draft, 'access-control-allow-origin', APP),
      ['GET /public ← *: broken allow-origin-mismatch'],
    ],
    [
      'one that nobody may call allows one',
      '/internal',
      (draft) => {
        replace(draft, 'access-control-allow-origin', APP)
        replace(draft, 'access-control-allow-credentials', 'true')
      },
      [`GET /internal ← ${APP}: broken origin-allowed`],
    ],
  ]

  it.each(table)('%s', async (_name, path, then, cells) => {
    const report = await checkCorsContract(contract, api({ [path]: then }).server)
    expect(report.outcome).toBe('broken')
    expect(notHeld(report)).toEqual(cells)
    for (const cell of report.cells) {
      if (cell.outcome !== 'broken') continue
      expect(cell.verdicts?.map(({ engine }) => engine)).toEqual(['chromium', 'firefox', 'webkit'])
      expect(cell.explanation).not.toBe('')
      expect(JSON.stringify(cell)).not.toContain('of-a-test')
    }
  })
})

describe('how long a preflight response must be kept', () => {
  const kept = async (origin: string, maxAge: number, said: string) => {
    const fetch = (request: Request) =>
      new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-origin':
            request.headers.get('origin') === origin ? origin : 'https://none.example',
          'access-control-allow-methods': 'PUT',
          'access-control-max-age': said,
        },
      })
    const routes = { 'PUT /': { maxAge } }
    const { cells } = await checkCorsContract({ origins: { allow: [origin], deny: [] }, routes }, { fetch })
    return cells.map(({ outcome, code }) => code ?? outcome)
  }

  it('is asked of an engine as far as that keeps anything: Chromium nothing of an opaque origin', async () => {
    expect(await kept(APP, 600, '600')).toEqual(['held'])
    expect(await kept(APP, 600, '599')).toEqual(['max-age-too-short'])
    expect(await kept('null', 600, '600')).toEqual(['held'])
    expect(await kept('null', 600, '0')).toEqual(['max-age-too-short'])
    expect(await kept(APP, 0, '0')).toEqual(['held'])
  })
})
