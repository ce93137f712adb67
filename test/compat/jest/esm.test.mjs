import { defineSuite } from './suite.cjs'

defineSuite({ test, expect })
