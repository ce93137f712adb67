/** Recordings through `enforceCors`, in Node's own environment. */
import { registerReplays } from './replay-environment.js'

registerReplays(24)
