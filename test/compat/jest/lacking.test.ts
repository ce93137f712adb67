// Jest's own jsdom environment lacks globals of Node, which is said.
test('says what to do', () => {
  const response = { status: 200, headers: { 'access-control-allow-origin': '*' } }
  expect(() => expect(response).toAllowOrigin('https://app.example.com')).toThrow(
    /@jest-environment node.*jest-fixed-jsdom/,
  )
})
