import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests import the package by its own name, as a user would, and get the sources.
    alias: [
      { find: /^expect-cors$/, replacement: src('index.ts') },
      { find: /^expect-cors\/matchers$/, replacement: src('matchers/index.ts') },
      { find: /^expect-cors\/([a-z-]+)$/, replacement: src('runners/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/compat/**'],
    typecheck: {
      enabled: true,
      // `npm run typecheck` reports those, with their place.
      ignoreSourceErrors: true,
      include: ['test/types/**/*.test-d.ts'],
    },
  },
})
