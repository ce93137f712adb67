/** The questions about the HTTP cache: a page asks a server several times, and what counts is what reaches the server. */
import type { Profile } from '../../src/engines/profiles.js'
import { openPage, type Page } from '../../src/page/open-page.js'
import { By, type Row, type SwitchName } from './switch-row.js'

const app = 'https://app.example'
const api = 'https://api.other.example'

interface Asked {
  /** Default `api`'s `/a`. */
  readonly url?: string
  readonly init?: object
  /** Opens this document first, or frame. */
  readonly navigate?: string
  readonly frame?: string
  /** Milliseconds that what goes on in the background is given afterwards. */
  readonly settle?: number
}

type Reply = (request: Request, count: number) => Response

/** A response that anybody may read. */
const reply = (headers: Record<string, string> = {}, status = 200): Response =>
  new Response(status === 304 || status === 204 ? null : 'x', {
    status,
    headers: {
      'Access-Control-Allow-Origin': app,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Methods': 'PUT, DELETE',
      'Access-Control-Allow-Headers': 'cache-control, pragma, x-a',
      ...headers,
    },
  })

/** What reaches the server, one entry for each time it is asked: the method, and what caches look at. Nothing for what the cache answers. */
async function reaches(profile: Profile, answer: Reply, ...asks: readonly Asked[]): Promise<string[][]> {
  let seen: string[] = []
  let count = 0
  const server = {
    fetch(request: Request): Response {
      if (request.method === 'OPTIONS') return reply()
      const names = ['if-none-match', 'if-modified-since', 'cache-control', 'cookie']
      const shown = names.flatMap((name) => request.headers.get(name) ?? [])
      seen.push([request.method, ...shown].join(' '))
      return answer(request, count++)
    },
  }
  const servers = Object.fromEntries(
    [app, api, 'http://app.example', 'http://api.other.example'].map((one) => [one, server]),
  )
  let page: Page = openPage(app, { engine: profile, servers, httpCache: true })
  const all: string[][] = []
  for (const { url = `${api}/a`, init = {}, navigate, frame, settle } of asks) {
    seen = []
    all.push(seen)
    if (navigate !== undefined) page = page.navigate(navigate)
    const asker = frame === undefined ? page : page.frame(frame)
    await asker.fetch(url, init).then(
      (response) => response.text(),
      () => {},
    )
    if (settle !== undefined) await new Promise((resolve) => setTimeout(resolve, settle))
  }
  await page.close()
  return all
}

const fresh = { 'Cache-Control': 'max-age=600' }
const tagged = { 'Cache-Control': 'no-cache', ETag: '"1"' }
const modified = { 'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }
const again: Asked = { init: { credentials: 'omit' } }
const asks = (init: object): Asked => ({ init: { credentials: 'omit', ...init } })
const CONDITIONAL = ['GET "1"']
const ASKED = ['GET']
const HIT: string[] = []

/** What reaches the server the second time, after a response with these headers. */
const second = async (
  profile: Profile,
  headers: Record<string, string>,
  ask: Asked = again,
  status = 200,
): Promise<string[] | undefined> =>
  (
    await reaches(profile, ({ url }) => (url.endsWith('/b') ? reply() : reply(headers, status)), again, ask)
  )[1]

/** The same for responses of several statuses, by their statuses: those that are taken from the cache. */
const reused = async (
  profile: Profile,
  headers: Record<string, string>,
  ...statuses: number[]
): Promise<number[]> => {
  const hits: number[] = []
  for (const status of statuses) {
    const isRedirect = status > 300 && status < 400
    const requests = await second(
      profile,
      isRedirect ? { ...headers, Location: '/b' } : headers,
      again,
      status,
    )
    if (requests?.length === (isRedirect ? 1 : 0)) hits.push(status)
  }
  return hits
}

/** How often a fetch with credentials asks for what an element has loaded. */
async function afterElement(profile: Profile, as: 'image' | 'iframe', url: string): Promise<number> {
  let count = 0
  const server = { fetch: () => reply({ ...fresh, 'X-Count': String(++count) }) }
  const servers = { [api]: server, 'https://api.app.example': server }
  const page = openPage(app, { engine: profile, httpCache: true, servers })
  await page.load(url, { as })
  await page.fetch(url, { credentials: 'include' })
  await page.close()
  return count - 1
}

export const httpCacheRows: Readonly<Record<Extract<SwitchName, `httpCache.${string}`>, Row>> = {
  'httpCache.partition': {
    show: async (profile) => {
      const frame = 'https://app.example/'
      const places = [again, { ...again, navigate: frame }, { ...again, navigate: 'http://app.example/' }]
      const pages = await reaches(profile, () => reply(fresh), ...places, { ...again, navigate: api })
      const frames = await reaches(profile, () => reply(fresh), again, { ...again, frame: api })
      return [...pages.slice(1), ...frames.slice(1)].map(({ length }) => length)
    },
    // The same page again; the same host over http; another site; a frame of another site.
    standard: [0, 1, 1, 0],
    engines: new By({ chromium: [0, 1, 1, 1], webkit: [0, 0, 1, 0], webkitgtk: [0, 0, 0, 0] }),
  },
  'httpCache.separatesCredentials': {
    show: (profile) => second(profile, fresh, { init: { credentials: 'include' } }),
    standard: HIT,
    engines: ASKED,
  },
  'httpCache.waitsForOthers': {
    show: async (profile) => {
      let count = 0
      const server = { fetch: () => reply({ ...fresh, 'X-Count': String(++count) }) }
      const page = openPage(app, { engine: profile, httpCache: true, servers: { [api]: server } })
      await Promise.all([page.fetch(api), page.fetch(api)])
      await page.close()
      return count
    },
    standard: 2,
    engines: 1,
  },
  'httpCache.separatesElementsOfOtherSites': {
    show: async (profile) => [
      await afterElement(profile, 'image', `${api}/a`),
      await afterElement(profile, 'image', 'https://api.app.example/a'),
    ],
    standard: [0, 0],
    engines: [1, 0],
  },
  'httpCache.separatesFrameDocuments': {
    show: (profile) => afterElement(profile, 'iframe', 'https://api.app.example/a'),
    standard: 0,
    engines: 1,
  },
  'httpCache.keptStatuses': {
    show: async (profile) => {
      const force = asks({ cache: 'force-cache' })
      return [
        await second(profile, modified, force, 404),
        await second(profile, modified, force, 500),
        await second(profile, modified, again, 308),
      ]
    },
    standard: [HIT, ASKED, HIT],
    engines: new By({ chromium: [HIT, HIT, HIT], firefox: [HIT, HIT, HIT], webkit: [HIT, ASKED, ASKED] }),
  },
  'httpCache.explicitStatuses': {
    show: (profile) => reused(profile, fresh, 200, 302, 308, 403, 500),
    standard: [200, 302, 308, 403, 500],
    engines: [200, 302, 403],
  },
  'httpCache.heuristicStatuses': {
    show: (profile) => reused(profile, modified, 200, 203, 204, 300, 301, 308, 404),
    standard: [200, 203, 204, 300, 301, 308, 404],
    engines: new By({
      // 300, 301 and 308 last in Chromium.
      chromium: [200, 203, 300, 301, 308],
      firefox: [200, 203, 204, 301, 308],
      webkit: [200, 203, 204, 300, 301, 404],
    }),
  },
  'httpCache.lastingStatuses': {
    show: (profile) => reused(profile, {}, 200, 300, 301, 308, 410),
    standard: [],
    engines: new By({ chromium: [300, 301, 308, 410], firefox: [410], webkit: [301, 410] }),
  },
  'httpCache.freshStatuses': {
    show: (profile) => reused(profile, fresh, 200, 201, 303, 404),
    standard: [200, 201, 303, 404],
    engines: [200, 303],
  },
  'httpCache.validatedStatuses': {
    show: async (profile) => [
      await second(profile, tagged),
      await second(profile, tagged, again, 203),
      await second(profile, tagged, again, 404),
      await second(profile, tagged, again, 301),
    ],
    standard: [CONDITIONAL, CONDITIONAL, CONDITIONAL, CONDITIONAL],
    engines: new By({
      chromium: [CONDITIONAL, ASKED, ASKED, ASKED],
      firefox: [CONDITIONAL, CONDITIONAL, ASKED, ASKED],
      webkit: [CONDITIONAL, CONDITIONAL, CONDITIONAL, ASKED],
    }),
  },
  'httpCache.keepsOnlyReusable': {
    show: (profile) => second(profile, {}, asks({ cache: 'force-cache' })),
    standard: HIT,
    engines: ASKED,
  },
  'httpCache.mustRevalidateNeedsLifetime': {
    show: async (profile) =>
      (await second(profile, { ...modified, 'Cache-Control': 'must-revalidate' }))?.length,
    standard: 0,
    engines: 1,
  },
  'httpCache.invalidExpires': {
    show: async (profile) => [
      (await second(profile, { ...modified, Expires: '0' }))?.length,
      (await second(profile, { ...modified, Expires: 'soon' }))?.length,
    ],
    standard: [1, 1],
    engines: new By({ chromium: [1, 0], webkit: [0, 0] }),
  },
  'httpCache.quotedArguments': {
    show: async (profile) => [
      await second(profile, { 'Cache-Control': 'max-age="600"' }),
      await second(profile, { 'Cache-Control': 'private="x-a", max-age=600' }),
    ],
    standard: [HIT, HIT],
    engines: new By({ chromium: [ASKED, HIT], firefox: [ASKED, ASKED] }),
  },
  'httpCache.ignoresQualifiedNoCache': {
    show: (profile) => second(profile, { 'Cache-Control': 'no-cache="set-cookie", max-age=600' }),
    standard: ASKED,
    engines: HIT,
  },
  'httpCache.lenientMaxAge': {
    show: async (profile) => [
      await second(profile, { 'Cache-Control': 'max-age = 600' }),
      await second(profile, { 'Cache-Control': 'max-age=600; public' }),
    ],
    standard: [ASKED, ASKED],
    engines: [HIT, HIT],
  },
  'httpCache.maxAgeLimit': {
    show: (profile) => second(profile, { 'Cache-Control': 'max-age=99999999999999' }),
    standard: HIT,
    engines: ASKED,
  },
  'httpCache.negativeMaxAgeIsZero': {
    show: async (profile) => (await second(profile, { ...modified, 'Cache-Control': 'max-age=-1' }))?.length,
    standard: 0,
    engines: 1,
  },
  'httpCache.lastMaxAgeCounts': {
    show: (profile) => second(profile, { 'Cache-Control': 'max-age=0, max-age=600' }),
    standard: ASKED,
    engines: HIT,
  },
  'httpCache.staleDespiteMustRevalidate': {
    show: async (profile) => {
      const headers = { ...tagged, 'Cache-Control': 'max-age=0, must-revalidate, stale-while-revalidate=60' }
      let count = 0
      const page = openPage(app, {
        engine: profile,
        httpCache: true,
        servers: { [app]: { fetch: () => new Response(String(++count), { headers }) } },
      })
      await page.fetch('/').then((response) => response.text())
      return (await page.fetch('/')).text()
    },
    standard: '2',
    engines: '1',
  },
  'httpCache.validatesOtherVariants': {
    show: (profile) =>
      second(profile, { ...fresh, ETag: '"1"', Vary: 'X-A' }, asks({ headers: { 'X-A': '1' } })),
    standard: ASKED,
    engines: CONDITIONAL,
  },
  'httpCache.variesOnUnsentCookies': {
    show: async (profile) => {
      const vary = { ...fresh, Vary: 'Cookie', 'Set-Cookie': 'a=1; SameSite=None; Secure' }
      const same: Asked = { url: `${app}/a` }
      const [, , omitted] = await reaches(
        profile,
        () => reply(vary),
        { ...same, init: { cache: 'reload' } },
        { ...same, init: { cache: 'reload' } },
        { ...same, init: { credentials: 'omit' } },
      )
      return omitted
    },
    standard: ASKED,
    engines: HIT,
  },
  'httpCache.headIsServedBy': {
    show: async (profile) => {
      const head = asks({ method: 'HEAD' })
      const [, first, get, third] = await reaches(profile, () => reply(fresh), again, head, again, head)
      return [first, get, third]
    },
    standard: [HIT, HIT, HIT],
    engines: new By({ firefox: [['HEAD'], HIT, HIT], webkit: [['HEAD'], ASKED, ['HEAD']] }),
  },
  'httpCache.invalidatedBy': {
    show: async (profile) => {
      const dropped: string[] = []
      for (const method of ['HEAD', 'POST', 'PUT', 'DELETE']) {
        const [, , then] = await reaches(profile, () => reply(fresh), again, asks({ method }), again)
        if (then?.length === 1) dropped.push(method)
      }
      const [, , refused] = await reaches(
        profile,
        ({ method }) => reply(fresh, method === 'POST' ? 500 : 200),
        again,
        asks({ method: 'POST' }),
        again,
      )
      return [dropped, refused]
    },
    standard: [['POST', 'PUT', 'DELETE'], HIT],
    engines: new By({
      chromium: [['POST', 'DELETE'], HIT],
      firefox: [[], HIT],
      webkit: [['HEAD', 'POST', 'PUT', 'DELETE'], ASKED],
    }),
  },
  'httpCache.losesEmptyHeaders': {
    show: async (profile) => {
      const page = openPage(app, {
        engine: profile,
        httpCache: true,
        servers: { [app]: { fetch: () => reply({ ...fresh, 'X-A': '' }) } },
      })
      await page.fetch('/').then((response) => response.text())
      return (await page.fetch('/')).headers.get('x-a')
    },
    standard: '',
    engines: null,
  },
  'httpCache.dropsRefused': {
    show: async (profile) => {
      const refused = (status: number): Response =>
        new Response('x', { status, headers: { ...fresh, Location: '/b' } })
      const [, response] = await reaches(profile, () => refused(200), again, again)
      const [, redirect] = await reaches(profile, () => refused(301), again, again)
      return [response, redirect]
    },
    standard: [HIT, HIT],
    engines: new By({ chromium: [ASKED, HIT], firefox: [HIT, ASKED], webkit: [ASKED, HIT] }),
  },
  'httpCache.noCacheReloads': {
    show: (profile) =>
      second(profile, { ...fresh, ETag: '"1"' }, asks({ headers: { 'Cache-Control': 'no-cache' } })),
    standard: ['GET "1" no-cache'],
    engines: ['GET no-cache'],
  },
  'httpCache.noStoreAsksServer': {
    show: (profile) => second(profile, fresh, asks({ headers: { 'Cache-Control': 'no-store' } })),
    standard: HIT,
    engines: ['GET no-store'],
  },
  'httpCache.ignoresRequestPragma': {
    show: (profile) => second(profile, fresh, asks({ headers: { Pragma: 'no-cache' } })),
    standard: ASKED,
    engines: HIT,
  },
  'httpCache.takesUnaskedNotModified': {
    show: async (profile) => {
      let count = 0
      const page = openPage(app, {
        engine: profile,
        httpCache: true,
        servers: {
          [app]: { fetch: () => reply({ 'Cache-Control': 'no-cache' }, count++ === 0 ? 200 : 304) },
        },
      })
      await page.fetch('/').then((response) => response.text())
      return (await page.fetch('/')).status
    },
    standard: 304,
    engines: 200,
  },
  'httpCache.keepsRangeResponses': {
    show: async (profile) => {
      const part = asks({ headers: { Range: 'bytes=0-0' } })
      const [, then, whole] = await reaches(profile, () => reply(fresh, 206), part, part, again)
      return [then, whole]
    },
    standard: [ASKED, ASKED],
    engines: [HIT, ASKED],
  },
  'httpCache.conditionalRequestsSayMaxAge': {
    show: (profile) =>
      second(profile, {}, { url: `${app}/a`, init: { headers: { 'If-None-Match': '"2"' } } }),
    standard: ['GET "2" no-cache'],
    engines: ['GET "2" max-age=0'],
  },
  'httpCache.revalidationSaysMaxAge': {
    show: (profile) =>
      second(profile, { 'Cache-Control': 'max-age=0, stale-while-revalidate=60' }, { ...again, settle: 200 }),
    standard: ASKED,
    engines: ['GET max-age=0'],
  },
  'httpCache.revalidationWaits': {
    show: async (profile) => {
      const stale = { 'Cache-Control': 'max-age=0, stale-while-revalidate=60' }
      const answer: Reply = (_request, count) => reply(count === 0 ? stale : fresh)
      const soon = { ...again, settle: 10 }
      const [, , third] = await reaches(profile, answer, soon, soon, { ...again, settle: 200 })
      return third?.length
    },
    // Fresh again by then; or still stale, so that both are asked for afterwards.
    standard: 0,
    engines: 2,
  },
}
