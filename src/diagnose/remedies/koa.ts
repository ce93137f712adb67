/** Koa with `@koa/cors`. */
import { type ServerRemedies, singles, text } from './remedy.js'

export const koa: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @koa/cors, before the routes',
    auth: 'Put cors() before the middleware that authenticates',
    route: 'Put cors() before the router, so that it answers OPTIONS',
    errors: 'Put cors() first, and leave keepHeadersOnError as it is (true)',
    duplicate: 'Let only cors() add the headers: remove them from the proxy, or cors() from the app',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      "import cors from '@koa/cors'",
      '',
      origin !== '*' && `const allowed = ${singles([origin])}`,
      'app.use(cors({',
      origin === '*'
        ? "  origin: '*',"
        : "  origin: (ctx) => (allowed.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),",
      methods.length > 0 && `  allowMethods: ${singles(methods)},`,
      headers.length > 0 && `  allowHeaders: ${singles(headers)},`,
      credentials && '  credentials: true,',
      '}))',
    ),
}
