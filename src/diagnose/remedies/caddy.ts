/** Caddy. */
import { double, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** `defer` replaces what the server behind Caddy sends, so that no line is doubled. */
function snippet({ kind, origin, methods, headers, credentials }: RemedyNeeds): string {
  return text(
    origin === '*' ? '@cors header Origin *' : `@cors header Origin ${origin}`,
    'header @cors {',
    `  Access-Control-Allow-Origin ${origin === '*' ? '"*"' : origin}`,
    credentials && '  Access-Control-Allow-Credentials true',
    methods.length > 0 && `  Access-Control-Allow-Methods ${double(methods.join(', '))}`,
    headers.length > 0 && `  Access-Control-Allow-Headers ${double(headers.join(', '))}`,
    '  defer',
    '}',
    origin !== '*' && 'header +Vary Origin',
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
