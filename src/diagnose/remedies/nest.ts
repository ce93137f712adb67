/** NestJS. */
import { options } from './cors-options.js'
import { isAny, type ServerRemedies, singles, text } from './remedy.js'

export const nest: ServerRemedies = {
  titles: {
    policy: 'Allow this request with enableCors() in main.ts',
    auth: 'Call enableCors() before app.use(auth): guards are safe, middleware is not',
    route: 'Call enableCors() in main.ts: without it nothing answers OPTIONS',
    errors: 'Call enableCors() before any middleware that can fail',
    duplicate: 'Let only enableCors() add the headers: remove them from the proxy or from interceptors',
  },
  snippet: (needs) =>
    text(
      'app.enableCors({',
      isAny(needs) ? "  origin: '*'," : `  origin: ${singles(needs.origins)},`,
      ...options(needs, 'methods', 'allowedHeaders', 'exposedHeaders'),
      '})',
    ),
}
