/** Apps in Python, PHP and Ruby. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { CREDENTIALS, find, lacking, lines, ORIGIN, type TriedServer } from '../tried-server.js'

/** The system's Python, which sees the system's packages. */
const PYTHON = find('/usr/bin/python3') ?? 'python3'

function lacksModules(server: TriedServer['name'], modules: readonly string[]): string | null {
  const { status } = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`])
  return lacking(server, status === 0, `Python's ${modules.join(' or ')}`)
}

const quoted = JSON.stringify

export const flask: TriedServer = {
  name: 'flask',
  missing: () => lacksModules('flask', ['flask', 'flask_cors']),
  prepare({ folder, kind, snippet }) {
    const rules = `CORS(app, origins=[${quoted(ORIGIN)}], supports_credentials=True)`
    const guard = `    if request.headers.get("Authorization") != ${quoted(CREDENTIALS)}:\n        return "no", 401`
    writeFileSync(
      path.join(folder, 'app.py'),
      lines(
        'import os',
        'from flask import Flask, jsonify, request',
        'from flask_cors import CORS, cross_origin',
        'app = Flask(__name__)',
        snippet,
        // The snippet ends in the function that authenticates.
        kind === 'auth' &&
          lines(snippet === null && lines('@app.before_request', 'def authenticate():'), guard),
        snippet === null &&
          kind === 'duplicate' &&
          lines(
            '@app.after_request',
            'def again(response):',
            `    response.headers.add("Access-Control-Allow-Origin", ${quoted(ORIGIN)})`,
            '    return response',
          ),
        snippet === null && kind !== 'errors' && kind !== 'policy' && rules,
        `@app.route(${kind === 'redirect' ? '"/orders/"' : '"/orders"'}, methods=["GET", "PUT"])`,
        snippet === null && kind === 'policy' && `@cross_origin(origins=[${quoted(ORIGIN)}])`,
        'def orders():',
        '    return jsonify({})',
        '@app.route("/fail")',
        'def fail():',
        '    return jsonify({}), 500',
        'from werkzeug.serving import make_server',
        'make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True).serve_forever()',
      ),
    )
    return { command: PYTHON, args: ['app.py'] }
  },
}

export const django: TriedServer = {
  name: 'django',
  missing: () => lacksModules('django', ['django', 'corsheaders']),
  prepare({ folder, port, kind, snippet }) {
    const own =
      {
        auth: '"parts.Auth"',
        errors: '"parts.Fail"',
        redirect: '"django.middleware.common.CommonMiddleware"',
      }[kind as string] ?? ''
    const misplaced = snippet === null && (own !== '' || kind === 'duplicate')
    writeFileSync(
      path.join(folder, 'settings.py'),
      lines(
        'SECRET_KEY = "x"',
        'DEBUG = False',
        'ALLOWED_HOSTS = ["*"]',
        'ROOT_URLCONF = "parts"',
        'WSGI_APPLICATION = "parts.application"',
        'INSTALLED_APPS = []',
        `MIDDLEWARE = [${own}]`,
        misplaced &&
          lines(
            'INSTALLED_APPS += ["corsheaders"]',
            'MIDDLEWARE += ["corsheaders.middleware.CorsMiddleware"]',
            `CORS_ALLOWED_ORIGINS = [${quoted(ORIGIN)}]`,
            'CORS_ALLOW_CREDENTIALS = True',
          ),
        snippet,
      ),
    )
    writeFileSync(
      path.join(folder, 'parts.py'),
      lines(
        'from django.core.wsgi import get_wsgi_application',
        'from django.http import JsonResponse',
        'from django.urls import path',
        'class Auth:',
        '    def __init__(self, get): self.get = get',
        '    def __call__(self, request):',
        `        if request.headers.get("Authorization") != ${quoted(CREDENTIALS)}: return JsonResponse({}, status=401)`,
        '        return self.get(request)',
        'class Fail:',
        '    def __init__(self, get): self.get = get',
        '    def __call__(self, request):',
        '        if request.path == "/fail": return JsonResponse({}, status=500)',
        '        return self.get(request)',
        'def orders(request):',
        kind === 'route' &&
          '    if request.method not in ("GET", "PUT"): return JsonResponse({}, status=405)',
        '    return JsonResponse({})',
        `urlpatterns = [path(${kind === 'redirect' ? '"orders/"' : '"orders"'}, orders)]`,
        'inner = get_wsgi_application()',
        'def application(environ, start):',
        '    def again(status, headers, *rest):',
        kind === 'duplicate' &&
          snippet === null &&
          `        headers.append(("Access-Control-Allow-Origin", ${quoted(ORIGIN)}))`,
        '        return start(status, headers, *rest)',
        '    return inner(environ, again)',
      ),
    )
    const env = { DJANGO_SETTINGS_MODULE: 'settings', PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' }
    return {
      command: PYTHON,
      args: ['-m', 'django', 'runserver', '--noreload', `127.0.0.1:${port}`],
      env,
    }
  },
}

export const fastapi: TriedServer = {
  name: 'fastapi',
  missing: () => lacksModules('fastapi', ['fastapi', 'uvicorn']),
  prepare({ folder, port, kind, snippet }) {
    const rules = (origin: string): string =>
      `app.add_middleware(CORSMiddleware, allow_origins=[${quoted(origin)}], allow_methods=["PUT"], allow_headers=["content-type", "authorization"], allow_credentials=True)`
    writeFileSync(
      path.join(folder, 'app.py'),
      lines(
        'from fastapi import FastAPI, Request',
        'from fastapi.responses import JSONResponse',
        'from fastapi.middleware.cors import CORSMiddleware',
        'app = FastAPI()',
        '@app.api_route("/orders", methods=["GET", "PUT"])',
        'def orders(): return {}',
        '@app.get("/fail")',
        'def fail(): raise RuntimeError("fails")',
        snippet === null && kind === 'policy' && rules('https://admin.example.com'),
        snippet === null && kind !== 'policy' && kind !== 'route' && rules(ORIGIN),
        kind === 'auth' &&
          lines(
            '@app.middleware("http")',
            'async def authenticate(request: Request, call_next):',
            `    if request.headers.get("authorization") != ${quoted(CREDENTIALS)}: return JSONResponse({}, 401)`,
            '    return await call_next(request)',
          ),
        snippet,
        kind === 'duplicate' &&
          snippet === null &&
          lines(
            'inner = app',
            'async def app(scope, receive, send):',
            '    async def again(message):',
            '        if message["type"] == "http.response.start":',
            `            message["headers"] = [*message["headers"], (b"access-control-allow-origin", b${quoted(ORIGIN)})]`,
            '        await send(message)',
            '    await inner(scope, receive, again)',
          ),
      ),
    )
    const args = [
      '-m',
      'uvicorn',
      'app:app',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--lifespan',
      'off',
    ]
    return { command: PYTHON, args, env: { PYTHONDONTWRITEBYTECODE: '1' } }
  },
}

export const php: TriedServer = {
  name: 'php',
  missing: () => lacking('php', find('php') !== undefined, 'PHP'),
  prepare({ folder, port, kind, snippet }) {
    writeFileSync(
      path.join(folder, 'router.php'),
      lines(
        '<?php',
        snippet,
        "$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);",
        "$method = $_SERVER['REQUEST_METHOD'];",
        kind === 'auth' &&
          "if (($_SERVER['PHP_AUTH_USER'] ?? '') !== 'user') { http_response_code(401); exit; }",
        kind === 'route' && "if ($method !== 'GET' && $method !== 'PUT') { http_response_code(405); exit; }",
        kind === 'errors' && "if ($path === '/fail') { http_response_code(500); exit; }",
        kind === 'redirect' && "if ($path === '/orders') { header('Location: /orders/', true, 308); exit; }",
        snippet === null &&
          kind !== 'policy' &&
          lines(
            `header('Access-Control-Allow-Origin: ${ORIGIN}');`,
            "header('Access-Control-Allow-Credentials: true');",
          ),
        snippet === null &&
          kind === 'duplicate' &&
          `header('Access-Control-Allow-Origin: ${ORIGIN}', false);`,
        "header('Content-Type: application/json');",
        "echo '{}';",
      ),
    )
    return { command: find('php') as string, args: ['-S', `127.0.0.1:${port}`, 'router.php'] }
  },
}

export const rackCors: TriedServer = {
  name: 'rack-cors',
  missing() {
    const puma = find('puma')
    const ruby = find('ruby')
    const there =
      puma !== undefined && ruby !== undefined && spawnSync(ruby, ['-e', "require 'rack/cors'"]).status === 0
    return lacking('rack-cors', there, 'rack-cors or Puma')
  },
  prepare({ folder, port, kind, snippet }) {
    const rules = (origin: string): string =>
      `use(Rack::Cors) { allow { origins '${origin}'; resource '*', methods: [:get, :put], headers: :any, credentials: true } }`
    const middleware = (name: string, code: string): string =>
      `class ${name}\n  def initialize(app); @app = app; end\n  def call(env)\n${code}\n  end\nend\nuse ${name}`
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      path.join(folder, 'config.ru'),
      lines(
        "require 'rack/cors'",
        snippet,
        kind === 'auth' &&
          middleware(
            'Auth',
            `    return [401, {}, []] if env['HTTP_AUTHORIZATION'] != '${CREDENTIALS}'\n    @app.call(env)`,
          ),
        kind === 'errors' &&
          middleware('Rescue', '    begin\n      @app.call(env)\n    rescue\n      [500, {}, []]\n    end'),
        kind === 'duplicate' &&
          snippet === null &&
          middleware(
            'Again',
            `    status, headers, body = @app.call(env)\n    headers['Access-Control-Allow-Origin'] = "#{headers['Access-Control-Allow-Origin']}\\n${ORIGIN}"\n    [status, headers, body]`,
          ),
        snippet === null && kind === 'policy' && rules('https://admin.example.com'),
        snippet === null && kind !== 'policy' && kind !== 'route' && rules(ORIGIN),
        'run(lambda do |env|',
        "  raise 'fails' if env['PATH_INFO'] == '/fail'",
        kind === 'route' && "  next [404, {}, []] if env['REQUEST_METHOD'] == 'OPTIONS'",
        "  [200, { 'Content-Type' => 'application/json' }, ['{}']]",
        'end)',
      ),
    )
    return {
      command: find('puma') as string,
      args: ['-q', '-b', `tcp://127.0.0.1:${port}`, '-e', 'production', 'config.ru'],
    }
  },
}
