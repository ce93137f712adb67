/** HAProxy. */
import { linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

function snippet(needs: RemedyNeeds): string {
  const lines = linesToSet(needs)
  const any = isAny(needs)
  const asks = any
    ? '{ var(txn.extra_cors_origin) -m found }'
    : `{ var(txn.extra_cors_origin) -m str ${askerOf(needs)} }`
  const set = (name: string, value: string): string =>
    `http-after-response set-header ${name} ${value} if ${asks}`
  return text(
    `# in the frontend; ${onlyAsker(needs)}`,
    '# above the existing http-request lines',
    'http-request set-var(txn.extra_cors_origin) req.hdr(Origin)',
    lines.echoesHeaders &&
      'http-request set-var(txn.extra_cors_headers) req.fhdr(Access-Control-Request-Headers)',
    lines.preflight &&
      `http-request return status 204 if METH_OPTIONS { req.hdr(Access-Control-Request-Method) -m found } ${asks}`,
    "# below the existing http-response and http-after-response lines; the latter also cover HAProxy's own errors",
    lines.origin &&
      (any
        ? `${set('Access-Control-Allow-Origin', '*')} !{ res.hdr(Access-Control-Allow-Origin) -m found }`
        : set('Access-Control-Allow-Origin', '%[var(txn.extra_cors_origin)]')),
    !any && 'http-after-response add-header Vary Origin',
    lines.credentials && set('Access-Control-Allow-Credentials', 'true'),
    ...listLines(lines, double, '%[var(txn.extra_cors_headers)]').map(([name, value]) => set(name, value)),
  )
}

export const haproxy: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in HAProxy; or leave HAProxy as it is, and change the app behind it where that sends the headers',
    auth: 'Respond to the preflight in HAProxy, above http-request auth',
    route: 'Respond to the preflight in HAProxy',
    errors:
      "Write http-after-response in place of http-response in the existing lines for CORS: http-response does not cover HAProxy's own errors; or, where the app behind sends the headers, write",
    redirect: 'Respond to the preflight in HAProxy, above http-request redirect',
    duplicate:
      'Remove the lines from HAProxy, where the app behind adds the same; or leave both as they are, and have HAProxy replace what the two send (set-header, where add-header doubles)',
  },
  snippet,
}
