import { expect, test } from '@jest/globals'
import { defineSuite } from './suite.cjs'

defineSuite({ test, expect })
