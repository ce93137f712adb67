/** For tests over servers that MSW mocks. */
import { watchTests } from './running-test.js'

watchTests()

export { type EnforceCorsOptions, type EnforcedCors, enforceCors } from './enforce-cors.js'
