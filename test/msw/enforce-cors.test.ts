/** `enforceCors` in Node's own environment. */
import { registerEnforceTests } from './enforce-environment.js'

registerEnforceTests()
