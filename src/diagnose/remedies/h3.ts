/** h3 and Nitro. */
import { guide, isMove, type OptionNames, options } from './in-app.js'
import { type RemedyNeeds, type ServerRemedies, singles, text } from './remedy.js'

const names: OptionNames = {
  methods: 'methods',
  headers: 'allowHeaders',
  // Its `*` stands for whatever is asked for.
  defaults: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  origin: (list) => `origin: ${list}`,
}

/** Its `origin` cannot send some origins back and others `*`: two sets of options can. */
function body(needs: RemedyNeeds): string[] {
  const { origins, others, missing, seen } = needs
  const written = options(needs, names).map((line) => `  ${line}`)
  const exposed =
    seen && needs.credentials && missing.credentials
      ? ["    exposeHeaders: ['*'], // where you have none: the default goes away with credentials"]
      : []
  if (others !== 'all' || !missing.origin)
    return ['  const response = handleCors(event, {', ...written, ...exposed, '  })']
  return [
    `  const listed = ${singles(origins)}.includes(event.req.headers.get('origin'))`,
    '  const response = handleCors(event, {',
    `    ...(listed ? { origin: ${singles(origins)}, credentials: true } : { origin: '*' }),`,
    ...exposed,
    '  })',
  ]
}

export const h3: ServerRemedies = {
  titles: {
    policy: 'Allow this request with handleCors() in the first middleware',
    auth: 'Put handleCors() above the middleware that authenticates, with its options as they are',
    route: 'Use handleCors() in a middleware above the routes: in a single route it never sees OPTIONS',
    errors:
      'Put handleCors() into the first middleware, with its options as they are, and throw an HTTPError: its response keeps the headers',
    redirected: 'Put handleCors() above the redirect, with its options as they are',
    before:
      'Put handleCors() above everything that can respond before it, such as a rate limit or a maintenance page, with its options as they are',
    redirect:
      'Put handleCors() above the redirect, with its options as they are: it responds to the preflight itself',
    duplicate:
      'Let only handleCors() add the headers, as it does now: remove the lines of the handler, route rule or proxy that adds them again',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate' || isMove(needs)
      ? ''
      : text(
          "import { handleCors } from 'h3'",
          '',
          ...guide(needs, {
            tool: 'handleCors()',
            mark: '//',
            place: 'into the first middleware',
          }),
          'app.use((event) => {',
          ...body(needs),
          '  if (response !== false) return response',
          '})',
        ),
}
