/** Amazon S3. */
import type { ServerRemedies } from './remedy.js'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** S3 sends `Access-Control-Allow-Credentials: true` by itself wherever an origin is named. */
export const s3: ServerRemedies = {
  titles: {
    policy:
      "Allow this request in the bucket's CORS configuration (S3 knows GET, HEAD, POST, PUT and DELETE)",
    auth: 'Give the bucket a CORS configuration that covers this request: without one S3 answers preflights 403',
  },
  snippet: ({ origins, methods, headers, exposed, maxAge }) => {
    const known = methods.filter((method) => METHODS.has(method))
    const rule = {
      AllowedOrigins: origins,
      AllowedMethods: known.length > 0 ? known : methods.includes('*') ? [...METHODS] : ['GET', 'HEAD'],
      AllowedHeaders: headers,
      ExposeHeaders: exposed,
      ...(maxAge === undefined ? {} : { MaxAgeSeconds: maxAge }),
    }
    return JSON.stringify([rule], null, 2)
  },
}
