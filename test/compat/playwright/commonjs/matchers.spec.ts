import { expect as base, test } from '@playwright/test'
import * as matchers from 'expect-cors/matchers'

const expect = base.extend(matchers)

test('expect.extend takes what `import *` gives', () => {
  expect({ status: 200, headers: { 'access-control-allow-origin': '*' } }).toAllowAnyOrigin()
  base(typeof require).toBe('function')
})
