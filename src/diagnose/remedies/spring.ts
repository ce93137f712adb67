/** Spring, with or without Spring Security. */
import { isMove, wildcardNote } from './in-app.js'
import { double, isAny, isOrder, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** What a configuration allows that names no method. */
const DEFAULTS = ['GET', 'HEAD']

/** Whether no method may be named so far. */
function addsDefaults({ seen, missing, hidden }: RemedyNeeds): boolean {
  return seen && hidden.methods && missing.methods.length > 0
}

/** `add…` extends what a configuration allows already. */
function additions(needs: RemedyNeeds): string[] {
  const { seen, origins, others, missing, methods, headers, credentials, reflectsHeaders } = needs
  const add = (what: string, items: readonly string[]): string[] =>
    items.map((item) => `  cors.addAllowed${what}(${double(item)});`)
  return [
    ...(missing.origin
      ? others === 'all' && !isAny(needs)
        ? [`  cors.setAllowedOrigins(List.of(${origins.map(double).join(', ')}));`]
        : add('Origin', origins)
      : []),
    ...add('Method', seen ? [...(addsDefaults(needs) ? DEFAULTS : []), ...missing.methods] : methods),
    ...add('Header', seen ? missing.headers : reflectsHeaders ? [] : headers),
    ...(credentials && missing.credentials ? ['  cors.setAllowCredentials(true);'] : []),
  ]
}

function snippet(needs: RemedyNeeds): string {
  if (needs.kind === 'duplicate' || isMove(needs)) return ''
  const note = wildcardNote(needs)
  if (needs.seen && !isOrder(needs))
    return text(
      '// In the existing CorsConfiguration: add this, and keep the rest',
      addsDefaults(needs) &&
        `// ${DEFAULTS.join(' and ')} are the defaults, which end with the first method that is added`,
      note !== null && `// ${note}`,
      ...additions(needs).map((line) => line.trim()),
    )
  return text(
    isOrder(needs)
      ? '// If there is a CorsFilter already, order it above all other filters as it is, and add only what it lacks of these; otherwise:'
      : '// If there is a CorsConfiguration already, keep it and add these lines to it; otherwise:',
    note !== null && `// ${note}`,
    '@Bean',
    'CorsFilter corsFilter() {',
    '  var cors = new CorsConfiguration();',
    ...additions(needs),
    '  var source = new UrlBasedCorsConfigurationSource();',
    '  source.registerCorsConfiguration("/**", cors);',
    '  return new CorsFilter(source);',
    '}',
  )
}

export const spring: ServerRemedies = {
  refusal: 403,
  titles: {
    policy: 'Allow this request with a CorsFilter',
    auth: 'Order the CorsFilter above authentication, with its configuration as it is; with Spring Security write http.cors(Customizer.withDefaults())',
    route:
      'Use a CorsFilter instead of @CrossOrigin, with the same rules: it responds to OPTIONS for every path',
    errors:
      'Use a CorsFilter instead of @CrossOrigin, with the same rules: only a filter reaches error responses',
    redirect: 'Order the CorsFilter above the filter that redirects, with its configuration as it is',
    duplicate:
      'Let only the CorsFilter add the headers, as it does now: remove @CrossOrigin, addCorsMappings and the lines of the gateway that add them again',
  },
  snippet,
}
