import { defineConfig } from 'vitest/config'

/** The same tests with each set-up of test/: `npx vitest run --project forgetful`. */
const project = (name, env = {}) => ({
  extends: true,
  test: { name, setupFiles: [`test/${name}.js`], env },
})

export default defineConfig({
  test: {
    globals: true,
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:5173/' } },
    include: ['test/*.test.jsx'],
    projects: [
      project('unaware'),
      project('enforced'),
      project('forgetful'),
      project('fixed'),
      project('proxied', { VITE_API: '/api' }),
    ],
  },
})
