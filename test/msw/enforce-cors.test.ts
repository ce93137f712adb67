/** `enforceCors` in Node's own environment. */
import { enforceCors } from 'expect-cors/msw'
import { expect, test } from 'vitest'
import { mistakes, registerEnforceTests } from './enforce-environment.js'

registerEnforceTests()

test.each(mistakes)('enforceCors(%j) is a usage error, and changes nothing', (options, message) => {
  const before = globalThis.fetch
  expect(() => enforceCors(options as Parameters<typeof enforceCors>[0])).toThrow(message)
  expect(globalThis.fetch).toBe(before)
})
