import { expect, test } from 'bun:test'
import { describeCorsContract } from 'expect-cors/bun'
import { describeContract } from './contract.cjs'

describeContract({ describeCorsContract, test, expect })
