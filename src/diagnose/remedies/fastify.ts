/** Fastify with `@fastify/cors`. */
import { type ServerRemedies, singles, text } from './remedy.js'

export const fastify: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @fastify/cors (by default it allows only GET, HEAD and POST)',
    auth: 'Register @fastify/cors before the hook that authenticates',
    route: 'Register @fastify/cors on the root instance, so that it answers OPTIONS for every route',
    errors: 'Register @fastify/cors before the hooks that can fail',
    duplicate:
      'Let only @fastify/cors add the headers: remove them from the proxy, or the plugin from the app',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      "import cors from '@fastify/cors'",
      '',
      'await app.register(cors, {',
      origin === '*' ? "  origin: '*'," : `  origin: ${singles([origin])},`,
      methods.length > 0 && `  methods: ${singles(methods)},`,
      headers.length > 0 && `  allowedHeaders: ${singles(headers)},`,
      credentials && '  credentials: true,',
      '})',
    ),
}
