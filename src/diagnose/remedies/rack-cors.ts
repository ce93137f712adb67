/** Rack and Rails with `rack-cors`. */
import { double, doubles, type ServerRemedies, text } from './remedy.js'

export const rackCors: ServerRemedies = {
  titles: {
    policy: 'Allow this request with rack-cors',
    auth: 'Put Rack::Cors first: in Rails with config.middleware.insert_before 0',
    route: 'Put Rack::Cors first, so that it answers OPTIONS before the router',
    errors: 'Put Rack::Cors outside of what turns exceptions into answers (in Rails: insert_before 0)',
    duplicate: 'Let only Rack::Cors add the headers: remove them from the proxy, or it from the app',
  },
  snippet: ({ origins, methods, headers, exposed, credentials, maxAge }) => {
    const symbols = methods.includes('*')
      ? ':any'
      : `[${[...new Set([...methods, 'GET', 'HEAD', 'POST', 'OPTIONS'])].map((name) => `:${name.toLowerCase()}`).join(', ')}]`
    const rules = [
      `methods: ${symbols}`,
      headers.length > 0 && `headers: ${headers.includes('*') ? ':any' : doubles(headers)}`,
      exposed.length > 0 && `expose: ${doubles(exposed)}`,
      credentials && 'credentials: true',
      maxAge !== undefined && `max_age: ${maxAge}`,
    ].filter((rule) => rule !== false)
    return text(
      '# Rails: Rails.application.config.middleware.insert_before 0, Rack::Cors do',
      'use Rack::Cors do',
      '  allow do',
      `    origins ${origins.map(double).join(', ')}`,
      `    resource "*", ${rules.join(', ')}`,
      '  end',
      'end',
    )
  },
}
