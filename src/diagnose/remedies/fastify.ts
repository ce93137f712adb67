/** Fastify with `@fastify/cors`. */
import { options } from './cors-options.js'
import { isAny, type ServerRemedies, singles, text } from './remedy.js'

export const fastify: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @fastify/cors (by default it allows only GET, HEAD and POST)',
    auth: 'Register @fastify/cors before the hook that authenticates',
    route: 'Register @fastify/cors on the root instance, so that it answers OPTIONS for every route',
    errors: 'Register @fastify/cors before the hooks that can fail',
    duplicate:
      'Let only @fastify/cors add the headers: remove them from the proxy and from handlers, or the plugin from the app',
  },
  snippet: (needs) =>
    text(
      "import cors from '@fastify/cors'",
      '',
      'await app.register(cors, {',
      isAny(needs) ? "  origin: '*'," : `  origin: ${singles(needs.origins)},`,
      ...options(needs, 'methods', 'allowedHeaders', 'exposedHeaders'),
      '})',
    ),
}
