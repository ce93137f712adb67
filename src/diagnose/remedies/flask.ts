/** Flask with `flask-cors`. */
import { doubles, isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

function snippet(needs: RemedyNeeds): string {
  const { kind, origins, methods, headers, exposed, credentials, maxAge } = needs
  return text(
    'from flask_cors import CORS',
    '',
    'CORS(',
    '    app,',
    isAny(needs) ? '    origins="*",' : `    origins=${doubles(origins)},`,
    methods.length > 0 && `    methods=${doubles(methods)},`,
    headers.length > 0 && `    allow_headers=${doubles(headers)},`,
    exposed.length > 0 && `    expose_headers=${doubles(exposed)},`,
    credentials && '    supports_credentials=True,',
    maxAge !== undefined && `    max_age=${maxAge},`,
    ')',
    kind === 'auth' && '',
    kind === 'auth' && '@app.before_request',
    kind === 'auth' && 'def authenticate():',
    kind === 'auth' && '    if request.method == "OPTIONS":',
    kind === 'auth' && '        return None  # a preflight carries no credentials',
    kind === 'redirect' && 'app.url_map.strict_slashes = False  # before the routes',
  )
}

export const flask: ServerRemedies = {
  titles: {
    policy: 'Allow this request with flask-cors',
    auth: 'Let OPTIONS pass in before_request: it runs before flask-cors',
    errors: 'Use CORS(app), not @cross_origin on single routes, so that error answers have the headers too',
    redirect: 'Switch strict slashes off, or ask for the URL with its slash',
    duplicate: 'Let only flask-cors add the headers: remove them from the proxy, or CORS(app) from the app',
  },
  snippet,
}
