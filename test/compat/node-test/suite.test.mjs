import test from 'node:test'
import { expect } from 'expect'
import * as matchers from 'expect-cors/matchers'
import { defineSuite } from './suite.cjs'

expect.extend(matchers)
defineSuite({ test, expect })
