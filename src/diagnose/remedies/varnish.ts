/** Varnish. */
import { linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** Subroutines of the same name are put together in the order of the file. */
function snippet(needs: RemedyNeeds): string {
  const lines = linesToSet(needs)
  const any = isAny(needs)
  const asks = any ? 'req.http.Origin' : `req.http.Origin == ${double(askerOf(needs))}`
  const asked = 'req.method == "OPTIONS" && req.http.Access-Control-Request-Method'
  const set = (name: string, value: string): string => `    set resp.http.${name} = ${value};`
  const named = any
    ? lines.origin &&
      '    if (!resp.http.Access-Control-Allow-Origin) { set resp.http.Access-Control-Allow-Origin = "*"; }'
    : lines.origin && set('Access-Control-Allow-Origin', 'req.http.Origin')
  const rules = text(
    named,
    lines.credentials && set('Access-Control-Allow-Credentials', '"true"'),
    ...listLines(lines, double, 'req.http.Access-Control-Request-Headers').map(([name, value]) =>
      set(name, /^\d+$/.test(value) ? double(value) : value),
    ),
  )
  const vary =
    '  if (resp.http.Vary !~ "(?i)\\borigin\\b") { set resp.http.Vary = regsub(resp.http.Vary + ", Origin", "^, ", ""); }'
  const sub = (name: string): string[] => [
    `sub ${name} {`,
    ...(any ? [] : [vary]),
    `  if (${asks}) {`,
    rules,
    '  }',
    '}',
  ]
  return text(
    `# ${onlyAsker(needs)}`,
    ...(lines.preflight
      ? [
          '# above the existing vcl_recv',
          'sub vcl_recv {',
          `  if (${asked} && ${asks}) { return (synth(204)); }`,
          '}',
        ]
      : []),
    '# below the existing vcl_deliver; where that ends in return (deliver), above the return',
    ...sub('vcl_deliver'),
    "# below the existing vcl_synth, in the same way: Varnish's own responses",
    ...sub('vcl_synth'),
  )
}

export const varnish: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in Varnish; or leave Varnish as it is, and change the app behind it where that sends the headers',
    auth: 'Respond to the preflight in Varnish, before authentication runs',
    route: 'Respond to the preflight in Varnish',
    errors: 'Add the headers in Varnish, where they are missing from its own error responses too',
    redirect: 'Respond to the preflight in Varnish, above what redirects',
  },
  snippet,
  cache: {
    title:
      'Have Varnish keep the responses to different origins apart; then purge what it holds. Or, where another cache has kept the response, do so there',
    snippet: text(
      '# above the vcl_hash that is there',
      'sub vcl_hash {',
      '  hash_data(req.http.Origin);',
      '}',
    ),
  },
}
