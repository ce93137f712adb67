/** Django with `django-cors-headers`. */
import { doubles, isAny, type ServerRemedies, text } from './remedy.js'

export const django: ServerRemedies = {
  titles: {
    policy: 'Allow this request with django-cors-headers',
    auth: 'Put CorsMiddleware first, before anything that authenticates',
    route: 'Put CorsMiddleware first: it answers OPTIONS itself',
    errors: 'Put CorsMiddleware first, so that error answers have the headers too',
    redirect: 'Put CorsMiddleware before CommonMiddleware, which adds slashes by redirecting',
    duplicate: 'Let only CorsMiddleware add the headers: remove them from the proxy or from views',
  },
  snippet: (needs) => {
    const { origins, methods, headers, exposed, credentials, maxAge } = needs
    return text(
      '# settings.py',
      'INSTALLED_APPS += ["corsheaders"]',
      'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]  # first',
      isAny(needs) ? 'CORS_ALLOW_ALL_ORIGINS = True' : `CORS_ALLOWED_ORIGINS = ${doubles(origins)}`,
      methods.length > 0 && `CORS_ALLOW_METHODS = ${doubles(methods)}`,
      headers.length > 0 && `CORS_ALLOW_HEADERS = ${doubles(headers)}`,
      exposed.length > 0 && `CORS_EXPOSE_HEADERS = ${doubles(exposed)}`,
      credentials && 'CORS_ALLOW_CREDENTIALS = True',
      maxAge !== undefined && `CORS_PREFLIGHT_MAX_AGE = ${maxAge}`,
    )
  },
}
