// Starts the three environments: the API alone (dev), and behind nginx as staging and production have it. `node start.mjs` prints the command that
// checks them, and serves until Ctrl-C.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApi } from './api.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Starts them, each on a port of its own; resolves with their URLs, and with what stops them. */
export async function startEnvironments() {
  const stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const dev = await serve(createApi({ isDev: true }), stops)
    const api = await serve(createApi(), stops)
    const staging = await startNginx('staging.conf', api, stops)
    const production = await startNginx('production.conf', api, stops)
    return { targets: { dev, staging, production }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function serve(app, stops) {
  const server = createServer(app)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${server.address().port}`
}

/** nginx with a configuration of this folder, on a free port, in front of an API. */
async function startNginx(name, api, stops) {
  const folder = await mkdtemp(path.join(tmpdir(), 'expect-cors-nginx-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const url = await freeUrl()
  const configuration = (await readFile(here(name), 'utf8'))
    .replace(/listen [^;]+/, `listen ${new URL(url).host}`)
    .replace(/proxy_pass [^;]+/, `proxy_pass ${api}`)
    .replace('events {}', 'worker_processes 1;\nevents {}')
    .replace('access_log off;', `access_log off;\n${temporaryPaths(folder)}`)
  const file = path.join(folder, 'nginx.conf')
  await writeFile(file, configuration)
  const nginx = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise((resolve) => nginx.once('exit', resolve))
  const failed = new Promise((_, reject) => nginx.once('error', reject))
  stops.push(() => {
    nginx.kill('SIGTERM')
    return Promise.race([ended, failed.catch(() => {})])
  })
  for (let tries = 0; tries < 100; tries += 1) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended with exit code ${nginx.exitCode}`)
    const isReady = await Promise.race([
      fetch(url).then(
        () => true,
        () => false,
      ),
      failed,
    ])
    if (isReady) return url
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nginx did not answer')
}

/** Where nginx keeps what it writes: its own folders may be root's. */
function temporaryPaths(folder) {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${path.join(folder, name)};`)
    .join('\n')
}

async function freeUrl() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { targets, stop } = await startEnvironments()
  const options = Object.entries(targets).map(([name, url]) => `--target ${name}=${url}`)
  console.log(`npx expect-cors check ${path.relative('', here('cors.yaml'))} ${options.join(' ')}`)
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
}
