/** Real caches in front of an app, until the test ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from './children.js'
import { find, lines } from './tried-server.js'

/** The port of an app. */
export async function serve(app: RequestListener): Promise<number> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return (server.address() as AddressInfo).port
}

/** A cache: how it is started in front of a port, with settings of its own. */
export interface RealCache {
  readonly program: string
  readonly start: (upstream: number, settings: string) => Promise<string>
}

/** `settings` are VCL, above the built-in one. */
export const varnish: RealCache = {
  program: 'varnishd',
  start: (upstream, settings) =>
    run('varnishd', (folder, port) => {
      const file = path.join(folder, 'default.vcl')
      writeFileSync(
        file,
        lines('vcl 4.1;', `backend default { .host = "127.0.0.1"; .port = "${upstream}"; }`, settings),
      )
      return [
        ...['-F', '-j', 'none', '-T', 'none', '-s', 'malloc,16m'],
        ...['-a', `127.0.0.1:${port}`, '-n', path.join(folder, 'work'), '-f', file],
      ]
    }),
}

/** `settings` stand in its location. */
export const nginx: RealCache = {
  program: 'nginx',
  start: (upstream, settings) =>
    run('nginx', (folder, port) => {
      const file = path.join(folder, 'nginx.conf')
      writeFileSync(
        file,
        lines(
          `daemon off; worker_processes 1; error_log stderr; pid ${folder}/nginx.pid; events {}`,
          'http { access_log off;',
          ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
            (each) => `${each}_temp_path ${folder}/${each};`,
          ),
          `proxy_cache_path ${folder}/cache keys_zone=c:1m;`,
          `server { listen 127.0.0.1:${port}; location / {`,
          `proxy_pass http://127.0.0.1:${upstream}; proxy_cache c;`,
          settings,
          '} } }',
        ),
      )
      return ['-p', folder, '-e', 'stderr', '-c', file]
    }),
}

async function run(program: string, args: (folder: string, port: number) => string[]): Promise<string> {
  const command = find(program)
  if (command === undefined) throw new Error(`${program} is missing: test/servers/install.sh installs it`)
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-cache-'))
  // Started by root, nginx keeps its files as another user.
  chmodSync(folder, 0o777)
  const port = await freePort()
  const child = spawn(command, args(folder, port), { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    end(child)
    await ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    const isUp = await fetch(`${url}/up`).then(
      () => true,
      () => false,
    )
    if (isUp) return url
    if (child.exitCode !== null || attempt === 200) throw new Error(`${program} did not start:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The whole group: both have workers. */
function end(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGTERM')
  } catch {
    // It has ended.
  }
}
