import { describeCorsContract } from 'expect-cors/jest'
import { describeContract } from './contract.cjs'

describeContract({ describeCorsContract, test, expect })
