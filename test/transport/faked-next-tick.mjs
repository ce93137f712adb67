// Run by fake-timers.test.ts in a process of its own: where `process.nextTick` is faked, the runner itself could not go on.
import { createServer } from 'node:http'
import { register } from 'node:module'
import { withGlobal } from '@sinonjs/fake-timers'

register('../browsers/typescript-hooks.mjs', import.meta.url)
const { toAllowOrigin } = await import('../../src/matchers/to-allow-origin.ts')

const app = (_request, response) => response.end()
const listening = createServer(app)
await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve))
const subjects = [`http://127.0.0.1:${listening.address().port}/`, createServer(app), listening]

const clock = withGlobal(globalThis).install({ toFake: process.argv.slice(2) })
const said = []
for (const subject of subjects) {
  for (const isNot of [false, true]) {
    try {
      await toAllowOrigin.call({ isNot }, subject, 'https://app.example.com')
      said.push('no error')
    } catch ({ name, message }) {
      said.push(`${name}: ${message}`)
    }
  }
}
clock.uninstall()
listening.close()
console.log(JSON.stringify(said))
