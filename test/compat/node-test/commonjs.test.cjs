const test = require('node:test')
const { expect } = require('expect')
const matchers = require('expect-cors/matchers')
const { defineSuite } = require('./suite.cjs')

expect.extend(matchers)
defineSuite({ test, expect })
