/** @vitest-environment node */
/** What this environment gets wrong of CORS is right with `enforceCors`. */
import { registerRows } from './environment-rows.js'

registerRows()
