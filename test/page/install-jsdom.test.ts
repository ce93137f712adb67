/** @vitest-environment jsdom */
/** `page.install()` in a test environment whose globals are not Node's. */
import { registerInstallTests } from './install-environment.js'

registerInstallTests()
