/** @vitest-environment happy-dom */
/** The page in a test environment whose globals are not Node's. */
import { registerPageTests } from './environment.js'

registerPageTests()
