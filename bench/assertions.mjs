// A passing assertion in a Vitest test, beside the one that people write without this package. On real answers, in rotation: each assertion
// reads its response anew.
import { ratio, table } from './measure.mjs'
import { runVitest } from './vitest-project.mjs'

const AIM = 2
const MATCHER = 'expect(response).toAllowOrigin(origin)'
const PLAIN = "expect(response.headers.get('access-control-allow-origin')).toBe(origin)"

const output = runVitest(
  {
    'assertions.test.mjs': `
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { inTurn } from ${JSON.stringify(new URL('measure.mjs', import.meta.url).pathname)}

const origin = 'https://app.example.com'

test('assertions', async () => {
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Vary', 'Origin')
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.setHeader('ETag', 'W/"' + request.url + '"')
    response.end('{}')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const responses = []
  for (let i = 0; i < 64; i++) {
    const response = await fetch('http://127.0.0.1:' + server.address().port + '/orders/' + i, { headers: { Origin: origin } })
    await response.text()
    responses.push(response)
  }
  const results = inTurn(
    {
      ${JSON.stringify(PLAIN)}: (i) => expect(responses[i].headers.get('access-control-allow-origin')).toBe(origin),
      ${JSON.stringify(MATCHER)}: (i) => expect(responses[i]).toAllowOrigin(origin),
    },
    { count: responses.length, warmUp: 3000 },
  )
  console.log('@@' + JSON.stringify(results))
  server.closeAllConnections()
  server.close()
})
`,
  },
  "setupFiles: ['expect-cors/vitest']",
)
const results = JSON.parse(output.match(/@@(.*)/)[1])
table(
  'A passing assertion on a fetched response, in a Vitest test (in the three engines, the default)',
  Object.entries(results).map(([name, value]) => [
    name,
    `${(value / 1000).toFixed(1).padStart(6)} µs`,
    ratio(value, results[PLAIN], name === MATCHER ? AIM : undefined),
  ]),
)
