/** Amazon S3. */
import type { ServerRemedies } from './remedy.js'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

/** S3 sends `Access-Control-Allow-Credentials: true` by itself wherever an origin is named. */
export const s3: ServerRemedies = {
  untested: true,
  titles: {
    policy:
      "Add a rule to the bucket's CORS configuration, and keep those that are there (S3 knows GET, HEAD, POST, PUT and DELETE)",
    auth: 'Add a rule that covers this request to the CORS configuration of the bucket, and keep those that are there: S3 answers what none covers with 403',
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
