/** Hono. */
import { guide, isMove, options } from './in-app.js'
import { type ServerRemedies, text } from './remedy.js'

const names = {
  methods: 'allowMethods',
  headers: 'allowHeaders',
  defaults: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
  origin: (list: string) => `origin: (origin) => (${list}.includes(origin) ? origin : '*')`,
} as const

export const hono: ServerRemedies = {
  titles: {
    policy: 'Allow this request with hono/cors, above the routes',
    auth: 'Put cors() above the middleware that authenticates, with its options as they are',
    route: "Use cors() with app.use('*', …), above the routes, so that it also responds to OPTIONS",
    errors:
      'Put cors() above everything that can fail, with its options as they are; or, if it is first already, let onError() keep the headers that it has set',
    redirected: 'Put cors() above the redirect, with its options as they are',
    before:
      'Put cors() above everything that can respond before it, such as a rate limit or a maintenance page, with its options as they are',
    redirect:
      'Put cors() above the redirect, with its options as they are: it responds to the preflight itself',
    duplicate:
      'Let only cors() add the headers, as it does now: remove the lines of the handler or proxy that adds them again',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate' || isMove(needs)
      ? ''
      : text(
          "import { cors } from 'hono/cors'",
          '',
          ...guide(needs, {
            tool: 'cors()',
            mark: '//',
            place: 'above all other middleware',
          }),
          "app.use('*', cors({",
          ...options(needs, names),
          '}))',
        ),
}
