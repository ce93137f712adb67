/** Caddy. */
import { linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** Elsewhere Caddy has an order of its own, in which `respond` comes last. */
const ROUTE = [
  'route {',
  '  respond @extra_preflight 204',
  '  # move your basic_auth, forward_auth or redir in here, unchanged',
  '}',
]

/** `defer` replaces what the server behind Caddy sends, so that no line is doubled. */
function snippet(needs: RemedyNeeds): string {
  const { kind } = needs
  const lines = linesToSet(needs)
  const any = isAny(needs)
  const lists = listLines(lines, double, '{http.request.header.Access-Control-Request-Headers}')
  return text(
    `# ${onlyAsker(needs)}`,
    any ? '@extra_cors header Origin *' : `@extra_cors header Origin ${askerOf(needs)}`,
    'header @extra_cors {',
    lines.origin &&
      `  ${any ? '?Access-Control-Allow-Origin "*"' : `Access-Control-Allow-Origin ${askerOf(needs)}`}`,
    lines.credentials && '  Access-Control-Allow-Credentials true',
    ...lists.map(([name, value]) => `  ${name} ${value}`),
    '  defer',
    '}',
    !any && 'header +Vary Origin',
    ...(lines.preflight
      ? [
          '@extra_preflight {',
          '  method OPTIONS',
          `  header Origin ${askerOf(needs)}`,
          '  header Access-Control-Request-Method *',
          '}',
          ...(kind === 'auth' || kind === 'redirect' ? ROUTE : ['respond @extra_preflight 204']),
        ]
      : []),
  )
}

export const caddy: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in Caddy; or leave Caddy as it is, and change the app behind it where that sends the headers',
    auth: 'Respond to the preflight in Caddy, above basic_auth or forward_auth',
    route: 'Respond to the preflight in Caddy',
    redirect: 'Respond to the preflight in Caddy, above redir',
    duplicate:
      'Remove the header lines from Caddy, where the app behind adds the same; or leave both as they are, and have Caddy replace what the two send (defer)',
  },
  snippet,
}
