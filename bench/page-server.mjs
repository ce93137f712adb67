// The server that bench/page.mjs asks, in a process of its own: allows every origin, with credentials.
import { createServer } from 'node:http'

const body = JSON.stringify({ orders: Array.from({ length: 10 }, (_, id) => ({ id, amount: 3 })) })

const server = createServer((request, response) => {
  const { origin } = request.headers
  const headers = { 'Content-Type': 'application/json', Vary: 'Origin' }
  if (origin !== undefined) {
    headers['Access-Control-Allow-Origin'] = origin
    headers['Access-Control-Allow-Credentials'] = 'true'
  }
  request.resume()
  if (request.method === 'OPTIONS') {
    headers['Access-Control-Allow-Methods'] = 'PUT'
    headers['Access-Control-Allow-Headers'] = 'content-type'
    headers['Access-Control-Max-Age'] = '600'
    response.writeHead(204, headers).end()
  } else if (request.url === '/login') {
    headers['Set-Cookie'] = ['session=0123456789abcdef; HttpOnly; SameSite=Lax', 'theme=dark']
    response.writeHead(204, headers).end()
  } else response.writeHead(200, headers).end(body)
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
