/** Apache httpd. */
import { double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

function snippet(needs: RemedyNeeds): string {
  const { kind, origins, methods, headers, exposed, credentials, maxAge } = needs
  const any = isAny(needs)
  const pattern = origins.map((origin) => origin.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const when = any ? '' : ' env=CORS_ORIGIN'
  return text(
    '# mod_headers, mod_setenvif and mod_rewrite, in the server or virtual host',
    !any && `SetEnvIf Origin "^${origins.length > 1 ? `(${pattern})` : pattern}$" CORS_ORIGIN=$0`,
    kind === 'duplicate' && 'Header unset Access-Control-Allow-Origin',
    kind === 'duplicate' && 'Header unset Access-Control-Allow-Credentials',
    `Header always set Access-Control-Allow-Origin ${any ? '"*"' : '"%{CORS_ORIGIN}e"'}${when}`,
    !any && 'Header always merge Vary Origin',
    credentials && `Header always set Access-Control-Allow-Credentials true${when}`,
    methods.length > 0 &&
      `Header always set Access-Control-Allow-Methods ${double(methods.join(', '))}${when}`,
    headers.length > 0 &&
      `Header always set Access-Control-Allow-Headers ${double(headers.join(', '))}${when}`,
    exposed.length > 0 &&
      `Header always set Access-Control-Expose-Headers ${double(exposed.join(', '))}${when}`,
    maxAge !== undefined && `Header always set Access-Control-Max-Age ${maxAge}${when}`,
    'RewriteEngine On',
    'RewriteCond %{REQUEST_METHOD} =OPTIONS',
    'RewriteCond %{HTTP:Access-Control-Request-Method} .',
    'RewriteRule ^ - [R=204,L]',
  )
}

export const apache: ServerRemedies = {
  titles: {
    policy: 'Allow this request in Apache',
    auth: 'Answer the preflight in Apache, before authentication runs (not in .htaccess: that is too late)',
    route: 'Answer the preflight in Apache',
    errors: 'Write `Header always`: without it Apache leaves the headers out of error answers',
    redirect: 'Answer the preflight in Apache, above the rule that redirects',
    duplicate:
      'Let only one layer add the headers: unset those of the app behind Apache, or remove Header set',
  },
  snippet,
}
