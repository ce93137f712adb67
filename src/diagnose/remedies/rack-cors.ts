/** Rack and Rails with `rack-cors`. */
import { guide, isMove } from './in-app.js'
import { double, doubles, isAny, isOrder, type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** Below Rack::Cors: the error page of the web server itself is outside of every middleware. */
const RESCUE = [
  '# below `use Rack::Cors`, which stays as it is and where it is; not needed in Rails',
  'class RescueErrors',
  '  def initialize(app)',
  '    @app = app',
  '  end',
  '',
  '  def call(env)',
  '    @app.call(env)',
  '  rescue StandardError => error',
  '    env["rack.errors"].puts(error.full_message)',
  '    [500, { "Content-Type" => "text/plain" }, ["Internal Server Error"]]',
  '  end',
  'end',
  'use RescueErrors',
]

/** Where the rules do not show what they allow, a block for one origin must not allow less. */
const USUAL = ['PUT', 'PATCH', 'DELETE']

function allow(needs: RemedyNeeds): string[] {
  const { origins, methods, headers, hidden, exposed, credentials, maxAge, reflectsHeaders } = needs
  const isNew = !needs.seen || needs.missing.origin
  const names = isNew
    ? [...(hidden.methods ? USUAL : []), ...methods, 'GET', 'HEAD', 'POST', 'OPTIONS']
    : hidden.methods
      ? needs.missing.methods
      : methods
  const symbols = [
    ...(!isNew && hidden.methods ? ['*yourMethods'] : []),
    ...new Set(names.map((name) => `:${name.toLowerCase()}`)),
  ]
  const added = hidden.headers && !isNew
  const listed = added
    ? `[${['*yourHeaders', ...needs.missing.headers.map(double)].join(', ')}]`
    : doubles(headers)
  const isAnyHeader = headers.includes('*') || reflectsHeaders || (isNew && hidden.headers)
  const rules = [
    `methods: ${methods.includes('*') ? ':any' : `[${symbols.join(', ')}]`}`,
    (headers.length > 0 || hidden.headers) && `headers: ${isAnyHeader ? ':any' : listed}`,
    exposed.length > 0 && `expose: ${doubles(exposed)}`,
    credentials && 'credentials: true',
    maxAge !== undefined && `max_age: ${maxAge}`,
  ].filter((rule) => rule !== false)
  return [
    '  allow do',
    `    origins ${origins.map(double).join(', ')}`,
    `    resource "*", ${rules.join(', ')}`,
    '  end',
  ]
}

/** The blocks are tried in order: the first whose origins fit decides. */
function snippet(needs: RemedyNeeds): string {
  const { kind, seen, missing } = needs
  if (kind === 'duplicate') return ''
  if (kind === 'errors') return text(...RESCUE)
  if (isMove(needs)) return ''
  if (seen && missing.origin) {
    return text(
      'use Rack::Cors do  # the existing one',
      isAny(needs)
        ? '  # one more block, below the existing ones'
        : '  # one more block, above the existing ones, which stay as they are',
      ...allow(needs),
      'end',
    )
  }
  return text(
    ...(needs.seen
      ? guide(needs, { tool: 'Rack::Cors', mark: '#', place: 'above all other middleware' })
      : [
          `# If Rack::Cors is there already${isOrder(needs) ? ', move it above all other middleware as it is' : ''}: where an allow block names this origin, add what`,
          '# its resource lacks of these; otherwise put this block above the others. Without Rack::Cors:',
        ]),
    '# Rails: Rails.application.config.middleware.insert_before 0, Rack::Cors do',
    'use Rack::Cors do',
    ...allow(needs),
    'end',
  )
}

export const rackCors: ServerRemedies = {
  titles: {
    policy: 'Allow this request with rack-cors',
    auth: 'Put Rack::Cors above all other middleware, with its options as they are: in Rails with config.middleware.insert_before 0',
    route: 'Put Rack::Cors first, so that it responds to OPTIONS before the router',
    errors:
      'Turn exceptions into responses below Rack::Cors (in Rails: put Rack::Cors up with config.middleware.insert_before 0, with its options as they are)',
    redirect:
      'Put Rack::Cors above what redirects, with its options as they are: it responds to the preflight itself',
    duplicate:
      'Let only Rack::Cors add the headers, as it does now: remove the lines of the middleware or proxy that adds them again',
  },
  snippet,
}
