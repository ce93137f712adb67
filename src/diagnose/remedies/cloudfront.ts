/** Amazon CloudFront. */
import type { ServerRemedies } from './remedy.js'

/** It lists methods by name, or takes the word ALL. */
function methodsOf(methods: readonly string[]): readonly string[] {
  if (methods.includes('*')) return ['ALL']
  return methods.length > 0 ? [...new Set([...methods, 'OPTIONS'])] : ['GET', 'HEAD', 'OPTIONS']
}

const items = (list: readonly string[]) => ({ Quantity: list.length, Items: list })

export const cloudfront: ServerRemedies = {
  untested: true,
  titles: {
    policy:
      'Attach a response headers policy with CORS, or add to the lists of the one that is attached; allow OPTIONS in the behaviour, and forward `Origin` to the server behind',
    duplicate: 'Set OriginOverride, so that CloudFront replaces the header of the server behind it',
    errors: 'Attach a response headers policy with CORS: it also covers error responses',
  },
  cache: {
    title:
      'Put the Origin into the key of the cache policy that is attached, which forwards it as well; then invalidate what is held (untested)',
    snippet: JSON.stringify(
      {
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: items(['Origin']) },
        },
      },
      null,
      2,
    ),
  },
  snippet: ({ origins, methods, headers, exposed, credentials, maxAge }) =>
    JSON.stringify(
      {
        Name: 'cors',
        CorsConfig: {
          AccessControlAllowOrigins: items(origins),
          AccessControlAllowMethods: items(methodsOf(methods)),
          AccessControlAllowHeaders: items(headers.length > 0 ? headers : ['content-type']),
          ...(exposed.length > 0 ? { AccessControlExposeHeaders: items(exposed) } : {}),
          AccessControlAllowCredentials: credentials,
          ...(maxAge === undefined ? {} : { AccessControlMaxAgeSec: maxAge }),
          OriginOverride: true,
        },
      },
      null,
      2,
    ),
}
