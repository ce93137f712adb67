/** Caddy. */
import { double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** `defer` replaces what the server behind Caddy sends, so that no line is doubled. */
function snippet(needs: RemedyNeeds): string {
  const { kind, origins, methods, headers, exposed, credentials, maxAge } = needs
  const any = isAny(needs)
  const single = origins.length === 1
  return text(
    single && `@cors header Origin ${origins[0]}`,
    // The same field several times: any of the values will do.
    !single && '@cors {',
    ...origins.map((origin) => !single && `  header Origin ${origin}`),
    !single && '}',
    'header @cors {',
    `  Access-Control-Allow-Origin ${any ? '"*"' : single ? origins[0] : '{http.request.header.Origin}'}`,
    credentials && '  Access-Control-Allow-Credentials true',
    methods.length > 0 && `  Access-Control-Allow-Methods ${double(methods.join(', '))}`,
    headers.length > 0 && `  Access-Control-Allow-Headers ${double(headers.join(', '))}`,
    exposed.length > 0 && `  Access-Control-Expose-Headers ${double(exposed.join(', '))}`,
    maxAge !== undefined && `  Access-Control-Max-Age ${maxAge}`,
    '  defer',
    '}',
    !any && 'header +Vary Origin',
    '@preflight {',
    '  method OPTIONS',
    '  header Access-Control-Request-Method *',
    '}',
    'respond @preflight 204',
    kind === 'auth' && '@guarded not method OPTIONS',
    kind === 'auth' && '# and: basic_auth @guarded { … } or forward_auth @guarded …',
  )
}

export const caddy: ServerRemedies = {
  titles: {
    policy: 'Allow this request in Caddy',
    auth: 'Answer the preflight in Caddy, and let authentication pass over OPTIONS',
    route: 'Answer the preflight in Caddy',
    duplicate:
      'Write `defer`, so that Caddy replaces the header of the app behind it instead of adding a second',
  },
  snippet,
}
