/** Apache httpd. */
import { linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** What is in the other of Apache's two tables, where the app's lines go, is taken out of it. */
function set(name: string, value: string): string[] {
  return [
    `Header unset ${name} env=EXTRA_CORS_ORIGIN`,
    `Header always set ${name} ${value} env=EXTRA_CORS_ORIGIN`,
  ]
}

function snippet(needs: RemedyNeeds): string {
  const lines = linesToSet(needs)
  const any = isAny(needs)
  const empty = `"expr=-z resp('Access-Control-Allow-Origin')"`
  const pattern = askerOf(needs).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text(
    '# mod_headers, mod_setenvif and mod_rewrite, in the server or virtual host, below the existing Header lines',
    `# ${onlyAsker(needs)}`,
    `SetEnvIf Origin ${any ? '.' : `"^${pattern}$"`} EXTRA_CORS_ORIGIN=$0`,
    ...(any
      ? lines.origin
        ? [`Header always set Access-Control-Allow-Origin "*" ${empty}`]
        : []
      : [
          ...(lines.origin ? set('Access-Control-Allow-Origin', '"%{EXTRA_CORS_ORIGIN}e"') : []),
          'Header always merge Vary Origin',
          ...(lines.credentials ? set('Access-Control-Allow-Credentials', 'true') : []),
        ]),
    ...listLines(lines, double, '"expr=%{req:Access-Control-Request-Headers}"').flatMap(([name, value]) =>
      set(name, value),
    ),
    ...(lines.preflight
      ? [
          'RewriteEngine On',
          'RewriteCond %{REQUEST_METHOD} =OPTIONS',
          'RewriteCond %{HTTP:Access-Control-Request-Method} .',
          'RewriteCond %{ENV:EXTRA_CORS_ORIGIN} .',
          'RewriteRule ^ - [R=204,L]',
        ]
      : []),
  )
}

export const apache: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in Apache; or leave Apache as it is, and change the app behind it where that sends the headers',
    auth: 'Respond to the preflight in Apache, before authentication runs (not in .htaccess: that is too late)',
    route: 'Respond to the preflight in Apache',
    errors:
      'Write `Header always` in the existing Header lines for CORS: without it Apache leaves them out of error responses; or, where the app behind sends the headers, write',
    redirect: 'Respond to the preflight in Apache, above the rule that redirects',
    duplicate:
      'Remove the Header lines from Apache, where the app behind adds the same; or leave both as they are, and have Apache replace what the two send',
  },
  snippet,
}
