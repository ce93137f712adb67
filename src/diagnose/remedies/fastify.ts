/** Fastify with `@fastify/cors`. */
import { guide, isMove, options } from './in-app.js'
import { type ServerRemedies, text } from './remedy.js'

const names = {
  methods: 'methods',
  headers: 'allowedHeaders',
  defaults: ['GET', 'HEAD', 'POST'],
  origin: (list: string) => `origin: (origin, allow) => allow(null, ${list}.includes(origin) ? origin : '*')`,
} as const

export const fastify: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @fastify/cors (by default it allows only GET, HEAD and POST)',
    auth: 'Register @fastify/cors above the hook that authenticates, with its options as they are',
    route: 'Register @fastify/cors on the root instance, so that it responds to OPTIONS for every route',
    errors:
      'Register @fastify/cors above the hooks that can fail, with its options as they are; or, if it is first already, let the error handler keep the headers that it has set',
    redirected: 'Register @fastify/cors above the hook that redirects, with its options as they are',
    before:
      'Register @fastify/cors above every hook that can respond before it, such as a rate limit, with its options as they are',
    continued:
      'Have @fastify/cors respond to preflights itself: leave out preflight, preflightContinue and optionsSuccessStatus',
    redirect: 'Register @fastify/cors above the hook that redirects, with its options as they are',
    duplicate:
      'Let only @fastify/cors add the headers, as it does now: remove the lines of the handler, hook or proxy that adds them again',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate' || isMove(needs)
      ? ''
      : text(
          "import cors from '@fastify/cors'",
          '',
          ...guide(needs, {
            tool: '@fastify/cors',
            mark: '//',
            place: 'to the root, above all hooks',
          }),
          'await app.register(cors, {',
          ...options(needs, names),
          '})',
        ),
}
