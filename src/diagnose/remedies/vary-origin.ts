/** The fixes for what caches mix up: `Vary: Origin` from the server, or a cache that heeds it. */

import { getHeader, type HeaderList } from '../../fetch/header-list.js'
import { servers } from './known-servers.js'
import { recognizeServers } from './recognize.js'
import type { Remedy } from './remedy.js'
import type { ServerName } from './server-names.js'

/** Where it stands in an app, and what a route must not do after it. */
const ABOVE =
  'Send `Vary: Origin` with every response, above the routes; a route that sets Vary itself has to add to it'

/** How a server sends `Vary: Origin` with every response, in the place of what its CORS rules leave out. */
const VARY: Partial<Record<ServerName, readonly [title: string, snippet: string]>> = {
  express: [ABOVE, "app.use((req, res, next) => {\n  res.vary('Origin')\n  next()\n})"],
  nest: [ABOVE, "app.use((req, res, next) => {\n  res.vary('Origin')\n  next()\n})"],
  koa: [ABOVE, "app.use(async (ctx, next) => {\n  await next()\n  ctx.vary('Origin')\n})"],
  hono: [
    ABOVE,
    "app.use(async (c, next) => {\n  await next()\n  c.header('Vary', 'Origin', { append: true })\n})",
  ],
  fastify: [
    ABOVE,
    "app.addHook('onSend', async (request, reply, payload) => {\n  reply.header('Vary', [reply.getHeader('Vary') ?? [], 'Origin'].flat().join(', '))\n  return payload\n})",
  ],
  nginx: [
    'Send `Vary: Origin` with every response, in each { } that has add_header lines; where proxy_cache keeps what an app behind sends, that app has to send it',
    'add_header Vary Origin always;',
  ],
  varnish: [
    'Have Varnish tell origins apart, where the app behind does not ask it to',
    'sub vcl_backend_response {\n  set beresp.http.Vary = regsub(beresp.http.Vary + ", Origin", "^, ", "");\n}',
  ],
}

/** How the server that responds would send it; null where it is not known, or has no way of its own. */
export function varyRemedy(names: readonly ServerName[]): Remedy | null {
  for (const name of names) {
    const [title, snippet] = VARY[name] ?? []
    if (title !== undefined && snippet !== undefined) return { for: name, title, snippet }
  }
  return null
}

/** How the cache on the way would keep the responses to different origins apart, by what gives it away. */
export function cacheRemedy(lines: HeaderList): Remedy {
  const caches = recognizeServers(lines).flatMap((name) => {
    const { cache } = servers[name]
    return cache === undefined ? [] : [{ for: name, ...cache }]
  })
  const [nearest] = caches
  if (nearest !== undefined) return nearest
  if (getHeader(lines, 'cf-cache-status') !== null)
    return {
      for: 'cache',
      title:
        'Cloudflare heeds no Vary but that on Accept-Encoding: add the header Origin to the cache key, or have it bypass its cache for this path; then purge what it holds',
    }
  return {
    for: 'cache',
    title:
      'Have the cache heed `Vary` (in nginx that is without `proxy_ignore_headers Vary`), or put the Origin into its key; then purge what it holds',
  }
}
