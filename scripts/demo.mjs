// Runs the example API and its Vitest suites, and shows what passed and what the failures say.
//
// Exits with 0 only when every right route passed and every broken one failed for the reason given here.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = 'examples/express-api'

/** The broken routes: what was done wrong, and how the message begins that has to say so. */
const broken = {
  'GET /broken/wildcard': {
    fault: 'Any origin, and credentials: cors({ origin: "*", credentials: true })',
    says: 'The response to GET {api}/broken/wildcard (status 200) has `Access-Control-Allow-Origin: *`, which does not count for a request with credentials',
  },
  'PUT /broken/auth-first/1': {
    fault: 'Authentication runs before cors(), and a preflight carries no token',
    says: 'The preflight response (status 401) has no Access-Control-Allow-Origin header',
  },
  'GET /broken/profile/photo': {
    fault: 'cors() on one route only: the 404 below it has no CORS headers',
    says: 'The response to GET {api}/broken/profile/photo (status 404) has no Access-Control-Allow-Origin header',
  },
  'GET /broken/crash': {
    fault: 'Something fails before cors(): the 500 has no CORS headers',
    says: 'The response to GET {api}/broken/crash (status 500) has no Access-Control-Allow-Origin header',
  },
  'GET /broken/twice': {
    fault: 'Two layers both add the header',
    says: 'The response to GET {api}/broken/twice (status 200) has Access-Control-Allow-Origin on two lines',
  },
  'GET /broken/no-vary': {
    fault: 'The answer differs by origin, and no Vary tells caches',
    says: 'The response to a request with Origin: https://app.example.com has no Vary header',
  },
  'GET /broken/hidden-count': {
    fault: 'The page needs X-Total-Count, and it is not exposed',
    says: 'X-Total-Count is there, but no script can read it',
  },
  'GET /broken/slash': {
    fault: 'The configured origin ends in a slash',
    says: 'The response to GET {api}/broken/slash (status 200) has `Access-Control-Allow-Origin: https://app.example.com/`, but the origin that asked is `https://app.example.com`',
  },
}

const colors = process.stdout.isTTY && process.env.NO_COLOR === undefined
const style = (format, text) => (colors ? styleText(format, text) : text)
const print = (...lines) => console.log(lines.join('\n'))

const children = new Set()
const workplace = await mkdtemp(path.join(tmpdir(), 'expect-cors-demo-'))
const tooLate = setTimeout(() => fail('The demo took longer than three minutes.'), 180_000)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => fail(`Stopped by ${signal}.`))

try {
  await demonstrate()
} catch (error) {
  print('', style('red', `The demo did not run: ${error.message}`))
  process.exitCode = 1
} finally {
  await cleanUp()
}

async function demonstrate() {
  if (!(await isBuilt())) {
    print('Building the package ...')
    await run('the build', ['scripts/build.mjs'])
  }
  const api = await startApi()
  print(
    '',
    style('bold', 'expect-cors: an Express API, asked as a browser would'),
    '',
    `The API (${example}/server.mjs) listens on ${api}. A page at https://app.example.com uses it.`,
    'Nothing below starts a browser. An assertion holds when Chromium, Firefox and WebKit agree.',
  )
  const results = await runSuites(api)
  const problems = [
    ...showRight(results.get('cors.test.ts')),
    ...showBroken(results.get('broken.test.ts'), api),
  ]
  print('')
  if (problems.length > 0) {
    print(style('red', 'Not as expected:'), ...problems.map((problem) => `  ${problem}`), '')
    process.exitCode = 1
    return
  }
  const right = results.get('cors.test.ts').length
  const wrong = results.get('broken.test.ts').length
  print(
    style(
      'green',
      `${right} assertions on right routes passed. ${wrong} broken routes were found, each with its reason.`,
    ),
    `The tests are in ${example}/cors.test.ts and broken.test.ts.`,
    '',
  )
}

/** The right routes: a line each. */
function showRight(tests = []) {
  print('', style('bold', 'Routes that are right'), '')
  const problems = tests.length > 0 ? [] : ['cors.test.ts did not run']
  for (const { title, message } of tests) {
    print(message === undefined ? `  ${style('green', '✓')} ${title}` : `  ${style('red', '✗')} ${title}`)
    if (message === undefined) continue
    print('', indented(message), '')
    problems.push(`${title}: should pass, and fails`)
  }
  return problems
}

/** The broken routes: what is wrong with each, and the whole message. */
function showBroken(tests = [], api) {
  print('', style('bold', 'Routes that are broken on purpose, and what their tests say'))
  const problems = tests.length > 0 ? [] : ['broken.test.ts did not run']
  for (const [title, { fault, says }] of Object.entries(broken)) {
    const test = tests.find((found) => found.title === title)
    print('', `${style('red', '✗')} ${style('bold', title)}`, `  ${style('dim', fault)}`)
    if (test?.message === undefined) {
      problems.push(`${title}: should fail, and ${test === undefined ? 'was not run' : 'passes'}`)
      continue
    }
    print('', indented(test.message))
    const begins = says.replaceAll('{api}', api)
    const sentence = test.message.split('\n')[0] ?? ''
    if (!sentence.toLowerCase().includes(begins.toLowerCase()))
      problems.push(`${title}: its first line should say: ${begins}`)
  }
  for (const { title } of tests) {
    if (broken[title] === undefined)
      problems.push(`${title}: scripts/demo.mjs does not say what is wrong with it`)
  }
  return problems
}

/** The whole message, its sentences broken at the width of the terminal, what was sent and answered as it is. */
function indented(message) {
  return message
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('✗')) return style('red', line)
      return /^[<>] /.test(line) ? style('dim', line) : wrapped(line)
    })
    .map((line) => `  │ ${line}`.trimEnd())
    .join('\n')
}

function wrapped(line) {
  const width = Math.min(process.stdout.columns || 100, 100) - 4
  const lines = ['']
  for (const word of line.split(/(?<=\S) /)) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (longer.length > width && lines.at(-1) !== '') lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** Whether dist is there and newer than the sources. */
async function isBuilt() {
  const built = await stat(path.join(root, 'dist/esm/index.js')).catch(() => undefined)
  if (built === undefined) return false
  const files = await readdir(path.join(root, 'src'), { recursive: true, withFileTypes: true })
  for (const file of files) {
    if (!file.isFile()) continue
    if ((await stat(path.join(file.parentPath, file.name))).mtimeMs > built.mtimeMs) return false
  }
  return true
}

/** Starts the API on a free port of this machine; it is ready when it answers. */
async function startApi() {
  const server = start([`${example}/server.mjs`], { PORT: '0' })
  const ended = server.ended.then(({ code, output }) => {
    throw new Error(`the API ended with ${code}.\n${output}`)
  })
  ended.catch(() => undefined)
  const url = await Promise.race([server.firstLine, ended])
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const answer = await Promise.race([fetch(`${url}/prices`).catch(() => undefined), ended])
    if (answer?.ok) return url
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the API at ${url} did not answer within 20 seconds`)
}

/** Runs both suites: file name to tests, in order, each with its message where it failed. */
async function runSuites(api) {
  const output = path.join(workplace, 'report.json')
  await run(
    'Vitest',
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      `--root=${example}`,
      '--reporter=json',
      `--outputFile=${output}`,
    ],
    { API_URL: api },
    [0, 1],
  )
  const { testResults } = JSON.parse(await readFile(output, 'utf8'))
  return new Map(
    testResults.map(({ name, assertionResults, message }) => {
      if (assertionResults.length === 0)
        throw new Error(`Vitest could not run ${path.basename(name)}.\n${message}`)
      const tests = assertionResults.map(({ title, status, failureMessages }) => ({
        title,
        message: status === 'passed' ? undefined : messageOf(failureMessages[0] ?? status),
      }))
      return [path.basename(name), tests]
    }),
  )
}

/** Vitest reports the stack: the message is what comes before its first line. */
function messageOf(stack) {
  return stack.replace(/\n +at [^\n]*(\n +at [^\n]*)*\s*$/, '').replace(/^Error: /, '')
}

/** Runs Node to its end. */
async function run(what, args, env = {}, codes = [0]) {
  const { code, output } = await start(args, env).ended
  if (!codes.includes(code)) throw new Error(`${what} ended with ${code}.\n${output}`)
}

function start(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let output = ''
  const firstLine = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => {
        output += text
        if (stream === child.stdout && output.includes('\n')) resolve(output.split('\n')[0].trim())
      })
    }
  })
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: error.message, output }))
    child.once('close', (code, signal) => {
      children.delete(child)
      resolve({ code: code ?? signal, output })
    })
  })
  return { firstLine, ended }
}

/** What npm and Vitest set for their children would reach into those of the demo. */
function inherited() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_OPTIONS|API_URL|FORCE_COLOR)/i.test(name),
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}

async function cleanUp() {
  clearTimeout(tooLate)
  for (const child of children) child.kill('SIGKILL')
  await rm(workplace, { recursive: true, force: true })
}

async function fail(reason) {
  print('', style('red', reason))
  await cleanUp()
  process.exit(1)
}
