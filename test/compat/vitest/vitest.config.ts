import { defineConfig } from 'vitest/config'

const forgotten = process.env.FORGOTTEN === '1'

export default defineConfig({
  test: {
    setupFiles: ['./setup.ts'],
    include: [forgotten ? '*.fixture.ts' : '*.test.ts'],
    server: { deps: { external: [/\.cjs$/] } },
  },
})
