/** Flask with `flask-cors`. */
import { guide, headersToWrite, isMove, methodsToWrite, onlyIfSet, unpacked, wildcardNote } from './in-app.js'
import { isAny, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']

/** Hooks run in the order of their registration, and the first one that returns a response ends them; flask-cors comes after. */
const PREFLIGHT = [
  '# above every other before_request; the rules of CORS(app) stay as they are',
  '@app.before_request',
  'def preflight():',
  '    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:',
  '        return app.make_default_options_response()',
]

function rules(needs: RemedyNeeds): (string | false)[] {
  const { origins, others, missing, credentials } = needs
  const methods = methodsToWrite(needs, METHODS)
  const headers = headersToWrite(needs, 'any')
  const listed = unpacked({ yours: others === 'some' ? 'yourOrigins' : null, items: origins })
  const note = wildcardNote(needs)
  return [
    'from flask_cors import CORS',
    '',
    ...guide(needs, { tool: 'CORS(app)', mark: '#', place: 'to the app itself' }),
    note !== null && `# ${note}`,
    'CORS(',
    '    app,',
    missing.origin && (isAny(needs) ? '    origins="*",' : `    origins=${listed},`),
    methods !== null && `    methods=${unpacked(methods)},${onlyIfSet(methods, '#')}`,
    headers !== null && `    allow_headers=${unpacked(headers)},${onlyIfSet(headers, '#')}`,
    credentials && missing.credentials && '    supports_credentials=True,',
    ')',
  ]
}

function snippet(needs: RemedyNeeds): string {
  const { kind, seen } = needs
  if (kind === 'duplicate') return ''
  if (kind === 'redirect') {
    return text('# above the routes; CORS(app) stays as it is', 'app.url_map.strict_slashes = False')
  }
  if (kind === 'auth') return text(...(seen ? [] : [...rules(needs), '']), ...PREFLIGHT)
  return isMove(needs) ? '' : text(...rules(needs))
}

export const flask: ServerRemedies = {
  titles: {
    policy: 'Allow this request with flask-cors',
    auth: 'Respond to preflights before the function that authenticates in before_request: it runs before flask-cors',
    route: 'Use CORS(app), not @cross_origin on single routes, and let the app respond to OPTIONS',
    errors:
      'Use CORS(app), not @cross_origin on single routes, so that error responses have the headers too; keep its options as they are',
    redirect: 'Switch strict slashes off, or ask for the URL with its slash',
    duplicate:
      'Let only flask-cors add the headers, as it does now: remove the lines of after_request or of the proxy that add them again',
  },
  snippet,
}
