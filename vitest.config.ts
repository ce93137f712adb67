import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where a module of the package is; in a Vitest that a test starts, in the bundle of test/runners/bundle.ts. */
const { EXPECT_CORS_BUNDLE: bundle } = process.env
const module = (name: string) =>
  bundle === undefined ? fileURLToPath(new URL(`./src/${name}.ts`, import.meta.url)) : `${bundle}/${name}.js`

// What random cases are made from, and which slice of the long tables is tried: test/slice.ts.
process.env.EXPECT_CORS_SEED ??= String(randomInt(1_000_000))
const repeat = `EXPECT_CORS_SEED=${process.env.EXPECT_CORS_SEED}`
console.error(
  process.env.EXPECT_CORS_FULL === '1'
    ? `All cases of the long tables; ${repeat} makes the same random ones again.`
    : `A slice of the long tables; ${repeat} takes the same again, EXPECT_CORS_FULL=1 all of them.`,
)

/** Tests that look at, or change, what a process has once: its globals, timers and warnings, what is mocked, which runner it is. */
const alone = [
  'test/docs/docs.test.ts',
  'test/matchers/{mocks-that-throw,warnings}.test.ts',
  'test/msw/**/*.test.ts',
  'test/page/{classes,happy-dom,jsdom,install*}.test.ts',
  'test/runners/**/*.test.ts',
  'test/subject/app-life.test.ts',
  'test/transport/{app,fake-timers,global-dispatcher,jsdom,msw,network}.test.ts',
  'test/truth/{happy-dom,jsdom,mocks}.test.ts',
]

const resolve = {
  // Tests import the package by its own name, as a user would, and get the sources.
  alias: [
    { find: /^expect-cors$/, replacement: module('index') },
    { find: /^expect-cors\/(matchers|msw)$/, replacement: module('$1/index') },
    { find: /^expect-cors\/([a-z-]+)$/, replacement: module('runners/$1') },
  ],
}

/** What Vite makes of a module is the same in each project, and in the next run. */
const experimental = { fsModuleCache: true }
/** A core that others use as well is slow, which is no failure. */
const testTimeout = 30_000
const here = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  resolve,
  plugins: [
    {
      name: 'what tests write for one run is not kept',
      configureVitest({ experimental_defineCacheKeyGenerator: keep }) {
        keep(({ id }) => (id.startsWith(here) ? undefined : false))
      },
    },
  ],
  test: {
    experimental,
    // By itself Vitest leaves one core out; many of these tests wait, for a timeout or for a child.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        resolve,
        test: {
          name: 'together',
          experimental,
          testTimeout,
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/compat/**', ...alone],
          isolate: false,
          // Runs for each file, whereas what a file imports runs once for all of them.
          setupFiles: [module('runners/vitest')],
        },
      },
      {
        resolve,
        test: {
          name: 'alone',
          experimental,
          testTimeout,
          include: alone,
          globalSetup: 'test/runners/bundle.ts',
        },
      },
      {
        resolve,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // `npm run typecheck` checks everything else, and reports errors in the sources with their place.
            tsconfig: 'test/types/tsconfig.json',
            ignoreSourceErrors: true,
            include: ['test/types/**/*.test-d.ts'],
          },
        },
      },
    ],
  },
})
