// A forgotten `await` fails the very test that forgot it. Run with a report: two of these fail, and no other.
const { createServer } = require('node:http')

exports.defineForgotten = ({ test, expect }) => {
  const origin = 'https://app.example.com'
  const app = createServer((_request, response) => {
    setTimeout(() => response.setHeader('Access-Control-Allow-Origin', '*').end(), 20)
  })
  test('before', async () => {
    await expect(app).toAllowOrigin(origin)
  })
  test('forgets await', () => {
    expect(app).toAllowOrigin(origin)
  })
  test('forgets await of a failure', () => {
    expect(app).not.toAllowOrigin(origin)
  })
  test('after', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(app).toAllowOrigin(origin)
  })
}
