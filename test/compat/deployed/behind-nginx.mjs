// Starts an API and an nginx before it, and runs a command with its URL in STAGING_URL, also in the place of that word in its arguments.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

const app = createServer((request, response) => {
  if (request.url === '/both')
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*')
  response.writeHead(request.url === '/no-such-order' ? 404 : 200).end()
})
const listening = async (server) => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server.address().port
}
const free = createServer()
const port = await listening(free)
await new Promise((resolve) => free.close(resolve))

const folder = await mkdtemp(path.join(tmpdir(), 'expect-cors-nginx-'))
const template = await readFile(new URL('nginx.conf', import.meta.url), 'utf8')
await writeFile(
  path.join(folder, 'nginx.conf'),
  template.replaceAll('NGINX_PORT', port).replaceAll('APP_PORT', await listening(app)),
)
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
const nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf'], {
  env: { ...process.env, PATH },
  stdio: 'inherit',
})
nginx.on('error', () => console.error('nginx is not there: install it, as with apt-get install nginx-light'))
try {
  const url = `http://127.0.0.1:${port}`
  for (let left = 100; ; left--) {
    if (nginx.exitCode !== null || left === 0) throw new Error('nginx did not start')
    if (await fetch(url).catch(() => undefined)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const args = process.argv.slice(2).map((word) => word.replace('STAGING_URL', url))
  const command = spawn(process.execPath, args, {
    env: { ...process.env, STAGING_URL: url, GATE_TOKEN: 'open' },
    stdio: 'inherit',
  })
  const [code] = await once(command, 'exit')
  process.exitCode = code ?? 1
} finally {
  nginx.kill()
  app.close()
  app.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
}
