/** `page.install()`, with Node's globals. */
import { registerInstallTests } from './install-environment.js'

registerInstallTests()
