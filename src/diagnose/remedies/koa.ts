/** Koa with `@koa/cors`. */
import { options } from './cors-options.js'
import { isAny, type ServerRemedies, singles, text } from './remedy.js'

export const koa: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @koa/cors, before the routes',
    auth: 'Put cors() before the middleware that authenticates',
    route: 'Put cors() before the router, so that it answers OPTIONS',
    errors: 'Put cors() first, and leave keepHeadersOnError as it is (true)',
    duplicate:
      'Let only cors() add the headers: remove them from the proxy and from handlers, or cors() from the app',
  },
  snippet: (needs) =>
    text(
      "import cors from '@koa/cors'",
      '',
      !isAny(needs) && `const allowed = ${singles(needs.origins)}`,
      'app.use(cors({',
      isAny(needs)
        ? "  origin: '*',"
        : "  origin: (ctx) => (allowed.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),",
      ...options(needs, 'allowMethods', 'allowHeaders', 'exposeHeaders'),
      '}))',
    ),
}
