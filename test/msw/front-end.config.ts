/** examples/front-end/, over the sources. */
import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
// @ts-expect-error: an example is JavaScript.
import example from '../../examples/front-end/vitest.config.mjs'
import root from '../../vitest.config.js'

export default mergeConfig(example, {
  root: fileURLToPath(new URL('../../examples/front-end', import.meta.url)),
  resolve: root.resolve ?? {},
})
