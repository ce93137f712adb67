import { describe, expect, test } from 'vitest'
import { defineForgotten } from './forgotten.cjs'

defineForgotten({ test, expect })

// Vitest knows whose assertion it is by the `expect` of the test's context.
describe.concurrent('side by side', () => {
  const app = () => new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
  const sleep = () => new Promise((resolve) => setTimeout(resolve, 20))
  test('forgets beside others', async ({ expect }) => {
    await sleep()
    expect(app).toAllowAnyOrigin()
    await sleep()
  })
  test('waits beside others', async ({ expect }) => {
    await expect(app).toAllowAnyOrigin()
    await sleep()
    await expect(app).toAllowAnyOrigin()
  })
})
