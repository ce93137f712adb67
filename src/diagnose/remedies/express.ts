/** Express with the `cors` package. */
import { guide, isMove, options } from './in-app.js'
import { type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** What the `cors` package takes, in Express, Nest and Vite. */
export const corsPackage = {
  methods: 'methods',
  headers: 'allowedHeaders',
  defaults: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
  origin: (list: string) => `origin: (origin, allow) => allow(null, ${list}.includes(origin) ? origin : '*')`,
} as const

/** The package names `Origin` in `Vary` where it names an origin, and leaves it out of a `*`. */
export function sendsWildcardToOthers({ missing, origins, others }: RemedyNeeds): boolean {
  return missing.origin && (others === 'all' || (origins[0] === '*' && others === 'some'))
}

/** For what sends a `*` to some and an origin to others. */
export const VARY = ['app.use((req, res, next) => {', "  res.vary('Origin')", '  next()', '})']

export const express: ServerRemedies = {
  titles: {
    policy: 'Allow this request with the cors package, above the routes',
    auth: 'Put cors() above authentication, with its options as they are: it responds to the preflight itself',
    route:
      "Use cors() with app.use(), above the routes: on a single route it does not respond to OPTIONS, unless app.options('/{*path}', cors()) does",
    errors:
      'Put cors() above everything that can fail, with its options as they are; or, if it is first already, let the error handler keep the headers that it has set',
    redirected: 'Put cors() above the redirect, with its options as they are',
    before:
      'Put cors() above everything that can respond before it, such as a rate limit or a maintenance page, with its options as they are',
    continued:
      'Have cors() respond to preflights itself: use it with app.use(), and leave out preflightContinue and optionsSuccessStatus',
    redirect:
      'Put cors() above the redirect, with its options as they are: it responds to the preflight itself',
    duplicate:
      'Let only cors() add the headers, as it does now: remove the lines of the handler or proxy that adds them again',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate' || isMove(needs)
      ? ''
      : text(
          "import cors from 'cors'",
          '',
          ...guide(needs, {
            tool: 'cors()',
            mark: '//',
            place: 'above all other middleware',
          }),
          ...(sendsWildcardToOthers(needs) ? VARY : []),
          'app.use(cors({',
          ...options(needs, corsPackage),
          '}))',
        ),
}
