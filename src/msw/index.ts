/** For tests over servers that MSW mocks. */
export { type EnforceCorsOptions, type EnforcedCors, enforceCors } from './enforce-cors.js'
