// Importing loads nothing heavy, and using it leaves the user's own fetch as it was.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import test from 'node:test'

const { cache } = createRequire(import.meta.url)
const heavy = () =>
  Object.keys(cache).filter((file) =>
    /node_modules.(undici|tldts|tough-cookie|eventsource-parser|msw)/.test(file),
  )
const dispatchers = () => ['1', '2'].map((n) => globalThis[Symbol.for(`undici.globalDispatcher.${n}`)])

// Node 26 installs its own with its first Fetch class.
void globalThis.Request
const before = dispatchers()

test('an import loads nothing heavy', async () => {
  await import('expect-cors')
  await import('expect-cors/matchers')
  assert.deepEqual(heavy(), [])
  assertUnchanged()
})

test('a live assertion leaves fetch as it was', async () => {
  const { toAllowOrigin } = await import('expect-cors/matchers')
  const server = createServer((_request, response) =>
    response.setHeader('Access-Control-Allow-Origin', '*').end('ok'),
  )
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}/`
  const { pass } = await toAllowOrigin.call({}, url, 'https://app.example.com')
  assert.equal(pass, true)
  assertUnchanged()
  assert.equal(await (await fetch(url)).text(), 'ok')
  server.close()
})

function assertUnchanged() {
  const after = dispatchers()
  assert.ok(after.every((dispatcher, index) => dispatcher === before[index]))
}
