/** For tests over servers that MSW mocks. */
import { watchTests } from './running-test.js'

watchTests()

export { type EnforceCorsOptions, type EnforcedCors, enforceCors } from './enforce-cors.js'
export type { MockPolicy } from './mock-policy.js'
export { type AnyMswHandler, type WithCorsOptions, withCors } from './with-cors.js'
