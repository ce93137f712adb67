/** Express with the `cors` package. */
import { options } from './cors-options.js'
import { isAny, type ServerRemedies, singles, text } from './remedy.js'

export const express: ServerRemedies = {
  titles: {
    policy: 'Allow this request with the cors package, before the routes',
    auth: 'Put cors() before authentication: it answers the preflight itself',
    route:
      "Use cors() with app.use(), before the routes: on a single route it does not answer OPTIONS, unless app.options('/{*path}', cors()) does",
    errors: 'Put cors() before everything that can fail, so that error answers have its headers too',
    redirect: 'Put cors() before the redirect: it answers the preflight itself',
    duplicate:
      'Let only cors() add the headers: remove them from the proxy and from handlers, or cors() from the app',
  },
  snippet: (needs) =>
    text(
      "import cors from 'cors'",
      '',
      'app.use(cors({',
      isAny(needs) ? "  origin: '*'," : `  origin: ${singles(needs.origins)},`,
      ...options(needs, 'methods', 'allowedHeaders', 'exposedHeaders'),
      '}))',
    ),
}
