// The server that bench/contract.mjs holds to its contract, in a process of its own: half of the origins may call, with credentials.
import { createServer } from 'node:http'

const body = JSON.stringify({ orders: Array.from({ length: 10 }, (_, id) => ({ id, amount: 3 })) })

export function respond(request, response) {
  const { origin } = request.headers
  const headers = { Vary: 'Origin' }
  if (origin?.startsWith('https://app')) {
    headers['Access-Control-Allow-Origin'] = origin
    headers['Access-Control-Allow-Credentials'] = 'true'
    headers['Access-Control-Expose-Headers'] = 'x-total-count'
  }
  request.resume()
  if (request.method === 'OPTIONS') {
    headers['Access-Control-Allow-Methods'] = 'GET, PUT'
    headers['Access-Control-Allow-Headers'] = 'authorization, content-type'
    headers['Access-Control-Max-Age'] = '600'
    response.writeHead(204, headers).end()
    return
  }
  headers['Content-Type'] = 'application/json'
  headers['X-Total-Count'] = '10'
  response.writeHead(200, headers).end(body)
}

if (process.send !== undefined) {
  const server = createServer(respond)
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('disconnect', () => process.exit())
}
