/** Express with the `cors` package. */
import { type ServerRemedies, singles, text } from './remedy.js'

export const express: ServerRemedies = {
  titles: {
    policy: 'Allow this request with the cors package, before the routes',
    auth: 'Put cors() before authentication: it answers the preflight itself',
    route: 'Use cors() with app.use(), not on single routes, so that it also answers OPTIONS',
    errors: 'Put cors() before everything that can fail, so that error answers have its headers too',
    redirect: 'Put cors() before the redirect: it answers the preflight itself',
    duplicate: 'Let only cors() add the headers: remove them from the proxy, or cors() from the app',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      "import cors from 'cors'",
      '',
      'app.use(cors({',
      origin === '*' ? "  origin: '*'," : `  origin: ${singles([origin])},`,
      methods.length > 0 && `  methods: ${singles(methods)},`,
      headers.length > 0 && `  allowedHeaders: ${singles(headers)},`,
      credentials && '  credentials: true,',
      '}))',
    ),
}
