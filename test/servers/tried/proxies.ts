/** Web servers and proxies in front of an app: the remedy is pasted beside the lines that are there, which stay. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  type FaultName,
  type Fix,
  find,
  lacking,
  lines,
  ORIGIN,
  type Policy,
  policyOf,
  proxyFaults,
  type TriedServer,
} from '../tried-server.js'

const HTPASSWD = `user:{SHA}${createHash('sha1').update('pass').digest('base64')}\n`

/** The rules of the proxy itself; none where the app behind has them, except where both do. */
function ownPolicy(fault: FaultName): Policy | null {
  return fault.startsWith('behind') ? null : policyOf(fault)
}

/** The lines that a remedy has for a place, which a comment of it names. */
function at(fix: Fix | null, place: RegExp, ...others: readonly RegExp[]): string {
  if (fix === null) return ''
  const kept: string[] = []
  let isHere = false
  for (const line of fix.snippet.split('\n')) {
    if (place.test(line)) isHere = true
    else if (others.some((other) => other.test(line))) isHere = false
    if (isHere) kept.push(line)
  }
  return lines(...kept)
}

const escaped = (origin: string): string => origin.replaceAll('.', '\\.')

const PLACES = [/^# in http/, /^# in server \{ \}, at its top/, /^# in server \{ \}, and again|^# below the/]
const inNginx = (fix: Fix | null, index: number): string =>
  at(fix, PLACES[index] as RegExp, ...PLACES).replace(
    /default \S+ +# what the app sends; where nginx adds it: /,
    '',
  )

/** As people find it in blogs: `if`s, each with lines of its own. */
function nginxRules(fault: FaultName, fix: Fix | null, added: string): string {
  const policy = ownPolicy(fault)
  // `always` is what the remedy for errors asks for where the lines are there.
  const always = fault === 'errors' && fix === null ? '' : ' always'
  if (fault === 'wildcard')
    return lines(
      !fix?.snippet.includes('in place of the existing one') &&
        'add_header Access-Control-Allow-Origin "*" always;',
      'add_header Access-Control-Expose-Headers "x-total" always;',
      added,
      'if ($request_method = OPTIONS) { return 204; }',
    )
  if (policy === null) return ''
  const add = (name: string, value: string): string => `add_header ${name} ${value}${always};`
  const shared = lines(
    add('Access-Control-Allow-Origin', '$http_origin'),
    policy.credentials && add('Access-Control-Allow-Credentials', 'true'),
    add('Access-Control-Expose-Headers', policy.exposed.join()),
    add('Vary', 'Origin'),
    added,
  )
  return lines(
    `if ($http_origin ~ ^(${policy.origins.map(escaped).join('|')})$) { set $own "1"; }`,
    `if ($request_method = OPTIONS) { set $own "\${own}o"; }`,
    `if ($own = "1") { ${shared} }`,
    `if ($own = "1o") { ${shared}
      ${add('Access-Control-Allow-Methods', `"${policy.methods.join(', ')}"`)}
      ${add('Access-Control-Allow-Headers', `"${policy.headers.join(', ')}"`)}
      ${add('Access-Control-Max-Age', String(policy.maxAge))}
      ${fault === 'auth' ? '' : 'return 204;'} }`,
  )
}

export const nginx: TriedServer = {
  name: 'nginx',
  faults: proxyFaults(),
  missing: () => lacking('nginx', find('nginx') !== undefined, 'nginx'),
  prepare({ folder, port, upstream, fault, fix }) {
    const file = path.join(folder, 'nginx.conf')
    writeFileSync(path.join(folder, 'htpasswd'), HTPASSWD)
    // The remedy for errors is to write `always` where nginx has lines, and its snippet where it has none.
    const pasted = fault === 'errors' ? null : fix
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
        inNginx(pasted, 0),
        // A name that a snippet must not take.
        'map $http_origin $cors_origin { default ""; "https://app.example.com" $http_origin; }',
        'server {',
        `listen 127.0.0.1:${port};`,
        inNginx(pasted, 1),
        fault !== 'duplicate' && inNginx(pasted, 2),
        fault === 'redirect' && 'location = /orders { return 308 /orders/; }',
        'location / {',
        fault === 'duplicate'
          ? lines(
              `add_header Access-Control-Allow-Origin $cors_origin always;`,
              'add_header Access-Control-Allow-Credentials true always;',
              inNginx(pasted, 2),
            )
          : nginxRules(fault, fix, inNginx(pasted, 2)),
        fault === 'auth' && `auth_basic x; auth_basic_user_file ${folder}/htpasswd;`,
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

function apacheRules(fault: FaultName, fix: Fix | null): string {
  const policy = ownPolicy(fault)
  const always = fault === 'errors' && fix === null ? 'onsuccess' : 'always'
  const preflight = lines(
    'RewriteEngine On',
    'RewriteCond %{REQUEST_METHOD} =OPTIONS',
    'RewriteRule ^ - [R=204,L]',
  )
  if (fault === 'wildcard')
    return lines(
      'Header always set Access-Control-Allow-Origin "*"',
      'Header always set Access-Control-Expose-Headers "x-total"',
      preflight,
    )
  if (fault === 'duplicate')
    return lines(
      `SetEnvIf Origin "^${escaped(ORIGIN)}$" CORS_ORIGIN=$0`,
      'Header always set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN',
      'Header always set Access-Control-Allow-Credentials true env=CORS_ORIGIN',
    )
  if (policy === null) return ''
  const set = (name: string, value: string): string =>
    `Header ${always} set Access-Control-${name} "${value}" env=CORS_ORIGIN`
  return lines(
    // The name that snippets in the web use.
    `SetEnvIf Origin "^(${policy.origins.map(escaped).join('|')})$" CORS_ORIGIN=$0`,
    set('Allow-Origin', '%{CORS_ORIGIN}e'),
    policy.credentials && set('Allow-Credentials', 'true'),
    set('Expose-Headers', policy.exposed.join(', ')),
    set('Allow-Methods', policy.methods.join(', ')),
    set('Allow-Headers', policy.headers.join(', ')),
    set('Max-Age', String(policy.maxAge)),
    'Header always merge Vary Origin',
    fault !== 'auth' && fault !== 'redirect' && preflight,
  )
}

export const apache: TriedServer = {
  name: 'apache',
  faults: proxyFaults(),
  missing: () => lacking('apache', find('apache2') !== undefined && existsSync(MODULES), 'Apache httpd'),
  prepare({ folder, port, upstream, fault, fix }) {
    const modules =
      'mpm_event authz_core authn_core authn_file authz_user auth_basic setenvif headers alias rewrite proxy proxy_http'
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
        apacheRules(fault, fix),
        (fault !== 'errors' && fix?.snippet) ?? null,
        fault === 'redirect' && lines('ProxyPassMatch ^/orders$ !', 'RedirectMatch 308 ^/orders$ /orders/'),
        // Nothing is there: Apache answers 503 itself.
        fault === 'errors' && 'ProxyPass /fail http://127.0.0.1:1/',
        fault === 'auth' &&
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

function caddyRules(fault: FaultName): string {
  const policy = ownPolicy(fault)
  const preflight = lines('@options method OPTIONS', 'respond @options 204')
  if (fault === 'wildcard')
    return lines(
      'header Access-Control-Allow-Origin "*"',
      'header Access-Control-Expose-Headers "x-total"',
      preflight,
    )
  if (fault === 'duplicate')
    return lines(
      `@cors header Origin ${ORIGIN}`,
      'header @cors {',
      `Access-Control-Allow-Origin ${ORIGIN}`,
      'Access-Control-Allow-Credentials true',
      '}',
    )
  if (policy === null) return ''
  return lines(
    `@cors header_regexp o Origin ^(${policy.origins.map(escaped).join('|')})$`,
    'header @cors {',
    'Access-Control-Allow-Origin {http.regexp.o.1}',
    policy.credentials && 'Access-Control-Allow-Credentials true',
    `Access-Control-Expose-Headers "${policy.exposed.join(', ')}"`,
    `Access-Control-Allow-Methods "${policy.methods.join(', ')}"`,
    `Access-Control-Allow-Headers "${policy.headers.join(', ')}"`,
    `Access-Control-Max-Age ${policy.maxAge}`,
    '}',
    'header +Vary Origin',
    fault !== 'auth' && fault !== 'redirect' && preflight,
  )
}

export const caddy: TriedServer = {
  name: 'caddy',
  // Its own error responses have the headers.
  faults: proxyFaults('errors'),
  missing: () => lacking('caddy', find('caddy') !== undefined, 'Caddy'),
  prepare({ folder, port, upstream, fault, fix }) {
    const program = find('caddy') as string
    const hash =
      fault === 'auth'
        ? execFileSync(program, ['hash-password', '--plaintext', 'pass'], { encoding: 'utf8' }).trim()
        : ''
    const moved =
      fault === 'redirect'
        ? 'redir @slashless /orders/ 308'
        : fault === 'auth'
          ? `basicauth {\nuser ${hash}\n}`
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
        caddyRules(fault),
        fault === 'redirect' && '@slashless path /orders',
        fix === null || moved === ''
          ? lines(fix?.snippet ?? null, moved)
          : fix.snippet.replace(/^ *# move your.*$/m, moved),
        `reverse_proxy ${upstream.replace('http://', '')} {`,
        '}',
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

function haproxyRules(fault: FaultName, fix: Fix | null): string {
  const policy = ownPolicy(fault)
  // `http-after-response` is what the remedy for errors asks for where the lines are there.
  const when = fault === 'errors' && fix === null ? 'http-response' : 'http-after-response'
  const preflight =
    '  http-request return status 204 if METH_OPTIONS { req.hdr(Access-Control-Request-Method) -m found }'
  if (fault === 'wildcard')
    return lines(
      preflight,
      '  http-after-response set-header Access-Control-Allow-Origin *',
      '  http-after-response set-header Access-Control-Expose-Headers x-total',
    )
  if (fault === 'duplicate')
    return lines(
      '  http-request set-var(txn.o) req.hdr(Origin)',
      `  http-after-response add-header Access-Control-Allow-Origin %[var(txn.o)] if { var(txn.o) -m str ${ORIGIN} }`,
    )
  if (policy === null) return ''
  const set = (name: string, value: string): string =>
    `  ${when} set-header Access-Control-${name} "${value}" if { var(txn.cors_origin) -m found }`
  return lines(
    `  http-request set-var(txn.cors_origin) req.hdr(Origin) if { req.hdr(Origin) -m str ${policy.origins.join(' ')} }`,
    fault !== 'auth' &&
      fault !== 'redirect' &&
      (when === 'http-after-response' ? preflight : `${preflight} { path /nothing }`),
    set('Allow-Origin', '%[var(txn.cors_origin)]'),
    policy.credentials && set('Allow-Credentials', 'true'),
    set('Expose-Headers', policy.exposed.join(', ')),
    set('Allow-Methods', policy.methods.join(', ')),
    set('Allow-Headers', policy.headers.join(', ')),
    set('Max-Age', String(policy.maxAge)),
    `  ${when} add-header Vary Origin`,
  )
}

export const haproxy: TriedServer = {
  name: 'haproxy',
  faults: proxyFaults(),
  missing: () => lacking('haproxy', find('haproxy') !== undefined, 'HAProxy'),
  prepare({ folder, port, upstream, fault, fix }) {
    const file = path.join(folder, 'haproxy.cfg')
    const pasted = fault === 'errors' ? null : fix
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
        at(pasted, /^# above/, /^# below/).replace(/^/gm, '  '),
        haproxyRules(fault, fix),
        at(pasted, /^# below/).replace(/^/gm, '  '),
        fault === 'auth' && '  http-request auth unless { http_auth(users) }',
        fault === 'redirect' && '  http-request redirect code 308 location /orders/ if { path /orders }',
        // Nothing is behind: HAProxy answers 503 itself.
        fault === 'errors' && '  use_backend down if { path /fail }',
        '  default_backend b',
        'backend b',
        `  server s ${upstream.replace('http://', '')}`,
        'backend down',
      ),
    )
    return { command: find('haproxy') as string, args: ['-db', '-f', file] }
  },
}

function varnishRules(fault: FaultName): string {
  const policy = ownPolicy(fault)
  if (fault === 'wildcard')
    return lines(
      'sub vcl_recv { if (req.method == "OPTIONS") { return (synth(204)); } }',
      ...['vcl_deliver', 'vcl_synth'].map(
        (name) =>
          `sub ${name} { set resp.http.Access-Control-Allow-Origin = "*"; set resp.http.Access-Control-Expose-Headers = "x-total"; }`,
      ),
    )
  if (policy === null) return ''
  const set = (name: string, value: string): string => `set resp.http.Access-Control-${name} = "${value}";`
  const rules = lines(
    `if (req.http.Origin ~ "^(${policy.origins.map(escaped).join('|')})$") {`,
    'set resp.http.Access-Control-Allow-Origin = req.http.Origin;',
    policy.credentials && set('Allow-Credentials', 'true'),
    set('Expose-Headers', policy.exposed.join(', ')),
    set('Allow-Methods', policy.methods.join(', ')),
    set('Allow-Headers', policy.headers.join(', ')),
    set('Max-Age', String(policy.maxAge)),
    '}',
    'set resp.http.Vary = "Origin";',
  )
  return lines(
    'sub vcl_recv { if (req.method == "OPTIONS") { return (synth(204)); } }',
    `sub vcl_deliver { ${rules} }`,
    `sub vcl_synth { ${fault === 'errors' ? 'if (resp.status < 400) {' : ''} ${rules} ${fault === 'errors' ? '}' : ''} }`,
  )
}

export const varnish: TriedServer = {
  name: 'varnish',
  // `set` replaces, so that nothing is doubled.
  faults: proxyFaults('auth', 'duplicate', 'redirect'),
  missing: () => lacking('varnish', find('varnishd') !== undefined, 'Varnish'),
  prepare({ folder, port, upstream, fault, fix }) {
    const file = path.join(folder, 'default.vcl')
    writeFileSync(
      file,
      lines(
        'vcl 4.1;',
        `backend default { .host = "127.0.0.1"; .port = "${new URL(upstream).port}"; }`,
        at(fix, /^# above/, /^# below/),
        fault === 'errors' && 'sub vcl_recv { if (req.url == "/fail") { return (synth(500)); } }',
        varnishRules(fault),
        at(fix, /^# below/),
        'sub vcl_recv { return (pass); }',
      ),
    )
    return {
      command: find('varnishd') as string,
      args: [
        ...['-F', '-j', 'none', '-T', 'none', '-s', 'malloc,16m'],
        ...['-a', `127.0.0.1:${port}`, '-n', path.join(folder, 'work'), '-f', file],
      ],
    }
  },
}
