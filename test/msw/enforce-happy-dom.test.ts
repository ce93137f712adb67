/** @vitest-environment happy-dom */
/** `enforceCors` in a test environment whose globals are not Node's. */
import { registerEnforceTests } from './enforce-environment.js'

registerEnforceTests()
