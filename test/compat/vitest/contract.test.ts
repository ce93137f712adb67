import { describeCorsContract } from 'expect-cors/vitest'
import { expect, test } from 'vitest'
import { describeContract } from './contract.cjs'

describeContract({ describeCorsContract, test, expect })
