/** Tomcat's CorsFilter. */
import { type ServerRemedies, text } from './remedy.js'

function parameter(name: string, value: string): string {
  const escaped = value.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `  <init-param><param-name>${name}</param-name><param-value>${escaped}</param-value></init-param>`
}

export const tomcat: ServerRemedies = {
  titles: {
    policy: 'Allow this request with Tomcat’s CorsFilter (by default it allows no origin at all)',
    auth: 'Map the CorsFilter first, before the filter that authenticates',
    route: 'Map the CorsFilter to /*, so that it answers OPTIONS',
    errors: 'Map the CorsFilter to /*, before the filters that can fail',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      '<!-- web.xml, before all other filters -->',
      '<filter>',
      '  <filter-name>CorsFilter</filter-name>',
      '  <filter-class>org.apache.catalina.filters.CorsFilter</filter-class>',
      parameter('cors.allowed.origins', origin),
      methods.length > 0 && parameter('cors.allowed.methods', [...methods, 'OPTIONS'].join(',')),
      headers.length > 0 && parameter('cors.allowed.headers', headers.join(',')),
      credentials && parameter('cors.support.credentials', 'true'),
      '</filter>',
      '<filter-mapping>',
      '  <filter-name>CorsFilter</filter-name>',
      '  <url-pattern>/*</url-pattern>',
      '</filter-mapping>',
    ),
}
