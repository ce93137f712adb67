/** An API that honors a policy, and can be broken on one route. */

export const APP = 'https://app.example.com'

/** What a route answers, by method and path. */
export interface Route {
  readonly status?: number
  readonly allow?: (origin: string) => boolean
  readonly any?: boolean
}

const isOurs = (origin: string): boolean =>
  origin === APP || /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/.test(origin)

/** Changes a response of one route. */
export type Break = (response: Response, request: Request, phase: 'preflight' | 'request') => Response

const ROUTES: Record<string, Route> = {
  '/orders': {},
  '/orders/1': {},
  '/public': { any: true },
  '/internal': { allow: () => false },
}

/** A handler for Fetch requests. */
export function api(breaks: Record<string, Break> = {}) {
  const received: string[] = []
  const handler = {
    fetch(request: Request): Response {
      const { pathname } = new URL(request.url)
      const origin = request.headers.get('origin') ?? ''
      received.push(`${request.method} ${pathname} ${origin}`)
      const route = ROUTES[pathname]
      const phase = request.method === 'OPTIONS' ? 'preflight' : 'request'
      const response =
        route === undefined ? new Response('nothing here', { status: 404 }) : respond(route, phase, origin)
      return breaks[pathname]?.(response, request, phase) ?? response
    },
  }
  return { handler, received }
}

function respond(route: Route, phase: 'preflight' | 'request', origin: string): Response {
  const headers = new Headers({ 'x-total-count': '3' })
  if (route.any === true) headers.set('access-control-allow-origin', '*')
  else if ((route.allow ?? isOurs)(origin)) {
    headers.set('access-control-allow-origin', origin)
    headers.set('access-control-allow-credentials', 'true')
  }
  if (phase === 'preflight') {
    headers.set('access-control-allow-methods', 'GET, PUT, DELETE')
    headers.set('access-control-allow-headers', 'content-type, authorization')
    headers.set('access-control-max-age', '600')
    return new Response(null, { status: 204, headers })
  }
  headers.set('access-control-expose-headers', 'x-total-count')
  return new Response('{}', { status: route.status ?? 200, headers })
}
