// Only type-checked: a project without `"type": "module"` must find the types and the matchers too.
import 'expect-cors/vitest'
import { observed } from 'expect-cors'
import { toAllowOrigin } from 'expect-cors/matchers'
import { expect } from 'vitest'

export function judge(answer: { status: number; headers: Record<string, string> }, origin: string) {
  expect.extend({ toAllowOrigin })
  expect(observed(answer, { origin })).toAllowOrigin(origin)
  // @ts-expect-error an origin is a string
  expect(answer).toAllowOrigin(1)
}
