// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { defineSuite } from './suite.cjs'

defineSuite({ test, expect })
