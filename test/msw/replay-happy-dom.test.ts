/** @vitest-environment happy-dom */
/** Recordings through `enforceCors`, where the globals are not Node's. */
import { registerReplays } from './replay-environment.js'

registerReplays(48)
