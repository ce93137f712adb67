// Jest starts all of these first: what one of them waits for is not put down to another.
const origin = 'https://app.example.com'
const app = { fetch: () => new Response(null, { headers: { 'access-control-allow-origin': '*' } }) }

test('first', async () => {
  await expect(app).toAllowOrigin(origin)
})
for (const name of ['a', 'b', 'c']) {
  test.concurrent(name, async () => {
    for (let i = 0; i < 20; i++) await expect(app).toAllowOrigin(origin)
  })
}
test('last', async () => {
  await expect(app).toAllowOrigin(origin)
})
