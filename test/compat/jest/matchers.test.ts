import { expect, test } from '@jest/globals'
import * as matchers from 'expect-cors/matchers'

test('expect.extend takes what `import *` gives', () => {
  expect.extend(matchers)
  expect({ status: 200, headers: { 'access-control-allow-origin': '*' } }).toAllowAnyOrigin()
})
