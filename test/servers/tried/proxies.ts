/** Web servers and proxies in front of an app. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { find, lacking, lines, ORIGIN, type TriedServer } from '../tried-server.js'

const HTPASSWD = `user:{SHA}${createHash('sha1').update('pass').digest('base64')}\n`

export const nginx: TriedServer = {
  name: 'nginx',
  missing: () => lacking('nginx', find('nginx') !== undefined, 'nginx'),
  prepare({ folder, port, upstream, kind, snippet }) {
    const [http = '', server = ''] = (snippet ?? '').split(/^# in server.*$/m)
    const file = path.join(folder, 'nginx.conf')
    writeFileSync(path.join(folder, 'htpasswd'), HTPASSWD)
    const rules = (always: string): string =>
      lines(
        `add_header Access-Control-Allow-Origin ${ORIGIN}${always};`,
        `add_header Access-Control-Allow-Credentials true${always};`,
        `add_header Vary Origin${always};`,
      )
    writeFileSync(
      file,
      lines(
        'daemon off; worker_processes 1; error_log stderr warn;',
        `pid ${folder}/nginx.pid;`,
        'events { worker_connections 64; }',
        'http {',
        'access_log off;',
        ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
          (each) => `${each}_temp_path ${folder}/${each};`,
        ),
        snippet !== null && http,
        'server {',
        `listen 127.0.0.1:${port};`,
        snippet !== null && server,
        // Without `always`, or as it should be but for what is wrong here.
        snippet === null && kind === 'errors' && rules(''),
        snippet === null && (kind === 'auth' || kind === 'duplicate') && rules(' always'),
        kind === 'redirect' && 'location = /orders { return 308 /orders/; }',
        'location / {',
        kind === 'auth' && `auth_basic x; auth_basic_user_file ${folder}/htpasswd;`,
        `proxy_pass ${upstream};`,
        '}',
        '}',
        '}',
      ),
    )
    return { command: find('nginx') as string, args: ['-p', folder, '-e', 'stderr', '-c', file] }
  },
}

const MODULES = '/usr/lib/apache2/modules'

export const apache: TriedServer = {
  name: 'apache',
  missing: () => lacking('apache', find('apache2') !== undefined && existsSync(MODULES), 'Apache httpd'),
  prepare({ folder, port, upstream, kind, snippet }) {
    const modules =
      'mpm_event authz_core authn_core authn_file authz_user auth_basic setenvif headers alias rewrite proxy proxy_http'
    const rules = (always: string): string =>
      lines(
        `Header ${always} set Access-Control-Allow-Origin ${ORIGIN}`,
        `Header ${always} set Access-Control-Allow-Credentials true`,
      )
    writeFileSync(path.join(folder, 'htpasswd'), HTPASSWD)
    const file = path.join(folder, 'httpd.conf')
    writeFileSync(
      file,
      lines(
        `ServerRoot ${folder}`,
        `PidFile ${folder}/httpd.pid`,
        'ServerName localhost',
        `Listen 127.0.0.1:${port}`,
        `ErrorLog ${folder}/error.log`,
        ...modules.split(' ').map((each) => `LoadModule ${each}_module ${MODULES}/mod_${each}.so`),
        `Mutex file:${folder} default`,
        `<VirtualHost 127.0.0.1:${port}>`,
        snippet,
        snippet === null && kind === 'errors' && rules(''),
        snippet === null && (kind === 'auth' || kind === 'duplicate') && rules('always'),
        kind === 'redirect' && lines('ProxyPassMatch ^/orders$ !', 'RedirectMatch 308 ^/orders$ /orders/'),
        // Nothing is there: Apache answers 503 itself.
        kind === 'errors' && 'ProxyPass /fail http://127.0.0.1:1/',
        kind === 'auth' &&
          lines(
            '<Location />',
            'AuthType Basic',
            'AuthName x',
            `AuthUserFile ${folder}/htpasswd`,
            'Require valid-user',
            '</Location>',
          ),
        `ProxyPass / ${upstream}/`,
        '</VirtualHost>',
      ),
    )
    return { command: find('apache2') as string, args: ['-d', folder, '-f', file, '-DFOREGROUND'] }
  },
}

export const caddy: TriedServer = {
  name: 'caddy',
  missing: () => lacking('caddy', find('caddy') !== undefined, 'Caddy'),
  prepare({ folder, port, upstream, kind, snippet }) {
    const program = find('caddy') as string
    const hash =
      kind === 'auth'
        ? execFileSync(program, ['hash-password', '--plaintext', 'pass'], { encoding: 'utf8' }).trim()
        : ''
    const file = path.join(folder, 'Caddyfile')
    writeFileSync(
      file,
      lines(
        '{',
        'admin off',
        'auto_https off',
        `storage file_system ${folder}/store`,
        '}',
        `http://127.0.0.1:${port} {`,
        'bind 127.0.0.1',
        snippet,
        snippet === null &&
          kind === 'duplicate' &&
          lines(
            `header Access-Control-Allow-Origin ${ORIGIN}`,
            'header Access-Control-Allow-Credentials true',
          ),
        // As the snippet's last line says: the guard passes over OPTIONS.
        kind === 'auth' && lines(`basicauth ${snippet === null ? '' : '@guarded '}{`, `user ${hash}`, '}'),
        `reverse_proxy ${upstream.replace('http://', '')}`,
        '}',
      ),
    )
    return {
      command: program,
      args: ['run', '--adapter', 'caddyfile', '--config', file],
      env: { HOME: folder },
    }
  },
}

export const haproxy: TriedServer = {
  name: 'haproxy',
  missing: () => lacking('haproxy', find('haproxy') !== undefined, 'HAProxy'),
  prepare({ folder, port, upstream, kind, snippet }) {
    const file = path.join(folder, 'haproxy.cfg')
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      file,
      lines(
        'defaults',
        '  mode http',
        '  timeout client 10s',
        '  timeout server 10s',
        '  timeout connect 2s',
        'userlist users',
        '  user user insecure-password pass',
        'frontend f',
        `  bind 127.0.0.1:${port}`,
        snippet === null ? null : snippet.replace(/^/gm, '  '),
        snippet === null &&
          kind === 'errors' &&
          lines(
            `  http-response set-header Access-Control-Allow-Origin ${ORIGIN}`,
            '  http-response set-header Access-Control-Allow-Credentials true',
          ),
        snippet === null &&
          kind === 'duplicate' &&
          `  http-response add-header Access-Control-Allow-Origin ${ORIGIN}`,
        kind === 'auth' && '  http-request auth unless { http_auth(users) }',
        // Nothing is behind: HAProxy answers 503 itself.
        kind === 'errors' && '  use_backend down if { path /fail }',
        '  default_backend b',
        'backend b',
        `  server s ${upstream.replace('http://', '')}`,
        'backend down',
      ),
    )
    return { command: find('haproxy') as string, args: ['-db', '-f', file] }
  },
}
