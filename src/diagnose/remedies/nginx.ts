/** nginx. */
import { type Lines, linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** A location of its own has its own add_header lines, whatever those around it are, and runs before authentication and redirects. */
function preflight(needs: RemedyNeeds, lines: Lines): { http: string[]; server: string[] } {
  if (!lines.preflight) return { http: [], server: [] }
  const origin = isAny(needs) ? '.+' : askerOf(needs).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return {
    http: [
      'map "$request_method $http_access_control_request_method $http_origin" $extra_cors_preflight {',
      '  default 0;',
      `  ${double(`~^OPTIONS \\S+ ${origin}$`).replaceAll('\\\\', '\\')} 1;`,
      '}',
    ],
    server: [
      'if ($extra_cors_preflight) { rewrite ^ /cors-preflight last; }',
      'location = /cors-preflight {',
      '  internal;',
      `  add_header Access-Control-Allow-Origin ${isAny(needs) ? '"*"' : '$http_origin'};`,
      ...(isAny(needs) ? [] : ['  add_header Vary Origin;']),
      ...(lines.credentials ? ['  add_header Access-Control-Allow-Credentials true;'] : []),
      ...listLines(lines, double, '$http_access_control_request_headers').map(
        ([name, value]) => `  add_header ${name} ${value};`,
      ),
      '  return 204;',
      '}',
    ],
  }
}

/** Empty values are not sent, and `$sent_http_…` is what the app behind and the lines above have added. */
function actual(needs: RemedyNeeds, { origin, credentials }: Lines): { http: string[]; server: string[] } {
  const any = isAny(needs)
  if (!origin && !credentials) return { http: [], server: [] }
  return {
    http: [
      `map $http_origin $extra_cors_origin { default ""; ${any ? '~. "*"' : `${double(askerOf(needs))} $http_origin`}; }`,
      ...(origin
        ? [
            'map $sent_http_access_control_allow_origin $extra_cors_origin_once { default ""; "" $extra_cors_origin; }',
          ]
        : []),
      ...(credentials
        ? [
            'map "$sent_http_access_control_allow_credentials $extra_cors_origin" $extra_cors_credentials_once { default ""; "~^ ." true; }',
          ]
        : []),
    ],
    server: [
      ...(origin ? ['add_header Access-Control-Allow-Origin $extra_cors_origin_once always;'] : []),
      ...(origin && !any ? ['add_header Vary Origin always;'] : []),
      ...(credentials
        ? ['add_header Access-Control-Allow-Credentials $extra_cors_credentials_once always;']
        : []),
    ],
  }
}

/** What the app sends is hidden, and sent again where nginx has added nothing, so that no origin loses what only one of the two allows. */
function once(names: readonly string[]): { http: string[]; server: string[] } {
  const variable = (name: string): string => name.toLowerCase().replaceAll('-', '_')
  return {
    http: names.map(
      (name) =>
        `map $sent_http_${variable(name)} $app_${variable(name)} { default ""; "" $upstream_http_${variable(name)}; }`,
    ),
    server: names.flatMap((name) => [
      `proxy_hide_header ${name};`,
      `add_header ${name} $app_${variable(name)} always;`,
    ]),
  }
}

/** Where something else is sent to this origin, it has to be taken away: `proxy_hide_header` and a default do that without losing it for others. */
function replaced(needs: RemedyNeeds, lines: Lines): { http: string[]; server: string[] } {
  const sent = '$upstream_http_access_control_allow_origin'
  const stays = needs.others === 'all' ? '*' : needs.origins.length > 1 ? needs.origins[0] : undefined
  return {
    http: [
      'map $http_origin $extra_cors_origin {',
      `  default ${sent};${stays === undefined ? '' : `  # what the app sends; where nginx adds it: default ${double(stays)};`}`,
      `  ${double(askerOf(needs))} $http_origin;`,
      '}',
      ...(lines.credentials
        ? [
            'map $http_origin $extra_cors_credentials {',
            '  default $upstream_http_access_control_allow_credentials;',
            `  ${double(askerOf(needs))} true;`,
            '}',
          ]
        : []),
    ],
    server: [
      'proxy_hide_header Access-Control-Allow-Origin;',
      'add_header Access-Control-Allow-Origin $extra_cors_origin always;  # in place of the existing one, if nginx has one',
      'add_header Vary Origin always;',
      ...(lines.credentials
        ? [
            'proxy_hide_header Access-Control-Allow-Credentials;',
            'add_header Access-Control-Allow-Credentials $extra_cors_credentials always;',
          ]
        : []),
    ],
  }
}

function snippet(needs: RemedyNeeds): string {
  if (needs.kind === 'duplicate') {
    const { http, server } = once(needs.doubled)
    return text('# in http { }', ...http, '# below the existing add_header lines, in the same { }', ...server)
  }
  // A preflight response with lines in an `if` cannot be added to from outside of it.
  const lines = linesToSet(needs, needs.preflight !== 'passed')
  const first = preflight(needs, lines)
  const isReplaced =
    needs.missing.origin && !isAny(needs) && (needs.others === 'all' || needs.origins.length > 1)
  const isOrigin = needs.missing.origin || needs.preflight === 'refused'
  const second = isReplaced
    ? replaced(needs, lines)
    : actual(needs, { ...lines, origin: isOrigin, credentials: lines.credentials })
  return text(
    `# in http { }; ${onlyAsker(needs)}`,
    ...first.http,
    ...second.http,
    ...(first.server.length > 0 ? ['# in server { }, at its top', ...first.server] : []),
    ...(second.server.length > 0
      ? [
          '# in server { }, and again below the add_header lines of each { } inside that has some, of an if too',
          ...second.server,
        ]
      : []),
  )
}

export const nginx: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in nginx; or leave nginx as it is, and change the app behind it where that sends the headers',
    auth: 'Respond to the preflight in nginx, before auth_basic or auth_request run',
    route: 'Respond to the preflight in nginx',
    errors:
      'Write `always` at the end of the existing add_header lines for CORS (those in an `if` too): without it nginx leaves them out of error responses; or, where the app behind sends the headers, write',
    redirect: 'Respond to the preflight in nginx, before it redirects',
    duplicate:
      'Remove the add_header lines from nginx, where the app behind adds the same; or leave both as they are, and hide what the app sends where nginx adds it',
  },
  snippet,
  cache: {
    title:
      'Have proxy_cache keep the responses to different origins apart; then empty it. Or, where another cache has kept the response, do so there',
    snippet: text(
      '# beside proxy_cache; where a proxy_cache_key is there, add only $http_origin to it',
      'proxy_cache_key "$scheme$proxy_host$request_uri $http_origin";',
    ),
  },
}
