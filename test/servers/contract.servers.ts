/** One contract, held by Express alone and by nginx in front of it: the same matrix, and what nginx breaks is broken there alone. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import { contract, lines, notHeld } from '../contract/broken-api.js'
import { expressApp } from '../contract/frameworks.js'
import { find } from './tried-server.js'

async function portOf(listener?: Parameters<typeof createServer>[1]): Promise<number> {
  const server = listener === undefined ? createServer() : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<unknown> => new Promise((resolve) => server.close(resolve).closeAllConnections())
  if (listener === undefined) await close()
  else onTestFinished(async () => void (await close()))
  return port
}

/** nginx in front of an upstream; `rules` stand in its location for `PUT /orders/:id`. */
async function nginx(upstream: number, rules = ''): Promise<string> {
  const program = find('nginx')
  if (program === undefined) throw new Error('nginx is missing: test/servers/install.sh installs it')
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-nginx-'))
  const port = await portOf()
  const pass = `proxy_pass http://127.0.0.1:${upstream}; proxy_http_version 1.1; proxy_set_header Connection "";`
  writeFileSync(
    path.join(folder, 'nginx.conf'),
    `daemon off; pid nginx.pid; error_log stderr; events {}
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location / { ${pass} }
    location /orders/1 { ${pass} ${rules} }
  }
}`,
  )
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGQUIT')
    await ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return url
    if (child.exitCode !== null || attempt === 100) throw new Error('nginx did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

it('gives the same matrix behind nginx', async () => {
  const upstream = await portOf(expressApp())
  const targets = { app: expressApp(), nginx: await nginx(upstream) }
  const report = await checkCorsContract(contract, targets)
  expect(notHeld(report)).toEqual([])
  expect(report).toMatchObject({ outcome: 'honored', drift: [] })
  const matrix = (target: string): string[] =>
    lines({ cells: report.cells.filter((cell) => cell.target === target) })
  expect(matrix('nginx')).toEqual(matrix('app'))
})

it.each([
  [
    'adds the header once more',
    'add_header Access-Control-Allow-Origin https://app.example.com always;',
    'multiple-allow-origin',
  ],
  ['takes the header away', 'proxy_hide_header Access-Control-Allow-Origin;', 'missing-allow-origin'],
  [
    'responds to the preflight itself',
    'if ($request_method = OPTIONS) { return 401; }',
    'missing-allow-origin',
  ],
])('breaks where nginx %s', async (_what, rules, code) => {
  const upstream = await portOf(expressApp())
  const { drift, cells } = await checkCorsContract(contract, {
    app: expressApp(),
    nginx: await nginx(upstream, rules),
  })
  const broken = cells.filter(({ outcome }) => outcome === 'broken')
  expect(broken.map((cell) => [cell.target, cell.route, cell.code])).toEqual([
    ['nginx', 'PUT /orders/:id', code],
    ['nginx', 'PUT /orders/:id', code],
  ])
  expect(drift.map(({ route, outcomes }) => [route, outcomes.app, outcomes.nginx])).toEqual([
    ['PUT /orders/:id', 'held', 'broken'],
    ['PUT /orders/:id', 'held', 'broken'],
    ['PUT /orders/:id', 'held', 'unjudged'],
    ['PUT /orders/:id', 'held', 'unjudged'],
  ])
})
