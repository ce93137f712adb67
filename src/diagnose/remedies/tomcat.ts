/** Tomcat's CorsFilter. */
import { type ServerRemedies, text } from './remedy.js'

function parameter(name: string, value: string): string {
  const escaped = value.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `  <init-param><param-name>${name}</param-name><param-value>${escaped}</param-value></init-param>`
}

export const tomcat: ServerRemedies = {
  refusal: 403,
  titles: {
    policy: "Allow this request with Tomcat's CorsFilter (by default it allows no origin at all)",
    auth: 'Map the CorsFilter first, before the filter that authenticates',
    route: 'Map the CorsFilter to /*, so that it answers OPTIONS',
    errors: 'Map the CorsFilter to /*, before the filters that can fail',
  },
  snippet: ({ origins, methods, headers, exposed, credentials, maxAge }) =>
    text(
      '<!-- web.xml, before all other filters -->',
      '<filter>',
      '  <filter-name>CorsFilter</filter-name>',
      '  <filter-class>org.apache.catalina.filters.CorsFilter</filter-class>',
      parameter('cors.allowed.origins', origins.join(',')),
      methods.length > 0 &&
        parameter('cors.allowed.methods', [...new Set([...methods, 'OPTIONS'])].join(',')),
      headers.length > 0 && parameter('cors.allowed.headers', headers.join(',')),
      exposed.length > 0 && parameter('cors.exposed.headers', exposed.join(',')),
      credentials && parameter('cors.support.credentials', 'true'),
      maxAge !== undefined && parameter('cors.preflight.maxage', String(maxAge)),
      '</filter>',
      '<filter-mapping>',
      '  <filter-name>CorsFilter</filter-name>',
      '  <url-pattern>/*</url-pattern>',
      '</filter-mapping>',
    ),
}
