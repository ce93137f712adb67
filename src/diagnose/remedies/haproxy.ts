/** HAProxy. */
import { double, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

function snippet(needs: RemedyNeeds): string {
  const { origins, methods, headers, exposed, credentials, maxAge } = needs
  const any = isAny(needs)
  const when = any ? '' : ` if { var(txn.origin) -m str ${origins.join(' ')} }`
  return text(
    "# in the frontend; http-after-response also covers HAProxy's own errors",
    !any && 'http-request set-var(txn.origin) req.hdr(Origin)',
    'http-request return status 204 if METH_OPTIONS { req.hdr(Access-Control-Request-Method) -m found }',
    `http-after-response set-header Access-Control-Allow-Origin ${any ? '*' : '%[var(txn.origin)]'}${when}`,
    !any && 'http-after-response add-header Vary Origin',
    credentials && `http-after-response set-header Access-Control-Allow-Credentials true${when}`,
    methods.length > 0 &&
      `http-after-response set-header Access-Control-Allow-Methods ${double(methods.join(', '))}${when}`,
    headers.length > 0 &&
      `http-after-response set-header Access-Control-Allow-Headers ${double(headers.join(', '))}${when}`,
    exposed.length > 0 &&
      `http-after-response set-header Access-Control-Expose-Headers ${double(exposed.join(', '))}${when}`,
    maxAge !== undefined && `http-after-response set-header Access-Control-Max-Age ${maxAge}${when}`,
  )
}

export const haproxy: ServerRemedies = {
  titles: {
    policy: 'Allow this request in HAProxy',
    auth: 'Answer the preflight in HAProxy, above http-request auth',
    route: 'Answer the preflight in HAProxy',
    errors: "Use http-after-response: http-response does not cover HAProxy's own errors",
    duplicate: 'Use set-header, which replaces, and not add-header, which doubles',
  },
  snippet,
}
