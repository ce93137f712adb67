import { expect, test } from 'bun:test'
import { defineSuite } from './suite.cjs'

defineSuite({ test, expect, can: { blocks: true } })
