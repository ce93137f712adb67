import { createServer } from 'node:http'

const app = createServer((_request, response) => {
  response.setHeader('Access-Control-Allow-Origin', 'https://www.example.com').end()
})

test('another origin is allowed', async () => {
  await expect(app).toAllowOrigin('https://app.example.com')
})

test('forgets to wait', () => {
  expect(app).toAllowOrigin('https://www.example.com')
})
