/** Django with `django-cors-headers`. */
import { double, doubles, type ServerRemedies, text } from './remedy.js'

export const django: ServerRemedies = {
  titles: {
    policy: 'Allow this request with django-cors-headers',
    auth: 'Put CorsMiddleware first, before anything that authenticates',
    route: 'Put CorsMiddleware first: it answers OPTIONS itself',
    errors: 'Put CorsMiddleware first, so that error answers have the headers too',
    redirect: 'Put CorsMiddleware before CommonMiddleware, which adds slashes by redirecting',
    duplicate: 'Let only CorsMiddleware add the headers: remove them from the proxy or from views',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      '# settings.py',
      'INSTALLED_APPS += ["corsheaders"]',
      'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]  # first',
      origin === '*' ? 'CORS_ALLOW_ALL_ORIGINS = True' : `CORS_ALLOWED_ORIGINS = [${double(origin)}]`,
      methods.length > 0 && `CORS_ALLOW_METHODS = ${doubles(methods)}`,
      headers.length > 0 && `CORS_ALLOW_HEADERS = ${doubles(headers)}`,
      credentials && 'CORS_ALLOW_CREDENTIALS = True',
    ),
}
