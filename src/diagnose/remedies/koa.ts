/** Koa with `@koa/cors`. */
import { sendsWildcardToOthers } from './express.js'
import { guide, isMove, options, wildcardNote } from './in-app.js'
import { isAny, type RemedyNeeds, type ServerRemedies, singles, text } from './remedy.js'

const names = {
  methods: 'allowMethods',
  headers: 'allowHeaders',
  defaults: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'],
  origin: (list: string) =>
    `origin: (ctx) => (${list}.includes(ctx.get('Origin')) ? ctx.get('Origin') : '*')`,
} as const

/** Its `origin` is one origin or a function. For `*` and credentials together it would name every origin that asks. */
function written(needs: RemedyNeeds): string[] {
  return options(needs, names).map((line) => {
    if (line.startsWith('  origin: [')) {
      return "  origin: (ctx) => (allowed.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),"
    }
    return line.startsWith('  credentials') && sendsWildcardToOthers(needs)
      ? `  credentials: (ctx) => ${singles(needs.origins)}.includes(ctx.get('Origin')),`
      : line
  })
}

export const koa: ServerRemedies = {
  titles: {
    policy: 'Allow this request with @koa/cors, above the routes',
    auth: 'Put cors() above the middleware that authenticates, with its options as they are',
    route: 'Put cors() above the router, with its options as they are, so that it responds to OPTIONS',
    errors:
      'Put cors() above everything that can fail, with its options as they are; or, if it is first already, leave keepHeadersOnError at its default (true)',
    redirected: 'Put cors() above the redirect, with its options as they are',
    before:
      'Put cors() above everything that can respond before it, such as a rate limit or a maintenance page, with its options as they are',
    redirect:
      'Put cors() above the redirect, with its options as they are: it responds to the preflight itself',
    duplicate:
      'Let only cors() add the headers, as it does now: remove the lines of the handler or proxy that adds them again',
  },
  snippet: (needs) => {
    if (needs.kind === 'duplicate' || isMove(needs)) return ''
    const lists = needs.missing.origin && !isAny(needs) && needs.others !== 'all'
    const note = wildcardNote(needs)
    return text(
      "import cors from '@koa/cors'",
      '',
      ...guide(needs, {
        tool: 'cors()',
        mark: '//',
        place: 'above all other middleware',
      }),
      lists &&
        `const allowed = ${singles(needs.origins).replace('[', needs.others === 'some' ? '[...yourOrigins, ' : '[')}`,
      note !== null && needs.others !== 'all' && `// ${note}`,
      'app.use(cors({',
      ...written(needs),
      isAny(needs) &&
        sendsWildcardToOthers(needs) &&
        "  credentials: (ctx) => yourOrigins.includes(ctx.get('Origin')), // if credentials are allowed",
      '}))',
    )
  },
}
