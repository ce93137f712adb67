/** Tomcat's CorsFilter. */
import { isMove, wildcardNote } from './in-app.js'
import { isOrder, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

function parameter(name: string, value: string): string {
  const escaped = value.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `  <init-param><param-name>${name}</param-name><param-value>${escaped}</param-value></init-param>`
}

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']
const HEADERS = ['Origin', 'Accept', 'X-Requested-With', 'Content-Type']

/** Parameters that are left out are at their defaults, so that these stay where a list is written and none is known to be there. */
function parameters(needs: RemedyNeeds): (string | false)[] {
  const { seen, origins, missing, hidden, methods, headers, credentials } = needs
  const list = (defaults: readonly string[], items: readonly string[]): string =>
    [...new Map([...defaults, ...items].map((item) => [item.toLowerCase(), item])).values()].join(',')
  return [
    missing.origin && parameter('cors.allowed.origins', origins.join(',')),
    missing.methods.length > 0 &&
      parameter('cors.allowed.methods', list(seen && !hidden.methods ? ['OPTIONS'] : METHODS, methods)),
    missing.headers.length > 0 &&
      parameter('cors.allowed.headers', list(seen && !hidden.headers ? [] : HEADERS, headers)),
    credentials && missing.credentials && parameter('cors.support.credentials', 'true'),
  ]
}

/** A list that is there need not hold the defaults. */
function addedOnly({ missing, hidden }: RemedyNeeds): string[] {
  return [
    ...(hidden.methods && missing.methods.length > 0
      ? [['cors.allowed.methods', missing.methods] as const]
      : []),
    ...(hidden.headers && missing.headers.length > 0
      ? [['cors.allowed.headers', missing.headers] as const]
      : []),
  ].map(
    ([name, items]) =>
      `<!-- If ${name} is there already, keep its value and add only: ${items.join(',')} -->`,
  )
}

function snippet(needs: RemedyNeeds): string {
  if (needs.kind === 'duplicate' || isMove(needs)) return ''
  const note = wildcardNote(needs)
  return text(
    isOrder(needs)
      ? '<!-- web.xml, above all other filters. If the CorsFilter is there already, move it here as it is; otherwise: -->'
      : needs.seen
        ? '<!-- web.xml, in the existing CorsFilter: add to the values, and keep the existing ones -->'
        : '<!-- web.xml, above all other filters. If the CorsFilter is there already, add to its values and keep the existing ones -->',
    ...addedOnly(needs),
    note !== null && `<!-- ${note} -->`,
    '<filter>',
    '  <filter-name>CorsFilter</filter-name>',
    '  <filter-class>org.apache.catalina.filters.CorsFilter</filter-class>',
    ...parameters(needs),
    '</filter>',
    '<filter-mapping>',
    '  <filter-name>CorsFilter</filter-name>',
    '  <url-pattern>/*</url-pattern>',
    '</filter-mapping>',
  )
}

export const tomcat: ServerRemedies = {
  refusal: 403,
  titles: {
    policy: "Allow this request with Tomcat's CorsFilter (by default it allows no origin at all)",
    auth: 'Map the CorsFilter above the filter that authenticates, with its parameters as they are',
    route: 'Map the CorsFilter to /*, so that it responds to OPTIONS',
    errors: 'Map the CorsFilter to /*, above the filters that can fail, with its parameters as they are',
    redirect: 'Map the CorsFilter above the filter that redirects, with its parameters as they are',
    duplicate:
      'Let only the CorsFilter add the headers, as it does now: remove the lines of the servlet or proxy that adds them again',
  },
  snippet,
}
