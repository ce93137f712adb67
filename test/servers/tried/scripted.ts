/** Apps in Python, PHP and Ruby, with the remedy applied as it says. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  appFaults,
  CREDENTIALS,
  type FaultName,
  find,
  isDoubled,
  isMove,
  lacking,
  lines,
  ORIGIN,
  type Policy,
  policyOf,
  type Start,
  type TriedServer,
} from '../tried-server.js'

/** The system's Python, which sees the system's packages. */
const PYTHON = find('/usr/bin/python3') ?? 'python3'

function lacksModules(server: TriedServer['name'], modules: readonly string[]): string | null {
  const { status } = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`])
  return lacking(server, status === 0, `Python's ${modules.join(' or ')}`)
}

const quoted = JSON.stringify

/** What a library that has no `*` for others is left with: the origins that are to stay allowed are named. */
function named(snippet: string, others: string): string {
  return snippet.includes('name every other origin')
    ? snippet.replace(`${quoted(ORIGIN)}]`, `${quoted(ORIGIN)}, ${others}]`)
    : snippet
}

/** How a Python call takes its options. */
function keywords(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${value === true ? 'True' : value === false ? 'False' : quoted(value)}`)
    .join(', ')
}

/**
 * A call with the options that are there, and those of the snippet in place of them; lists are put together where the remedy says to add to them.
 */
function extended(snippet: string, call: RegExp, existing: string): string {
  const adds = /add these to them|add only what its options lack/.test(snippet)
  if (!call.test(snippet)) throw new Error(`${call} is not in the snippet`)
  return lines(
    'def extended(yours, more):',
    adds
      ? '    return {**yours, **{name: [*yours[name], *value] if isinstance(value, list) and isinstance(yours.get(name), list) else value for name, value in more.items()}}'
      : '    return {**yours, **more}',
    `yours = dict(${existing})`,
    'yourOrigins = yours.get("origins", yours.get("allow_origins", []))',
    'yourMethods = yours.get("methods", yours.get("allow_methods", []))',
    'yourHeaders = yours.get("allow_headers", [])',
    snippet.replace(
      call,
      (_, head: string, options: string) => `${head}**extended(yours, dict(${options})))`,
    ),
  )
}

const flaskOptions = ({ origins, methods, headers, exposed, credentials, maxAge }: Policy): string =>
  keywords({
    origins,
    methods,
    allow_headers: headers,
    expose_headers: exposed,
    supports_credentials: credentials,
    max_age: maxAge,
  })

/** The rules, and what the remedy puts beside them. */
function flaskRules({ fault, fix }: Start): string {
  const policy = policyOf(fault)
  const existing = fault === 'wildcard' ? 'send_wildcard=True' : policy === null ? null : flaskOptions(policy)
  const rules = existing === null ? null : `CORS(app, ${existing})`
  if (fix === null || fix.snippet === '') return lines(rules)
  const call = /(CORS\(\n {4}app,)([\s\S]*?)\n\)/
  if (!call.test(fix.snippet)) return lines(rules, fix.snippet)
  if (existing === null) return fix.snippet
  // What there is stays, and what responds to preflights is put beside it.
  if (fault === 'auth') return lines(rules, fix.snippet.replace(call, ''))
  if (fault === 'errors') return lines(rules)
  return extended(named(fix.snippet, quoted('http://localhost:3000')), call, existing)
}

export const flask: TriedServer = {
  name: 'flask',
  // It leaves no trace where it refuses an origin, so that no rules are seen to be there.
  faults: appFaults('several'),
  missing: () => lacksModules('flask', ['flask', 'flask_cors']),
  prepare(start) {
    const { folder, fault, fix } = start
    writeFileSync(
      path.join(folder, 'app.py'),
      lines(
        'import os',
        'from flask import Flask, jsonify, request',
        'from flask_cors import CORS, cross_origin',
        'app = Flask(__name__)',
        (fault !== 'errors' || fix !== null) && flaskRules(start),
        fault === 'auth' &&
          lines(
            '@app.before_request',
            'def authenticate():',
            `    if request.headers.get("Authorization") != ${quoted(CREDENTIALS)}:`,
            '        return "no", 401',
          ),
        isDoubled(start) &&
          lines(
            '@app.after_request',
            'def again(response):',
            `    response.headers.add("Access-Control-Allow-Origin", ${quoted(ORIGIN)})`,
            '    return response',
          ),
        `@app.route(${fault === 'redirect' ? '"/orders/"' : '"/orders"'}, methods=["GET", "PUT", "DELETE"])`,
        // On a single route, as it is in the snippets that leave error responses out.
        fault === 'errors' && fix === null && `@cross_origin(${flaskOptions(policyOf(fault) as Policy)})`,
        'def orders():',
        '    return jsonify({}), 200, {"X-Total": "1"}',
        '@app.route("/fail")',
        'def fail():',
        '    return jsonify({}), 500',
        'from werkzeug.serving import make_server',
        'make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True).serve_forever()',
      ),
    )
    return { command: PYTHON, args: ['app.py'], env: { PYTHONDONTWRITEBYTECODE: '1' } }
  },
}

export const django: TriedServer = {
  name: 'django',
  faults: appFaults(),
  missing: () => lacksModules('django', ['django', 'corsheaders']),
  prepare(start) {
    const { folder, port, fault, fix } = start
    const policy = policyOf(fault)
    const own =
      {
        auth: '"parts.Auth"',
        errors: '"parts.Fail"',
        redirect: '"django.middleware.common.CommonMiddleware"',
      }[fault as string] ?? ''
    const later = fault === 'errors' ? '' : '"parts.Fail"'
    writeFileSync(
      path.join(folder, 'settings.py'),
      lines(
        'SECRET_KEY = "x"',
        'DEBUG = False',
        'ALLOWED_HOSTS = ["*"]',
        'ROOT_URLCONF = "parts"',
        'WSGI_APPLICATION = "parts.application"',
        'INSTALLED_APPS = []',
        `MIDDLEWARE = [${[own].filter((each) => each !== '').join(', ')}]`,
        (policy !== null || fault === 'wildcard') &&
          lines(
            'INSTALLED_APPS += ["corsheaders"]',
            'MIDDLEWARE += ["corsheaders.middleware.CorsMiddleware"]',
          ),
        fault === 'wildcard' && 'CORS_ALLOW_ALL_ORIGINS = True',
        policy !== null &&
          lines(
            `CORS_ALLOWED_ORIGINS = ${quoted(policy.origins)}`,
            `CORS_ALLOW_METHODS = ${quoted(policy.methods)}`,
            `CORS_ALLOW_HEADERS = ${quoted(policy.headers)}`,
            `CORS_EXPOSE_HEADERS = ${quoted(policy.exposed)}`,
            policy.credentials && 'CORS_ALLOW_CREDENTIALS = True',
            `CORS_PREFLIGHT_MAX_AGE = ${policy.maxAge}`,
          ),
        `MIDDLEWARE += [${later}]`,
        // What is only for settings without rules is left out where there are some.
        fix !== null &&
          (policy === null
            ? named(fix.snippet, quoted('http://localhost:3000'))
            : fix.snippet.replace(/# these only where[\s\S]*/, '')),
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
        '        if request.path == "/fail" and request.method == "GET": return JsonResponse({}, status=500)',
        '        return self.get(request)',
        'def orders(request):',
        '    if request.method not in ("GET", "PUT", "DELETE"): return JsonResponse({}, status=405)',
        '    response = JsonResponse({})',
        '    response["X-Total"] = "1"',
        '    return response',
        `urlpatterns = [path(${fault === 'redirect' ? '"orders/"' : '"orders"'}, orders)]`,
        'inner = get_wsgi_application()',
        'def application(environ, start):',
        '    def again(status, headers, *rest):',
        isDoubled(start) && `        headers.append(("Access-Control-Allow-Origin", ${quoted(ORIGIN)}))`,
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

/** Where CORSMiddleware is added: what is added last runs first. */
function fastapiRules({ fault, fix }: Start): { inner: string; outer: string } {
  const policy = policyOf(fault)
  const existing =
    fault === 'wildcard'
      ? 'allow_origins=["*"]'
      : policy === null
        ? null
        : keywords({
            allow_origins: policy.origins,
            allow_methods: policy.methods,
            allow_headers: policy.headers,
            expose_headers: policy.exposed,
            allow_credentials: policy.credentials,
            max_age: policy.maxAge,
          })
  const rules = existing === null ? '' : `app.add_middleware(CORSMiddleware, ${existing})`
  const call = /(app\.add_middleware\(\n {4}CORSMiddleware,)([\s\S]*?)\n\)/
  if (fix === null) return fault === 'auth' ? { inner: rules, outer: '' } : { inner: '', outer: rules }
  if (existing === null) return { inner: '', outer: fix.snippet }
  if (fault === 'errors')
    return { inner: fix.snippet.replace(/\nfrom fastapi.middleware.cors[\s\S]*/, ''), outer: rules }
  if (isMove(fix) || fix.snippet === '') return { inner: '', outer: rules }
  return { inner: '', outer: extended(named(fix.snippet, quoted('http://localhost:3000')), call, existing) }
}

export const fastapi: TriedServer = {
  name: 'fastapi',
  faults: appFaults('redirect'),
  missing: () => lacksModules('fastapi', ['fastapi', 'uvicorn']),
  prepare(start) {
    const { folder, port, fault } = start
    const { inner, outer } = fastapiRules(start)
    writeFileSync(
      path.join(folder, 'app.py'),
      lines(
        'from fastapi import FastAPI, Request',
        'from fastapi.responses import JSONResponse',
        'from fastapi.middleware.cors import CORSMiddleware',
        'app = FastAPI()',
        '@app.api_route("/orders", methods=["GET", "PUT", "DELETE"])',
        'def orders(): return JSONResponse({}, headers={"X-Total": "1"})',
        '@app.get("/fail")',
        'def fail(): raise RuntimeError("fails")',
        inner,
        fault === 'auth' &&
          lines(
            '@app.middleware("http")',
            'async def authenticate(request: Request, call_next):',
            `    if request.headers.get("authorization") != ${quoted(CREDENTIALS)}: return JSONResponse({}, 401)`,
            '    return await call_next(request)',
          ),
        outer,
        isDoubled(start) &&
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

/** The lines that people write, which stay where they are. */
function phpRules(fault: FaultName): string {
  const policy = policyOf(fault)
  if (fault === 'wildcard')
    return lines(
      "header('Access-Control-Allow-Origin: *');",
      "header('Access-Control-Expose-Headers: x-total');",
    )
  if (policy === null) return ''
  return lines(
    "header('Vary: Origin');",
    `if (in_array($_SERVER['HTTP_ORIGIN'] ?? '', ${quoted(policy.origins)}, true)) {`,
    "  header('Access-Control-Allow-Origin: ' . $_SERVER['HTTP_ORIGIN']);",
    policy.credentials && "  header('Access-Control-Allow-Credentials: true');",
    `  header('Access-Control-Expose-Headers: ${policy.exposed.join(', ')}');`,
    `  header('Access-Control-Allow-Methods: ${policy.methods.join(', ')}');`,
    `  header('Access-Control-Allow-Headers: ${policy.headers.join(', ')}');`,
    `  header('Access-Control-Max-Age: ${policy.maxAge}');`,
    '}',
    "if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') { http_response_code(204); exit; }",
  )
}

export const php: TriedServer = {
  name: 'php',
  faults: appFaults(),
  missing: () => lacking('php', find('php') !== undefined, 'PHP'),
  prepare(start) {
    const { folder, port, fault, fix } = start
    const rules = phpRules(fault)
    const isMisplaced = fault === 'auth' || fault === 'errors' || fault === 'redirect'
    const moves = fix !== null && isMisplaced
    writeFileSync(
      path.join(folder, 'router.php'),
      lines(
        '<?php',
        moves ? rules : (fix?.snippet ?? null),
        "$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);",
        "$method = $_SERVER['REQUEST_METHOD'];",
        !isMisplaced && rules,
        fault === 'auth' &&
          "if (($_SERVER['PHP_AUTH_USER'] ?? '') !== 'user') { http_response_code(401); exit; }",
        "if ($path === '/fail' && $method === 'GET') { http_response_code(500); exit; }",
        fault === 'redirect' && "if ($path === '/orders') { header('Location: /orders/', true, 308); exit; }",
        isMisplaced && !moves && rules,
        "if (!preg_match('#^/orders/?$#', $path)) { http_response_code(404); exit; }",
        "if (!in_array($method, ['GET', 'PUT', 'DELETE'])) { http_response_code(405); exit; }",
        isDoubled(start) && `header('Access-Control-Allow-Origin: ${ORIGIN}', false);`,
        "header('X-Total: 1');",
        "header('Content-Type: application/json');",
        "echo '{}';",
      ),
    )
    return { command: find('php') as string, args: ['-S', `127.0.0.1:${port}`, 'router.php'] }
  },
}

function rackRules({ fault, fix }: Start): { first: string; last: string } {
  const policy = policyOf(fault)
  const block = (origins: readonly string[], options: string): string =>
    `  allow do\n    origins ${origins.map((origin) => quoted(origin)).join(', ')}\n    resource "*", ${options}\n  end`
  const existing =
    fault === 'wildcard'
      ? block(['*'], 'methods: [:get, :head, :post], headers: :any, expose: ["x-total"]')
      : policy === null
        ? null
        : block(
            policy.origins,
            `methods: [${policy.methods.map((method) => `:${method.toLowerCase()}`).join(', ')}], headers: ${quoted(policy.headers)}, expose: ${quoted(policy.exposed)}, credentials: ${policy.credentials}, max_age: ${policy.maxAge}`,
          )
  const rules = existing === null ? '' : `use Rack::Cors do\n${existing}\nend`
  const isMisplaced = fault === 'auth' || fault === 'redirect'
  if (fix === null) return isMisplaced ? { first: '', last: rules } : { first: rules, last: '' }
  if (fix.snippet === '' || (isMove(fix) && existing !== null)) return { first: rules, last: '' }
  if (existing === null || fault === 'errors') return { first: lines(rules, fix.snippet), last: '' }
  const pasted = fix.snippet.match(/ {2}allow do[\s\S]*? {2}end/)?.[0] ?? ''
  if (/one more block/.test(fix.snippet) || fault === 'wildcard')
    return { first: `use Rack::Cors do\n${pasted}\n${existing}\nend`, last: '' }
  // The options of the resource that is there, with those of the snippet added to them.
  const list = (text: string, name: string): string =>
    text.match(new RegExp(`${name}: (\\[[^\\]]*\\]|:any)`))?.[1] ?? '[]'
  const merged = ['methods', 'headers'].reduce(
    (text, name) =>
      text.replace(`${name}: ${list(text, name)}`, `${name}: [*${list(text, name)}, *${list(pasted, name)}]`),
    existing,
  )
  const credentials = pasted.includes('credentials: true')
    ? merged.replace('credentials: false', 'credentials: true')
    : merged
  const origins = credentials.replace(/origins (.*)/, `origins $1, ${pasted.match(/origins (.*)/)?.[1]}`)
  return { first: `use Rack::Cors do\n${origins}\nend`, last: '' }
}

export const rackCors: TriedServer = {
  name: 'rack-cors',
  faults: appFaults(),
  missing() {
    const puma = find('puma')
    const ruby = find('ruby')
    const there =
      puma !== undefined && ruby !== undefined && spawnSync(ruby, ['-e', "require 'rack/cors'"]).status === 0
    return lacking('rack-cors', there, 'rack-cors or Puma')
  },
  prepare(start) {
    const { folder, port, fault } = start
    const { first, last } = rackRules(start)
    const middleware = (name: string, code: string): string =>
      `class ${name}\n  def initialize(app); @app = app; end\n  def call(env)\n${code}\n  end\nend\nuse ${name}`
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      path.join(folder, 'config.ru'),
      lines(
        "require 'rack/cors'",
        'yourMethods = yourHeaders = []',
        isDoubled(start) &&
          middleware(
            'Again',
            `    status, headers, body = @app.call(env)\n    headers['Access-Control-Allow-Origin'] = "#{headers['Access-Control-Allow-Origin']}\\n${ORIGIN}"\n    [status, headers, body]`,
          ),
        first,
        fault === 'auth' &&
          middleware(
            'Auth',
            `    return [401, {}, []] if env['HTTP_AUTHORIZATION'] != '${CREDENTIALS}'\n    @app.call(env)`,
          ),
        fault === 'redirect' &&
          middleware(
            'Slash',
            "    return [308, { 'Location' => '/orders/' }, []] if env['PATH_INFO'] == '/orders'\n    @app.call(env)",
          ),
        last,
        'run(lambda do |env|',
        // The web server's own error page.
        "  raise 'fails' if env['PATH_INFO'] == '/fail'",
        "  next [405, {}, []] unless %w[GET PUT DELETE].include?(env['REQUEST_METHOD'])",
        "  next [404, {}, []] unless env['PATH_INFO'].start_with?('/orders')",
        "  [200, { 'Content-Type' => 'application/json', 'X-Total' => '1' }, ['{}']]",
        'end)',
      ),
    )
    return {
      command: find('puma') as string,
      args: ['-q', '-b', `tcp://127.0.0.1:${port}`, '-e', 'production', 'config.ru'],
    }
  },
}
