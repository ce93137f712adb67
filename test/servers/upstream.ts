/** The app behind a proxy: without CORS, or with it already. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CREDENTIALS, type FaultName, policyOf } from './tried-server.js'

export interface Upstream {
  readonly url: string
  close(): void
}

export async function startUpstream(fault: FaultName): Promise<Upstream> {
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('Content-Type', 'application/json')
    response.setHeader('X-Total', '1')
    const isFailing = request.url === '/fail'
    // Its own CORS rules, where it has some.
    const policy = fault === 'duplicate' || fault.startsWith('behind') ? policyOf(fault) : null
    const origin = request.headers.origin
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    const isAuth = fault === 'behind: auth' && request.headers.authorization !== CREDENTIALS
    if (policy !== null && !(isFailing && !isPreflight && fault === 'behind: errors') && !isAuth) {
      response.setHeader('Vary', 'Origin')
      if (fault === 'behind: wildcard') response.setHeader('Access-Control-Allow-Origin', '*')
      else if (origin !== undefined && policy.origins.includes(origin)) {
        response.setHeader('Access-Control-Allow-Origin', origin)
        response.setHeader('Access-Control-Allow-Credentials', 'true')
      }
      response.setHeader('Access-Control-Expose-Headers', policy.exposed.join())
      if (isPreflight) {
        response.setHeader('Access-Control-Allow-Methods', policy.methods.join())
        response.setHeader('Access-Control-Allow-Headers', policy.headers.join())
        response.setHeader('Access-Control-Max-Age', policy.maxAge)
        response.statusCode = 204
        response.end()
        return
      }
    }
    if (isAuth) response.statusCode = 401
    else if (isFailing) response.statusCode = 500
    else if (!['GET', 'PUT', 'DELETE'].includes(request.method ?? '')) response.statusCode = 405
    else if (!/^\/orders\/?$/.test(request.url ?? '')) response.statusCode = 404
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
