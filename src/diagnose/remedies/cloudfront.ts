/** Amazon CloudFront. */
import type { ServerRemedies } from './remedy.js'

const items = (list: readonly string[]) => ({ Quantity: list.length, Items: list })

export const cloudfront: ServerRemedies = {
  titles: {
    policy:
      'Attach a response headers policy with CORS, allow OPTIONS in the behaviour, and forward `Origin` to the server behind',
    duplicate: 'Set OriginOverride, so that CloudFront replaces the header of the server behind it',
    errors: 'Attach a response headers policy with CORS: it also covers error answers',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    JSON.stringify(
      {
        Name: 'cors',
        CorsConfig: {
          AccessControlAllowOrigins: items([origin]),
          AccessControlAllowMethods: items(
            methods.length > 0 ? [...methods, 'OPTIONS'] : ['GET', 'HEAD', 'OPTIONS'],
          ),
          AccessControlAllowHeaders: items(headers.length > 0 ? headers : ['content-type']),
          AccessControlAllowCredentials: credentials,
          OriginOverride: true,
        },
      },
      null,
      2,
    ),
}
