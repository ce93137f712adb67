/** nginx. */
import { double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** `always`: without it error answers have no headers. Empty values are not sent. */
function snippet(needs: RemedyNeeds): string {
  const { kind, origins, methods, headers, exposed, credentials, maxAge } = needs
  const any = isAny(needs)
  const preflighted = methods.length > 0 || headers.length > 0
  return text(
    !any && '# in http { }',
    !any && 'map $http_origin $cors_origin {',
    !any && '  default "";',
    ...origins.map((origin) => !any && `  ${double(origin)} $http_origin;`),
    !any && '}',
    '# in server { } or location { }; one add_header further in drops them all',
    kind === 'duplicate' && 'proxy_hide_header Access-Control-Allow-Origin;',
    kind === 'duplicate' && 'proxy_hide_header Access-Control-Allow-Credentials;',
    `add_header Access-Control-Allow-Origin ${any ? '"*"' : '$cors_origin'} always;`,
    !any && 'add_header Vary Origin always;',
    credentials && 'add_header Access-Control-Allow-Credentials true always;',
    methods.length > 0 && `add_header Access-Control-Allow-Methods ${double(methods.join(', '))} always;`,
    headers.length > 0 && `add_header Access-Control-Allow-Headers ${double(headers.join(', '))} always;`,
    exposed.length > 0 && `add_header Access-Control-Expose-Headers ${double(exposed.join(', '))} always;`,
    maxAge !== undefined && `add_header Access-Control-Max-Age ${maxAge} always;`,
    (preflighted || kind === 'auth') && 'if ($request_method = OPTIONS) { return 204; }',
  )
}

export const nginx: ServerRemedies = {
  titles: {
    policy: 'Allow this request in nginx',
    auth: 'Answer the preflight in nginx, before auth_basic or auth_request run',
    route: 'Answer the preflight in nginx',
    errors: 'Write `always`: without it nginx leaves the headers out of error answers',
    redirect: 'Answer the preflight in nginx, before it redirects',
    duplicate: 'Let only one layer add the headers: hide those of the app behind nginx, or remove add_header',
  },
  snippet,
}
