// Writes docs/errors/: a page for each failure code, and their index; and the table of messages in docs/debug-any-cors-error.md. Consoles, explanations and ways out are what the package itself
// says of the cases in docs-errors-cases.mjs; a test fails where the pages differ.
//
//   node scripts/docs-errors.mjs
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { register } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { API, APP, errorPages, STREAM } from './docs-errors-cases.mjs'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))

const guide = path.join(docs, 'debug-any-cors-error.md')

const ENGINES = ['chromium', 'firefox', 'webkit']
const BROWSERS = {
  chromium: 'Chrome, Edge, Opera (Chromium)',
  firefox: 'Firefox',
  webkit: 'Safari (WebKit)',
}
const SERVERS = {
  express: 'Express',
  fastify: 'Fastify',
  hono: 'Hono',
  koa: 'Koa',
  nest: 'NestJS',
  h3: 'h3, Nitro',
  vite: 'Vite’s dev server',
  nginx: 'nginx',
  apache: 'Apache',
  caddy: 'Caddy',
  haproxy: 'HAProxy',
  varnish: 'Varnish',
  flask: 'Flask',
  django: 'Django',
  fastapi: 'FastAPI',
  'rack-cors': 'Rails, Rack',
  php: 'PHP',
  spring: 'Spring',
  tomcat: 'Tomcat',
  aspnet: 'ASP.NET Core',
  s3: 'Amazon S3',
  cloudfront: 'CloudFront',
}
const LANGUAGES = {
  nginx: 'nginx',
  apache: 'apache',
  caddy: 'text',
  haproxy: 'text',
  varnish: 'vcl',
  flask: 'python',
  django: 'python',
  fastapi: 'python',
  'rack-cors': 'ruby',
  php: 'php',
  spring: 'java',
  tomcat: 'xml',
  aspnet: 'csharp',
  s3: 'json',
  cloudfront: 'json',
}

/** Every page by its path below docs/. */
export async function renderErrorPages() {
  const tools = await loadTools()
  const unnamed = Object.keys(tools.servers).filter((server) => !(server in SERVERS))
  if (unnamed.length > 0) throw new Error(`scripts/docs-errors.mjs has no name for ${unnamed.join(', ')}`)
  const pages = new Map()
  const rows = []
  for (const code of tools.corsFailureCodes) {
    const page = errorPages[code]
    if (page === undefined) throw new Error(`scripts/docs-errors-cases.mjs has no case for ${code}`)
    const cases = await Promise.all(page.cases.map((each) => travelled(tools, each)))
    const journeys = cases.map((each) => blocking(each, code))
    pages.set(`errors/${code}.md`, renderPage(tools, code, page, cases, journeys))
    rows.push({ code, page, prints: fragments(tools, code, page, cases[0]) })
  }
  pages.set('errors/README.md', renderIndex(rows))
  pages.set(path.basename(guide), withTable(await readFile(guide, 'utf8'), rows))
  return pages
}

async function loadTools() {
  const [failure, travel, page, client, explain, remedies, servers, sendInstead, console] = await Promise.all(
    [
      import('../src/fetch/failure.ts'),
      import('../src/page/travel.ts'),
      import('../src/page/open-page.ts'),
      import('../src/verdict/client.ts'),
      import('../src/diagnose/explain.ts'),
      import('../src/diagnose/remedies/index.ts'),
      import('../src/diagnose/remedies/known-servers.ts'),
      import('../src/diagnose/send-instead.ts'),
      import('../src/diagnose/console/index.ts'),
    ],
  )
  return {
    ...failure,
    ...travel,
    ...page,
    ...client,
    ...explain,
    ...remedies,
    ...servers,
    ...sendInstead,
    ...console,
  }
}

/** What each engine makes of a case. */
async function travelled(tools, each) {
  if (each.element !== undefined) return loaded(tools, each)
  const { travel, createClient } = tools
  const { request = {}, stream, preflight, response, again, keepaliveBytes } = each
  const { duplex: _, httpVersion, ...init } = request
  const journeys = {}
  for (const engine of ENGINES) {
    journeys[engine] = await travel({
      keepaliveBytes,
      client: createClient(APP),
      engine,
      httpVersion,
      request: {
        origin: APP,
        url: `${API}/orders`,
        ...init,
        ...(stream === undefined ? {} : { body: stream() }),
      },
      send: async (head, send) => ({
        sent: head,
        response: (send.phase === 'preflight'
          ? preflight
          : redirected(send, again)
            ? undefined
            : response) ?? {
          status: 200,
          headers: [
            ['Access-Control-Allow-Origin', APP],
            ['Access-Control-Allow-Headers', 'content-type'],
          ],
        },
      }),
    })
  }
  return journeys
}

/** What each engine makes of an element's case. */
async function loaded({ openPage }, { element: { as, crossorigin, preload }, response }) {
  const journeys = {}
  for (const engine of ENGINES) {
    const respond = () => new Response(null, response)
    const page = openPage(APP, { engine, servers: { [API]: respond } })
    if (preload !== undefined) await page.preload(`${API}/orders`, { as, crossorigin: preload })
    journeys[engine] = await page.load(`${API}/orders`, { as, crossorigin })
    await page.close()
  }
  return journeys
}

const redirected = ({ request }, again) => again !== true && request.redirectCount > 0

/** The journey of the first engine that blocks for this code. */
function blocking(journeys, code) {
  const engine = ENGINES.find((each) => journeys[each].verdict.code === code)
  if (engine === undefined) {
    const got = ENGINES.map(
      (each) => `${each}: ${journeys[each].verdict.code ?? journeys[each].verdict.outcome}`,
    )
    throw new Error(`a case of ${code} ends otherwise (${got.join(', ')})`)
  }
  return journeys[engine]
}

function renderPage(tools, code, page, cases, journeys) {
  const [first] = journeys
  return `${paragraphs([
    `<!-- Made by scripts/docs-errors.mjs. -->\n\n# \`${code}\``,
    `${capitalized(page.what)}.`,
    page.why,
    '## What the console prints',
    page.chromium === undefined
      ? undefined
      : `Chrome's network panel calls it ${page.chromium.map((name) => `\`${name}\``).join(' or ')}.`,
    ...consoles(tools, code, cases),
    '## What it means',
    ...page.cases.map(({ when }, index) =>
      paragraphs([
        when === undefined ? undefined : `### ${capitalized(when)}`,
        tools.explainCors(journeys[index]).explanation,
      ]),
    ),
    '## Reproduce it',
    ...reproduction(page.cases[0], first),
    '## Fix it',
    ...fixes(tools, first),
    '## Read on',
    [
      ...tools
        .explainCors(first)
        .docs.filter((link) => link.startsWith('https:'))
        .map((link) => `- <${link}>`),
      '- [Every failure code](README.md)',
      '- [From any message to the fix](../debug-any-cors-error.md)',
    ].join('\n'),
  ])}\n`
}

/** What each engine prints for each case, each different text once. */
function consoles(tools, code, cases) {
  return ENGINES.map((engine) => {
    const texts = new Set()
    const others = new Set()
    for (const journeys of cases) {
      const { verdict } = journeys[engine]
      if (verdict.code !== code) others.add(verdict.code ?? 'allowed')
      else texts.add(tools.consoleMessage(journeys[engine]) ?? '')
    }
    const printed = [...texts].filter((text) => text !== '')
    return paragraphs([
      `**${BROWSERS[engine]}**`,
      ...printed.map((text) => fenced(text, 'text')),
      printed.length === 0 && texts.size > 0
        ? journeys0(cases, engine).verdict.as === undefined
          ? 'Nothing about CORS: the request fails with a `TypeError`.'
          : 'Nothing: the element fires `error`.'
        : undefined,
      texts.size > 0 || others.size === 0 ? undefined : elsewhere(others),
    ])
  })
}

const journeys0 = ([first], engine) => first[engine]

function elsewhere(others) {
  if (others.has('allowed')) return 'Lets it through.'
  return `Refuses it for another reason: ${[...others].map((code) => `[\`${code}\`](${code}.md)`).join(', ')}.`
}

/** How a page has each element. */
const TAGS = {
  image: (url, crossorigin) => `<img src="${url}"${crossorigin}>`,
  script: (url, crossorigin) => `<script src="${url}"${crossorigin}></script>`,
  module: (url, crossorigin) => `<script type="module" src="${url}"${crossorigin}></script>`,
}

function tagsOf({ as, crossorigin, preload }) {
  const url = 'http://localhost:8080/orders'
  const attribute = (value) => (value === undefined || value === null ? '' : ` crossorigin="${value}"`)
  const link = `<link rel="preload" as="${as}" href="${url}"${attribute(preload)}>\n`
  return (preload === undefined ? '' : link) + TAGS[as](url, attribute(crossorigin))
}

function reproduction({ request = {}, stream, element, preflight, response }, { verdict, exchanges }) {
  const sent = exchanges.length > 0
  const own = request.url?.startsWith(`${APP}/`) === true
  return [
    sent ? `${own ? 'The page’s own server' : 'A server'} that responds like this:` : undefined,
    sent ? fenced(serverCode(preflight, response), 'js') : undefined,
    `${sent ? 'and a' : 'A'} page at \`${APP}\` that asks:`,
    element !== undefined
      ? fenced(tagsOf(element), 'html')
      : fenced(pageCode({ ...request, ...(stream === undefined ? {} : { body: STREAM }) }, sent), 'js'),
    ...(verdict.initiator === 'fetch' && stream === undefined && isPlain(request)
      ? commandFor(request, sent)
      : []),
  ].filter((text) => text !== undefined)
}

const isPlain = ({ mode, redirect, cache, referrer, keepalive, url }) =>
  referrer === undefined &&
  keepalive === undefined &&
  mode === undefined &&
  redirect === undefined &&
  cache === undefined &&
  (url === undefined || (/^https?:/.test(url) && URL.canParse(url) && !url.startsWith(APP)))

function commandFor({ url, method, headers = {}, credentials, body }, sent) {
  const quote = (text) => (/^[\w.:/@-]+$/.test(text) ? text : `'${text.replace(/\n/g, '\\n')}'`)
  const target = url ?? (sent ? 'http://localhost:8080/orders' : `${API}/orders`)
  const words = [
    'npx expect-cors explain',
    quote(target),
    `--origin ${APP}`,
    method === undefined ? '' : `--method ${quote(method)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quote(`${name}: ${value}`)}`),
    credentials === undefined ? '' : `--credentials ${credentials}`,
    body === undefined ? '' : `--body ${quote(body)}`,
  ].filter((word) => word !== '')
  if (Object.values(headers).some((value) => value.includes('\n'))) return []
  if (method !== undefined && !/^[\w-]+$/.test(method)) return []
  return ['The same without a browser:', fenced(words.join(' '), 'sh')]
}

function serverCode(preflight, response) {
  const answer = ({ status, headers }, indent) =>
    headers.length === 0
      ? `response.writeHead(${status})`
      : `response.writeHead(${status}, [\n${headers.map(([name, value]) => `${indent}  ${literal(name)}, ${literal(value)},`).join('\n')}\n${indent}])`
  const fallback = { status: 200, headers: [['Access-Control-Allow-Origin', APP]] }
  const lines = ["import { createServer } from 'node:http'", '', 'createServer((request, response) => {']
  if (preflight === undefined) lines.push(`  ${answer(response ?? fallback, '  ')}`)
  else {
    lines.push(
      "  if (request.method === 'OPTIONS') {",
      `    ${answer(preflight, '    ')}`,
      '  } else {',
      `    ${answer(response ?? fallback, '    ')}`,
      '  }',
    )
  }
  return [...lines, '  response.end()', '}).listen(8080)'].join('\n')
}

function pageCode({ url, initiator, httpVersion: _, ...init }, sent) {
  const target = literal(
    url?.replace(`${APP}/`, '/') ?? (sent ? 'http://localhost:8080/orders' : `${API}/orders`),
  )
  if (initiator === 'eventsource') return `new EventSource(${target})`
  const entries = Object.entries(init).map(([name, value]) => `  ${name}: ${initText(value)},`)
  return entries.length === 0
    ? `await fetch(${target})`
    : `await fetch(${target}, {\n${entries.join('\n')}\n})`
}

function initText(value) {
  if (value === STREAM) return value
  if (typeof value === 'string') return literal(value)
  const fields = Object.entries(value).map(
    ([name, text]) => `${/^\w+$/.test(name) ? name : literal(name)}: ${literal(text)}`,
  )
  return `{ ${fields.join(', ')} }`
}

function literal(text) {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`
}

function fixes(tools, journey) {
  const instead = tools.sendInstead(journey)
  const lines = instead === null ? [] : tools.sendInsteadText(instead)
  const all = tools.remediesFor(journey)
  const page = all.filter(({ for: place }) => place !== 'server' && !(place in SERVERS))
  const servers = Object.keys(SERVERS).flatMap((server) => {
    const [remedy] = tools.remediesFor(journey, { server })
    if (remedy?.for !== server) return []
    return [
      `<details><summary>${SERVERS[server]}${tools.untried.includes(server) ? ' (untested)' : ''}</summary>\n\n${
        remedy.snippet === undefined
          ? `${remedy.title}.`
          : `${remedy.title}:\n\n${fenced(remedy.snippet, LANGUAGES[server] ?? 'js')}`
      }\n\n</details>`,
    ]
  })
  return [
    lines.length === 0
      ? undefined
      : `What the server should send instead, in the first case above:\n\n${fenced(lines.join('\n'), 'http')}`,
    servers.length === 0 ? undefined : 'How your server comes to do so:',
    servers.length === 0 ? undefined : servers.join('\n'),
    page.length === 0
      ? undefined
      : page
          .map(({ title, snippet }) =>
            snippet === undefined
              ? `- ${title}.`
              : `- ${title}:\n\n${fenced(snippet, 'js').replace(/^(?=.)/gm, '  ')}`,
          )
          .join('\n'),
  ].filter((text) => text !== undefined)
}

function renderIndex(rows) {
  const groups = new Map()
  for (const row of rows) groups.set(row.page.group, [...(groups.get(row.page.group) ?? []), row])
  return `${paragraphs([
    '<!-- Made by scripts/docs-errors.mjs. -->\n\n# Failure codes',
    `Why a browser refused, as [\`evaluateCors\`](../evaluator.md) and every message of this package name it. Each page shows what Chrome, Firefox and Safari print, what
it means, how to reproduce it and how to fix it. With a message at hand, start with [From any message to the fix](../debug-any-cors-error.md).`,
    ...[...groups].map(([group, members]) =>
      paragraphs([
        `## ${group}`,
        [
          '| code | what is wrong | in Chrome |',
          '| --- | --- | --- |',
          ...members.map(
            ({ code, page }) =>
              `| [\`${code}\`](${code}.md) | ${page.what} | ${(page.chromium ?? []).map((name) => `\`${name}\``).join(', ')} |`,
          ),
        ].join('\n'),
      ]),
    ),
  ])}\n`
}

/** What each engine prints, without what all its messages have in common. */
const ON_PREFLIGHT = "Response to preflight request doesn't pass access control check: "

function fragments(tools, code, page, journeys) {
  const found = new Set()
  for (const engine of ENGINES) {
    if (journeys[engine].verdict.code !== code) continue
    const text = tools.consoleMessage(journeys[engine])?.split('\n')[0] ?? ''
    const reason =
      /blocked by CORS policy: (.*)/.exec(text)?.[1] ?? /\(Reason: (.*?)\)\./.exec(text)?.[1] ?? text
    const bare = reason.replace(ON_PREFLIGHT, '')
    found.add(bare)
    // Only Chromium says of the CORS check that it was the preflight's.
    const hasPrefix = page.chromium?.some((name) => name.startsWith('Preflight'))
    if (engine === 'chromium' && hasPrefix) found.add(ON_PREFLIGHT + bare)
    // As a keyboard types it.
    found.add(bare.replace(/[‘’]/g, "'").replace(/[“”]/g, '"'))
  }
  return [...found].filter((text) => text !== '')
}

function withTable(text, rows) {
  const table = [
    '| the console says | the code |',
    '| --- | --- |',
    ...rows
      .filter(({ prints }) => prints.length > 0)
      .map(
        ({ code, page, prints }) =>
          `| ${prints.map((each) => `\`${each.replaceAll('|', '\\|')}\``).join('<br>')} | [\`${code}\`](errors/${code}.md)${
            page.chromium === undefined ? '' : ` (${page.chromium.map((name) => `\`${name}\``).join(', ')})`
          } |`,
      ),
  ].join('\n')
  return text.replace(
    /(<!-- messages -->\n)[\s\S]*?(<!-- \/messages -->)/,
    (_, start, end) => `${start}${table}\n${end}`,
  )
}

function fenced(text, language) {
  return `\`\`\`${language}\n${text}\n\`\`\``
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function paragraphs(texts) {
  return texts.filter((text) => text !== undefined && text !== '').join('\n\n')
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  register('../test/browsers/typescript-hooks.mjs', import.meta.url)
  const pages = await renderErrorPages()
  await mkdir(path.join(docs, 'errors'), { recursive: true })
  for (const name of await readdir(path.join(docs, 'errors'))) {
    if (!pages.has(`errors/${name}`)) await rm(path.join(docs, 'errors', name))
  }
  for (const [name, text] of pages) await writeFile(path.join(docs, name), text)
  console.log(`${pages.size} pages in docs/`)
}
