import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.js'

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  ...(base.resolve === undefined ? {} : { resolve: base.resolve }),
  test: { include: ['test/servers/*.servers.ts'], fileParallelism: false },
})
