import { expect, test } from '@jest/globals'
import { describeCorsContract } from 'expect-cors/jest-globals'
import { describeContract } from './contract.cjs'

describeContract({ describeCorsContract, test, expect })
