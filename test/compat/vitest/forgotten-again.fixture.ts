import { expect, test } from 'vitest'
import { defineForgotten } from './forgotten.cjs'

defineForgotten({ test, expect })
