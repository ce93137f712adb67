/** `expect-cors/msw` that is loaded within a test: Jest takes no hooks there, and would fail the test for each. */
test('withCors() works, and enforceCors() says where to import it', async () => {
  const { enforceCors, withCors } = await import('expect-cors/msw')
  expect(withCors({ allow: '*' }, [])).toEqual([])
  expect(() => enforceCors({ origin: 'https://app.example.com' })).toThrow(
    /Jest has not told when a test ends: import 'expect-cors\/msw' at the top of the test file/,
  )
})
