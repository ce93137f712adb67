/** Hono. */
import { type ServerRemedies, singles, text } from './remedy.js'

export const hono: ServerRemedies = {
  titles: {
    policy: 'Allow this request with hono/cors, before the routes',
    auth: 'Put cors() before the middleware that authenticates',
    route: "Use cors() with app.use('*', …), so that it also answers OPTIONS",
    errors: 'Put cors() before everything that can fail',
    duplicate: 'Let only cors() add the headers: remove them from the proxy, or cors() from the app',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      "import { cors } from 'hono/cors'",
      '',
      "app.use('*', cors({",
      origin === '*' ? "  origin: '*'," : `  origin: ${singles([origin])},`,
      methods.length > 0 && `  allowMethods: ${singles(methods)},`,
      headers.length > 0 && `  allowHeaders: ${singles(headers)},`,
      credentials && '  credentials: true,',
      '}))',
    ),
}
