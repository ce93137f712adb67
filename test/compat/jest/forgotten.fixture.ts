import { defineForgotten } from './forgotten.cjs'

defineForgotten({ test, expect })
