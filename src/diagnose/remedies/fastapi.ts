/** FastAPI and Starlette. */
import { doubles, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** Around the whole app, since the middleware that turns exceptions into 500 is outside of all others. */
function snippet({ kind, origins, methods, headers, exposed, credentials, maxAge }: RemedyNeeds): string {
  const around = kind === 'errors'
  return text(
    'from fastapi.middleware.cors import CORSMiddleware',
    '',
    around
      ? 'app = CORSMiddleware(  # around the app, as the last line'
      : 'app.add_middleware(  # the last one added runs first',
    around ? '    app,' : '    CORSMiddleware,',
    `    allow_origins=${doubles(origins)},`,
    methods.length > 0 && `    allow_methods=${doubles(methods)},`,
    headers.length > 0 && `    allow_headers=${doubles(headers)},`,
    exposed.length > 0 && `    expose_headers=${doubles(exposed)},`,
    credentials && '    allow_credentials=True,',
    maxAge !== undefined && `    max_age=${maxAge},`,
    ')',
  )
}

export const fastapi: ServerRemedies = {
  titles: {
    policy: 'Allow this request with CORSMiddleware',
    auth: 'Add CORSMiddleware after the middleware that authenticates: the last one added runs first',
    route: 'Add CORSMiddleware to the app itself, so that it answers OPTIONS',
    errors: 'Wrap the whole app in CORSMiddleware: added with add_middleware it never sees a 500',
    duplicate: 'Let only CORSMiddleware add the headers: remove them from the proxy, or it from the app',
  },
  snippet,
}
