/** Each case in a process of its own: what is installed globally stays. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { beforeAll, describe, expect, test } from 'vitest'

const inRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const built = {
  es: inRoot('node_modules/.cache/expect-cors-transport.mjs'),
  cjs: inRoot('node_modules/.cache/expect-cors-transport.cjs'),
}

beforeAll(async () => {
  const build = await rolldown({
    input: inRoot('src/transport/undici-transport.ts'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    tsconfig: false,
  })
  await build.write({ file: built.es, format: 'es', codeSplitting: false })
  await build.write({ file: built.cjs, format: 'cjs', exports: 'named', codeSplitting: false })
  await build.close()
})

/** Runs a script and gives what it prints. */
function run(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', `${prelude}\n${script}`], {
    cwd: inRoot('.'),
    encoding: 'utf8',
    timeout: 10_000,
  }).trim()
}

const prelude = `
import http from 'node:http'
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(inRoot('package.json'))})
const server = http.createServer((request, response) => response.end('real')).listen(0, '127.0.0.1')
await new Promise((resolve) => server.on('listening', resolve))
server.unref()
// This side of a connection is not what is tested.
server.on('connection', (socket) => socket.unref())
const url = 'http://127.0.0.1:' + server.address().port
const symbols = [1, 2].map((n) => Symbol.for('undici.globalDispatcher.' + n))
const get = async (transport, at = url) => {
  const response = await transport.send({ method: 'GET', url: at, headers: [] })
  return new Response(response.body).text()
}
`

describe.each(Object.entries(built))('built as %s', (format, file) => {
  const load =
    format === 'es'
      ? `const { undiciTransport } = await import(${JSON.stringify(file)})`
      : `const { undiciTransport } = require(${JSON.stringify(file)})`

  test('leaves no global dispatcher where there was none, and does not keep the process alive', () => {
    expect(
      run(`${load}
        const before = Object.getOwnPropertySymbols(globalThis).length
        // Not read with Response, whose first use is one of Node's fetch.
        const { status, body } = await undiciTransport().send({ method: 'GET', url, headers: [] })
        await body.cancel()
        console.log(status, symbols.map((symbol) => symbol in globalThis), Object.getOwnPropertySymbols(globalThis).length - before)`),
    ).toBe('200 [ false, false ] 0')
  })

  test("leaves the user's own fetch in working order, used for the first time after it", () => {
    expect(
      run(`${load}
        const { headers } = await undiciTransport().send({ method: 'GET', url, headers: [] })
        console.log(headers.length > 0, await (await fetch(url)).text(), typeof Headers, typeof FormData)`),
    ).toBe('true real function function')
  })

  test('leaves the one that is there', () => {
    expect(
      run(`${load}
        await (await fetch(url)).text()
        const before = symbols.map((symbol) => globalThis[symbol])
        console.log(await get(undiciTransport()), symbols.every((symbol, i) => globalThis[symbol] === before[i]))`),
    ).toBe('real true')
  })

  test('leaves an undici that the user loads later in working order', () => {
    expect(
      run(`${load}
        await get(undiciTransport())
        const { request, fetch } = await import('undici')
        console.log((await request(url)).statusCode, (await fetch(url)).status, (await globalThis.fetch(url)).status)
        console.log((await require('undici').request(url)).statusCode)`),
    ).toBe('200 200 200\n200')
  })

  test('uses a MockAgent that was installed globally, before or after', () => {
    expect(
      run(`${load}
        const transport = undiciTransport()
        console.log(await get(transport))
        const { MockAgent, setGlobalDispatcher, getGlobalDispatcher, Agent } = await import('undici')
        const mock = new MockAgent()
        mock.disableNetConnect()
        mock.get('https://api.example.com').intercept({ path: '/a?b' }).reply(200, 'mocked')
        setGlobalDispatcher(mock)
        console.log(await get(transport, 'https://api.example.com/a?b'))
        console.log(await get(transport, 'https://api.example.com/c').catch((error) => error.message))
        setGlobalDispatcher(new Agent())
        console.log(await get(transport))`),
    ).toMatch(
      /^real\nmocked\nGET https:\/\/api\.example\.com\/c got no response: the MockAgent has no response for it: .*\nreal$/,
    )
  })
})
