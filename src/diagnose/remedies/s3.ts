/** Amazon S3. */
import type { ServerRemedies } from './remedy.js'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** S3 sends `Access-Control-Allow-Credentials: true` by itself wherever an origin is named. */
export const s3: ServerRemedies = {
  untested: true,
  titles: {
    policy:
      "Add a rule to the bucket's CORS configuration, and keep the existing ones (S3 knows GET, HEAD, POST, PUT and DELETE)",
    auth: 'Add a rule that covers this request to the CORS configuration of the bucket, and keep the existing ones: S3 responds with 403 to a request that no rule covers',
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
