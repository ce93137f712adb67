/** The app behind a proxy: without CORS, or with it already. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RemedyKind } from '../../src/diagnose/remedies/remedy.js'
import { ORIGIN } from './tried-server.js'

export interface Upstream {
  readonly url: string
  close(): void
}

export async function startUpstream(kind: RemedyKind): Promise<Upstream> {
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('Content-Type', 'application/json')
    if (kind === 'duplicate') {
      response.setHeader('Access-Control-Allow-Origin', ORIGIN)
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      response.setHeader('Access-Control-Allow-Methods', 'PUT')
      response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type')
    }
    if (request.url === '/fail') response.statusCode = 500
    else if (request.method === 'OPTIONS' && kind === 'route') response.statusCode = 405
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
