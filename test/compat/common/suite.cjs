// What must hold under every runner: the truth table (copied from test/truth/), and the forms in which a matcher is used.
const assert = require('node:assert/strict')
const { createServer } = require('node:http')
const { configure, endpoint, isCorsUsageError, observed } = require('expect-cors')
const truth = require('./truth.cjs')

const { ORIGIN, answers, behaviours, endpointArgs, fetchResponse, listener, outcome, outcomeNow } = truth
const STRANGER = 'https://stranger.example'

/**
 * @param test the runner's
 * @param expect the runner's, with the matchers
 * @param can what the runner cannot do: `asymmetric`, `pending`
 */
exports.defineSuite = ({ test, expect, can = {} }) => {
  const { asymmetric = true, blocks = false } = can

  for (const behaviour of behaviours) {
    const { name, status, headers, matcher, args } = behaviour
    const answer = answers[name]
    test(`truth: ${name}`, async () => {
      assert.equal(
        outcomeNow(() => expect({ status, headers })[matcher](...args)),
        answer.response,
      )
      const app = endpoint({ listener: listener(behaviour) })
      assert.equal(await outcome(() => expect(app)[matcher](...endpointArgs(behaviour))), answer.endpoint)
      const server = createServer(listener(behaviour))
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        const url = `http://127.0.0.1:${server.address().port}/`
        assert.equal(await outcome(() => expect(url)[matcher](...endpointArgs(behaviour))), answer.endpoint)
      } finally {
        server.close()
      }
      // jsdom under Jest has no Fetch classes.
      if (typeof Response === 'undefined') return
      const joined = answer.joined ?? answer.response
      assert.equal(
        outcomeNow(() => expect(fetchResponse(behaviour))[matcher](...args)),
        joined,
      )
      const handler = () => fetchResponse(behaviour)
      assert.equal(
        await outcome(() => expect(handler)[matcher](...endpointArgs(behaviour))),
        answer.joined ?? answer.endpoint,
      )
    })
  }

  const response = { status: 200, headers: { 'access-control-allow-origin': ORIGIN, vary: 'Origin' } }
  const app = createServer((request, answer) => {
    if (request.headers.origin === ORIGIN) answer.setHeader('Access-Control-Allow-Origin', ORIGIN)
    answer.setHeader('Vary', 'Origin').end()
  })

  test('a negative', async () => {
    expect(observed(response, { origin: STRANGER })).not.toAllowOrigin(STRANGER)
    await expect(app).not.toAllowOrigin(STRANGER)
    await expect(app).toBlockCorsRequest({ origin: STRANGER }, 'missing-allow-origin')
    const held = await outcome(() => expect(app).not.toAllowOrigin(ORIGIN))
    assert.match(held, /may read this response/)
  })

  test('a wrong use is no verdict', async () => {
    for (const misuse of [
      () => expect(response).not.toAllowOrigin(STRANGER),
      () => expect(response).toAllowOrigin(`${ORIGIN}/`),
      () => expect(42).not.toAllowOrigin(ORIGIN),
    ]) {
      await assert.rejects(async () => misuse(), isCorsUsageError)
    }
  })

  test('resolves', async () => {
    await expect(Promise.resolve(response)).resolves.toAllowOrigin(ORIGIN)
    await expect(Promise.resolve(app)).resolves.toAllowOrigin(ORIGIN)
    await expect(Promise.resolve(app)).resolves.not.toAllowOrigin(STRANGER)
  })

  test('the copies of this package share their state', () => {
    const restore = configure({ unknownOrigin: 'trust' })
    try {
      expect(response).not.toAllowOrigin(STRANGER)
    } finally {
      restore()
    }
  })

  if (!asymmetric) return
  test('asymmetric', async () => {
    expect({ response }).toEqual({ response: expect.toAllowOrigin(ORIGIN) })
    const headers = { Origin: ORIGIN, 'Access-Control-Request-Method': 'PUT' }
    const preflight = observed({ ...response, status: 204 }, { headers })
    expect({ preflight }).toEqual({ preflight: expect.not.toAllowMethod('PUT') })
    expect({ preflight }).not.toEqual({ preflight: expect.toAllowMethod('PUT') })
    // What is no response does not match, inverse or not.
    for (const other of [42, undefined, 'orders', { method: 'PUT' }]) {
      // Bun does not tell a matcher that it is inside another assertion: there it is a wrong use, as outside.
      if (blocks) {
        assert.throws(() => expect([other]).toContainEqual(expect.toAllowOrigin(ORIGIN)), isCorsUsageError)
        continue
      }
      expect([other, response]).toContainEqual(expect.toAllowOrigin(ORIGIN))
      expect([other]).not.toContainEqual(expect.toAllowOrigin(ORIGIN))
      expect([other]).not.toContainEqual(expect.not.toAllowOrigin(ORIGIN))
    }
    // Nobody knows with which origin it was requested.
    if (!blocks)
      assert.throws(
        () => expect({ response }).not.toEqual({ response: expect.toAllowOrigin(STRANGER) }),
        isCorsUsageError,
      )
    // Bun waits for the answer.
    if (blocks) return expect({ app }).toEqual({ app: expect.not.toAllowOrigin(STRANGER) })
    assert.throws(() => expect({ app }).toEqual({ app: expect.not.toAllowOrigin(STRANGER) }), /await expect/)
  })
}
