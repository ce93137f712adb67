/** NestJS. */
import { corsPackage, sendsWildcardToOthers, VARY } from './express.js'
import { guide, isMove, options } from './in-app.js'
import { type ServerRemedies, text } from './remedy.js'

export const nest: ServerRemedies = {
  titles: {
    policy: 'Allow this request with enableCors() in main.ts',
    auth: 'Put enableCors() above app.use(auth), with its options as they are: guards are safe, middleware is not',
    route: 'Call enableCors() in main.ts: without it nothing responds to OPTIONS',
    errors:
      'Put enableCors() above any middleware that can fail, with its options as they are; or, if it is first already, let the exception filter keep the headers that it has set',
    redirected: 'Put enableCors() above the middleware that redirects, with its options as they are',
    before:
      'Put enableCors() above every middleware that can respond before it, such as a rate limit, with its options as they are',
    continued:
      'Have enableCors() respond to preflights itself: leave out preflightContinue and optionsSuccessStatus',
    duplicate:
      'Let only enableCors() add the headers, as it does now: remove the lines of the interceptor or proxy that adds them again',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate' || isMove(needs)
      ? ''
      : text(
          ...guide(needs, {
            tool: 'app.enableCors()',
            mark: '//',
            place: 'above all app.use()',
          }),
          ...(sendsWildcardToOthers(needs) ? VARY : []),
          'app.enableCors({',
          ...options(needs, corsPackage),
          '})',
        ),
}
