/** Django with `django-cors-headers`. */
import { headersToWrite, methodsToWrite, unpacked, type WrittenList, wildcardNote } from './in-app.js'
import { isAny, isOrder, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

const METHODS = ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']
const HEADERS = ['accept', 'authorization', 'content-type', 'user-agent', 'x-csrftoken', 'x-requested-with']

/** Each once, wherever they stand now: an app that is installed twice stops Django. */
const FIRST = [
  'INSTALLED_APPS = list(dict.fromkeys([*INSTALLED_APPS, "corsheaders"]))',
  'MIDDLEWARE = list(dict.fromkeys(["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]))  # first',
]

/** Beside what a setting allows already, or beside the defaults of the package. */
function setting(
  name: string,
  list: WrittenList | null,
  seen: boolean,
  defaults: string,
  missing: readonly string[],
): string | false {
  if (list === null) return false
  if (!seen) return `${name} = ${unpacked({ yours: defaults, items: missing })}`
  const yours = list.yours === null ? null : `globals().get("${name}", ${defaults})`
  return `${name} = ${unpacked({ ...list, yours })}`
}

function settings(needs: RemedyNeeds): (string | false)[] {
  const { seen, origins, others, missing, hidden, credentials } = needs
  const methods = methodsToWrite(needs, METHODS)
  const headers = headersToWrite(needs, HEADERS)
  const named = missing.origin && !isAny(needs)
  const note = wildcardNote(needs)
  const defaults = [
    ...((!seen || hidden.methods) && methods !== null ? ['default_methods'] : []),
    ...((!seen || hidden.headers) && headers !== null ? ['default_headers'] : []),
  ]
  return [
    isOrder(needs)
      ? '# these only where the settings have no CORS_… yet:'
      : seen
        ? '# in place of the settings of the same name; the other CORS_… settings stay as they are'
        : '# existing CORS_… settings stay as they are, with these added to them',
    note !== null && `# ${note}`,
    defaults.length > 0 && `from corsheaders.defaults import ${defaults.join(', ')}`,
    missing.origin && isAny(needs) && 'CORS_ALLOW_ALL_ORIGINS = True',
    named &&
      `CORS_ALLOWED_ORIGINS = ${unpacked({ yours: others === 'some' ? 'CORS_ALLOWED_ORIGINS' : null, items: origins })}`,
    named && others === 'all' && 'CORS_ALLOW_ALL_ORIGINS = False',
    setting('CORS_ALLOW_METHODS', methods, seen, 'default_methods', missing.methods),
    setting('CORS_ALLOW_HEADERS', headers, seen, 'default_headers', missing.headers),
    credentials && missing.credentials && 'CORS_ALLOW_CREDENTIALS = True',
  ]
}

function snippet(needs: RemedyNeeds): string {
  if (needs.kind === 'duplicate') return ''
  return text(
    '# settings.py, at the end',
    ...(isOrder(needs) || !needs.seen ? FIRST : []),
    ...(isOrder(needs) && needs.seen ? [] : settings(needs)),
  )
}

export const django: ServerRemedies = {
  titles: {
    policy: 'Allow this request with django-cors-headers',
    auth: 'Put CorsMiddleware first, before anything that authenticates, and keep its settings as they are',
    route: 'Put CorsMiddleware first: it responds to OPTIONS itself',
    errors:
      'Put CorsMiddleware first, so that error responses have the headers too, and keep its settings as they are',
    redirected:
      'Put CorsMiddleware first, before everything that redirects, and keep its settings as they are',
    before: 'Put CorsMiddleware first, before everything that can respond, and keep its settings as they are',
    redirect:
      'Put CorsMiddleware before CommonMiddleware, which adds slashes by redirecting, and keep its settings as they are; and ask for the URL with its slash, or set APPEND_SLASH = False',
    duplicate:
      'Let only CorsMiddleware add the headers, as it does now: remove the lines of the view or proxy that adds them again',
  },
  snippet,
}
