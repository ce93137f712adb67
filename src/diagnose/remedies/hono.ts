/** Hono. */
import { options } from './cors-options.js'
import { isAny, type ServerRemedies, singles, text } from './remedy.js'

export const hono: ServerRemedies = {
  titles: {
    policy: 'Allow this request with hono/cors, before the routes',
    auth: 'Put cors() before the middleware that authenticates',
    route: "Use cors() with app.use('*', …), so that it also answers OPTIONS",
    errors: 'Put cors() before everything that can fail',
    duplicate:
      'Let only cors() add the headers: remove them from the proxy and from handlers, or cors() from the app',
  },
  snippet: (needs) =>
    text(
      "import { cors } from 'hono/cors'",
      '',
      "app.use('*', cors({",
      isAny(needs) ? "  origin: '*'," : `  origin: ${singles(needs.origins)},`,
      ...options(needs, 'allowMethods', 'allowHeaders', 'exposeHeaders'),
      '}))',
    ),
}
