// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { defineSuite } from './suite.cjs'

defineSuite({ test, expect })
