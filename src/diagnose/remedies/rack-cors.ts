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
  snippet: ({ origin, methods, headers, credentials }) => {
    const symbols = [...new Set([...methods, 'GET', 'HEAD', 'POST', 'OPTIONS'])].map(
      (name) => `:${name.toLowerCase()}`,
    )
    return text(
      '# Rails: Rails.application.config.middleware.insert_before 0, Rack::Cors do',
      'use Rack::Cors do',
      '  allow do',
      `    origins ${double(origin)}`,
      `    resource "*", methods: [${symbols.join(', ')}]${headers.length > 0 ? `, headers: ${doubles(headers)}` : ''}${
        credentials ? ', credentials: true' : ''
      }`,
      '  end',
      'end',
    )
  },
}
