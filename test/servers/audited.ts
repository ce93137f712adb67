/** Servers, proxies and frameworks besides Node's, each with a policy that somebody really writes: what an audit must find of it. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { AuditFindingId, AuditOptions } from 'expect-cors'
import { apache, caddy, haproxy, nginx } from './tried/proxies.js'
import { django, fastapi, flask, php, rackCors } from './tried/scripted.js'
import { type Child, find, lines, type Start, type TriedServer } from './tried-server.js'

export interface AuditedServer {
  readonly name: string
  readonly server: TriedServer
  /** What is found: about origins, where any are; of a server that is right all there is. */
  readonly finds: readonly AuditFindingId[]
  readonly options?: Partial<AuditOptions>
}

const APP = 'https://app.example.com'
const LOOSE: readonly AuditFindingId[] = [
  'prefix-match',
  'suffix-match',
  'substring-match',
  'unescaped-dot',
  'insecure-scheme',
  'other-port',
  'any-subdomain',
]
const EVERYBODY: readonly AuditFindingId[] = ['reflected-origin', 'null-origin']

type Make = (start: Start) => Child

const row = (
  of: TriedServer,
  what: string,
  make: Make,
  finds: readonly AuditFindingId[],
  options: Partial<AuditOptions> = {},
): AuditedServer => ({
  name: `${of.name}, ${what}`,
  server: { ...of, prepare: make },
  finds,
  options,
})

const put = ({ folder }: Start, file: string, ...text: readonly (string | false | null)[]): string => {
  const full = path.join(folder, file)
  writeFileSync(full, lines(...text))
  return full
}

// Proxies, in front of an app without CORS.

/** @param map between `map $http_origin $cors_origin {` and `}`, or none for rules alone */
const nginxWith =
  (map: string | null, ...rules: readonly string[]): Make =>
  (start) => {
    const { folder, port, upstream } = start
    const file = put(
      start,
      'nginx.conf',
      'daemon off; worker_processes 1; error_log stderr warn;',
      `pid ${folder}/nginx.pid;`,
      'events { worker_connections 64; }',
      'http {',
      'access_log off;',
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (each) => `${each}_temp_path ${folder}/${each};`,
      ),
      map !== null &&
        lines(
          `map $http_origin $cors_origin { default ""; ${map} }`,
          'map $cors_origin $cors_credentials { default true; "" ""; }',
          'map $cors_origin $cors_methods { default "GET, PUT"; "" ""; }',
        ),
      `server { listen 127.0.0.1:${port}; location / {`,
      map !== null &&
        lines(
          'add_header Access-Control-Allow-Origin $cors_origin always;',
          'add_header Access-Control-Allow-Credentials $cors_credentials always;',
          'add_header Access-Control-Allow-Methods $cors_methods always;',
          'add_header Vary Origin always;',
        ),
      ...rules,
      'if ($request_method = OPTIONS) { return 204; }',
      `proxy_pass ${upstream}; } } }`,
    )
    return { command: find('nginx') as string, args: ['-p', folder, '-e', 'stderr', '-c', file] }
  }

const MODULES = '/usr/lib/apache2/modules'

/** @param pattern of SetEnvIf; what it matches is sent, or the variable that is named */
const apacheWith =
  (pattern: string, value = '%{CORS_ORIGIN}e'): Make =>
  (start) => {
    const { folder, port, upstream } = start
    const modules = 'mpm_event authz_core setenvif headers rewrite proxy proxy_http'
    const file = put(
      start,
      'httpd.conf',
      `ServerRoot ${folder}`,
      `PidFile ${folder}/httpd.pid`,
      'ServerName localhost',
      `Listen 127.0.0.1:${port}`,
      `ErrorLog ${folder}/error.log`,
      ...modules.split(' ').map((each) => `LoadModule ${each}_module ${MODULES}/mod_${each}.so`),
      `Mutex file:${folder} default`,
      `SetEnvIf Origin "${pattern}" CORS_ORIGIN=$0`,
      `Header always set Access-Control-Allow-Origin "${value}" env=CORS_ORIGIN`,
      'Header always set Access-Control-Allow-Credentials true env=CORS_ORIGIN',
      'Header always set Access-Control-Allow-Methods "GET, PUT" env=CORS_ORIGIN',
      'Header always merge Vary Origin',
      'RewriteEngine On',
      'RewriteCond %{REQUEST_METHOD} =OPTIONS',
      'RewriteRule ^ - [R=204,L]',
      `ProxyPass / ${upstream}/`,
    )
    return { command: find('apache2') as string, args: ['-d', folder, '-f', file, '-DFOREGROUND'] }
  }

/** @param match of the Origin: a matcher of Caddy's */
const caddyWith =
  (match: string): Make =>
  (start) => {
    const { folder, port, upstream } = start
    const file = put(
      start,
      'Caddyfile',
      `{\nadmin off\nauto_https off\nstorage file_system ${folder}/store\n}`,
      `http://127.0.0.1:${port} {`,
      'bind 127.0.0.1',
      `@cors ${match}`,
      'header @cors {',
      'Access-Control-Allow-Origin {http.request.header.Origin}',
      'Access-Control-Allow-Credentials true',
      'Access-Control-Allow-Methods "GET, PUT"',
      '}',
      'header +Vary Origin',
      '@options method OPTIONS',
      'respond @options 204',
      `reverse_proxy ${upstream.replace('http://', '')}`,
      '}',
    )
    return {
      command: find('caddy') as string,
      args: ['run', '--adapter', 'caddyfile', '--config', file],
      env: { HOME: folder },
    }
  }

/** @param condition on the Origin, an ACL of HAProxy's */
const haproxyWith =
  (condition: string): Make =>
  (start) => {
    const { port, upstream } = start
    const set = (name: string, value: string): string =>
      `  http-after-response set-header Access-Control-${name} "${value}" if { var(txn.o) -m found }`
    const file = put(
      start,
      'haproxy.cfg',
      'defaults',
      '  mode http',
      ...['client', 'server', 'connect'].map((each) => `  timeout ${each} 10s`),
      'frontend f',
      `  bind 127.0.0.1:${port}`,
      `  http-request set-var(txn.o) req.hdr(Origin) if { ${condition} }`,
      '  http-request return status 204 if METH_OPTIONS',
      set('Allow-Origin', '%[var(txn.o)]'),
      set('Allow-Credentials', 'true'),
      set('Allow-Methods', 'GET, PUT'),
      '  http-after-response add-header Vary Origin',
      '  default_backend b',
      'backend b',
      `  server s ${upstream.replace('http://', '')}`,
    )
    return { command: find('haproxy') as string, args: ['-db', '-f', file] }
  }

// Frameworks.

const PYTHON = find('/usr/bin/python3') ?? 'python3'
const env = { PYTHONDONTWRITEBYTECODE: '1' }

const flaskWith =
  (options: string): Make =>
  (start) => {
    put(
      start,
      'app.py',
      'import os',
      'from flask import Flask, jsonify',
      'from flask_cors import CORS',
      'app = Flask(__name__)',
      `CORS(app, ${options})`,
      '@app.route("/orders")',
      'def orders(): return jsonify({})',
      'from werkzeug.serving import make_server',
      'make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True).serve_forever()',
    )
    return { command: PYTHON, args: ['app.py'], env }
  }

const djangoWith =
  (...settings: readonly string[]): Make =>
  (start) => {
    const { folder, port } = start
    put(
      start,
      'settings.py',
      'SECRET_KEY = "x"',
      'ALLOWED_HOSTS = ["*"]',
      'ROOT_URLCONF = "parts"',
      'INSTALLED_APPS = ["corsheaders"]',
      'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]',
      'CORS_ALLOW_CREDENTIALS = True',
      ...settings,
    )
    put(
      start,
      'parts.py',
      'from django.http import JsonResponse',
      'from django.urls import path',
      'urlpatterns = [path("orders", lambda request: JsonResponse({}))]',
    )
    return {
      command: PYTHON,
      args: ['-m', 'django', 'runserver', '--noreload', `127.0.0.1:${port}`],
      env: { ...env, DJANGO_SETTINGS_MODULE: 'settings', PYTHONPATH: folder },
    }
  }

const starletteWith =
  (options: string): Make =>
  (start) => {
    put(
      start,
      'app.py',
      'from fastapi import FastAPI',
      'from fastapi.middleware.cors import CORSMiddleware',
      'app = FastAPI()',
      `app.add_middleware(CORSMiddleware, allow_methods=["GET", "PUT"], ${options})`,
      '@app.get("/orders")',
      'def orders(): return {}',
    )
    const args = `-m uvicorn app:app --host 127.0.0.1 --port ${start.port} --lifespan off`.split(' ')
    return { command: PYTHON, args, env }
  }

/** @param condition on `$origin` */
const phpWith =
  (condition: string): Make =>
  (start) => {
    put(
      start,
      'router.php',
      '<?php',
      "$origin = $_SERVER['HTTP_ORIGIN'] ?? '';",
      "header('Vary: Origin');",
      `if (${condition}) {`,
      '  header("Access-Control-Allow-Origin: $origin");',
      "  header('Access-Control-Allow-Credentials: true');",
      "  header('Access-Control-Allow-Methods: GET, PUT');",
      '}',
      "if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') { http_response_code(204); exit; }",
      "echo '{}';",
    )
    return { command: find('php') as string, args: ['-S', `127.0.0.1:${start.port}`, 'router.php'] }
  }

const rackWith =
  (origins: string): Make =>
  (start) => {
    put(
      start,
      'config.ru',
      "require 'rack/cors'",
      'use Rack::Cors do',
      '  allow do',
      `    origins ${origins}`,
      "    resource '*', headers: :any, methods: [:get, :put], credentials: true",
      '  end',
      'end',
      "run(lambda { |env| [200, { 'Content-Type' => 'application/json' }, ['{}']] })",
    )
    const args = ['-q', '-b', `tcp://127.0.0.1:${start.port}`, '-e', 'production', 'config.ru']
    return { command: find('puma') as string, args }
  }

export const audited: readonly AuditedServer[] = [
  row(
    nginx,
    '$http_origin',
    nginxWith(
      null,
      'add_header Access-Control-Allow-Origin $http_origin always;',
      'add_header Access-Control-Allow-Credentials true always;',
      'add_header Vary Origin always;',
    ),
    EVERYBODY,
  ),
  row(
    nginx,
    'an expression as blogs have it',
    nginxWith('~*(app.example.com|localhost:3000) $http_origin;'),
    LOOSE,
  ),
  row(nginx, 'a dot that is not escaped', nginxWith('~^https://app.example\\.com$ $http_origin;'), [
    'unescaped-dot',
  ]),
  row(nginx, 'an expression without ^', nginxWith('~example\\.com$ $http_origin;'), [
    'suffix-match',
    'any-subdomain',
    'insecure-scheme',
  ]),
  row(nginx, 'an expression without $', nginxWith('"~^https://app\\.example\\.com" $http_origin;'), [
    'prefix-match',
    'other-port',
  ]),
  row(nginx, 'null', nginxWith(`"${APP}" $http_origin; "null" $http_origin;`), ['null-origin']),
  row(nginx, 'a list', nginxWith(`"${APP}" $http_origin; "http://localhost:3000" $http_origin;`), []),
  row(
    nginx,
    'subdomains that are meant',
    nginxWith('"~^https://([a-z0-9-]+\\.)*example\\.com$" $http_origin;'),
    [],
    { allowSubdomains: true },
  ),
  row(nginx, '* that is meant', nginxWith(null, 'add_header Access-Control-Allow-Origin * always;'), [], {
    publicApi: true,
  }),

  row(apache, 'any Origin', apacheWith('.+'), EVERYBODY),
  row(apache, 'dots that are not escaped', apacheWith(`^${APP}$`), ['unescaped-dot']),
  row(
    apache,
    'an expression without ^ and $, and the whole Origin',
    apacheWith('.*app\\.example\\.com.*'),
    LOOSE.filter((id) => id !== 'unescaped-dot'),
  ),
  row(
    apache,
    'an expression without ^ and $, of which what matches is sent',
    apacheWith('https://(app)\\.example\\.com'),
    [],
  ),
  row(apache, 'an exact expression', apacheWith('^https://app\\.example\\.com$'), []),

  row(caddy, 'any Origin', caddyWith('header Origin *'), EVERYBODY),
  row(caddy, 'a beginning', caddyWith(`header Origin ${APP}*`), ['prefix-match', 'other-port']),
  row(caddy, 'an end', caddyWith('header Origin *example.com'), [
    'suffix-match',
    'any-subdomain',
    'insecure-scheme',
  ]),
  row(caddy, 'dots that are not escaped', caddyWith(`header_regexp Origin ^${APP}$`), ['unescaped-dot']),
  row(caddy, 'one origin', caddyWith(`header Origin ${APP}`), []),

  row(haproxy, 'any Origin', haproxyWith('req.hdr(Origin) -m found'), EVERYBODY),
  row(haproxy, 'an end', haproxyWith('req.hdr(Origin) -m end example.com'), [
    'suffix-match',
    'any-subdomain',
    'insecure-scheme',
  ]),
  row(
    haproxy,
    'a part',
    haproxyWith('req.hdr(Origin) -m sub app.example.com'),
    LOOSE.filter((id) => id !== 'unescaped-dot'),
  ),
  row(haproxy, 'a list', haproxyWith(`req.hdr(Origin) -m str ${APP} http://localhost:3000`), []),

  row(flask, 'CORS(app)', flaskWith(''), EVERYBODY),
  row(flask, 'CORS(app, supports_credentials=True)', flaskWith('supports_credentials=True'), EVERYBODY),
  row(
    flask,
    'an expression, matched at its beginning',
    flaskWith(`origins=[r"https://.*app\\.example\\.com"], supports_credentials=True`),
    ['prefix-match', 'suffix-match', 'substring-match', 'other-port', 'any-subdomain'],
  ),
  // Whoever asks without an Origin gets what is meant for the first of the list, and no Vary.
  row(flask, 'a list', flaskWith(`origins=["${APP}"], supports_credentials=True`), ['vary']),

  row(django, 'CORS_ALLOW_ALL_ORIGINS', djangoWith('CORS_ALLOW_ALL_ORIGINS = True'), EVERYBODY),
  row(
    django,
    'an expression, matched at its beginning',
    djangoWith('CORS_ALLOWED_ORIGIN_REGEXES = [r"https://app.example.com"]'),
    ['prefix-match', 'unescaped-dot', 'other-port'],
  ),
  row(django, 'a list', djangoWith(`CORS_ALLOWED_ORIGINS = ["${APP}"]`), []),

  row(fastapi, '* with credentials', starletteWith('allow_origins=["*"], allow_credentials=True'), [
    ...EVERYBODY,
    'cookie-dependent',
  ]),
  row(
    fastapi,
    'an expression with dots',
    starletteWith(`allow_origin_regex="${APP}", allow_credentials=True`),
    ['unescaped-dot'],
  ),
  row(
    fastapi,
    'an expression for subdomains, without the dot',
    starletteWith('allow_origin_regex=r"https://.*example\\.com", allow_credentials=True'),
    ['suffix-match', 'any-subdomain'],
  ),
  row(fastapi, 'a list', starletteWith(`allow_origins=["${APP}"], allow_credentials=True`), []),

  row(php, 'any Origin', phpWith("$origin !== ''"), EVERYBODY),
  row(
    php,
    'strpos',
    phpWith("strpos($origin, 'app.example.com') !== false"),
    LOOSE.filter((id) => id !== 'unescaped-dot'),
  ),
  row(php, 'preg_match', phpWith("preg_match('/^https?:\\/\\/(.+\\.)?example.com$/', $origin)"), [
    'unescaped-dot',
    'any-subdomain',
    'insecure-scheme',
  ]),
  row(php, 'in_array', phpWith(`in_array($origin, ['${APP}'], true)`), []),

  row(
    rackCors,
    'an expression without \\A and \\z',
    rackWith('/app\\.example\\.com/'),
    LOOSE.filter((id) => id !== 'unescaped-dot'),
  ),
  row(rackCors, 'any Origin', rackWith('/.*/'), EVERYBODY),
  row(rackCors, 'a list', rackWith(`'${APP}'`), []),
]
