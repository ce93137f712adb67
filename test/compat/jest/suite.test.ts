import { defineSuite } from './suite.cjs'

defineSuite({ test, expect })

test('a whole assertion, typed', async () => {
  const app = { fetch: () => new Response(null, { headers: { 'access-control-allow-origin': '*' } }) }
  await expect(app).toAllowOrigin('https://app.example.com')
})
