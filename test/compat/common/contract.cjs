/** A contract as a runner's entry describes it: the tests are there, and ask what they say. */
const { defineCorsContract } = require('expect-cors')

const APP = 'https://app.example.com'

exports.describeContract = ({ describeCorsContract, test, expect }) => {
  const received = []
  const app = {
    fetch(request) {
      const origin = request.headers.get('origin')
      received.push(`${request.method} ${new URL(request.url).pathname} ${origin}`)
      const headers = { 'access-control-allow-methods': 'PUT', vary: 'Origin' }
      if (origin === APP) headers['access-control-allow-origin'] = origin
      return new Response(null, { headers })
    },
  }
  const contract = defineCorsContract({
    origins: { allow: [APP], deny: ['https://evil.example'] },
    routes: { 'GET /orders': {}, 'PUT /orders/:id': { params: { id: 1 } } },
  })
  describeCorsContract(contract, { dev: app, staging: Promise.resolve(app) })

  test('the contract was asked, each request once', () => {
    const each = ['GET /orders', 'OPTIONS /orders/1'].flatMap((what) => [
      `${what} ${APP}`,
      `${what} https://evil.example`,
    ])
    expect([...received].sort()).toEqual([...each, ...each].sort())
  })
}
