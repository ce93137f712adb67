/** Spring, with or without Spring Security. */
import { double, type ServerRemedies, text } from './remedy.js'

const list = (items: readonly string[]): string => `List.of(${items.map(double).join(', ')})`

export const spring: ServerRemedies = {
  refusal: 403,
  titles: {
    policy: 'Allow this request with a CorsFilter',
    auth: 'With Spring Security also write http.cors(Customizer.withDefaults()): it then runs before authentication',
    route: 'Use a CorsFilter instead of @CrossOrigin: it answers OPTIONS for every path',
    errors: 'Use a CorsFilter instead of @CrossOrigin: only a filter reaches error answers',
    duplicate: 'Use either a CorsFilter or @CrossOrigin and addCorsMappings, and nothing in the gateway',
  },
  snippet: ({ origins, methods, headers, exposed, credentials, maxAge }) =>
    text(
      '@Bean',
      'CorsFilter corsFilter() {',
      '  var cors = new CorsConfiguration();',
      `  cors.setAllowedOrigins(${list(origins)});`,
      methods.length > 0 && `  cors.setAllowedMethods(${list(methods)});`,
      headers.length > 0 && `  cors.setAllowedHeaders(${list(headers)});`,
      exposed.length > 0 && `  cors.setExposedHeaders(${list(exposed)});`,
      credentials && '  cors.setAllowCredentials(true);',
      maxAge !== undefined && `  cors.setMaxAge(${maxAge}L);`,
      '  var source = new UrlBasedCorsConfigurationSource();',
      '  source.registerCorsConfiguration("/**", cors);',
      '  return new CorsFilter(source);',
      '}',
    ),
}
