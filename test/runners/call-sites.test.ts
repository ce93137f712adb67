/** What cannot be judged is said at the user's own line: it is the first frame of usage errors, network errors and timeouts. */
import 'expect-cors/vitest'
import { fileURLToPath } from 'node:url'
import { expect as jestExpect } from 'expect'
import { configure, endpoint, evaluateCors, observed, openPage } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { registerWithJest } from '../../src/runners/jest-tests.js'
import { APP, deadUrl, listen } from '../matchers/servers.js'

registerWithJest({
  expect: jestExpect as never,
  afterEach() {},
  afterAll() {},
})

const FILE = fileURLToPath(import.meta.url)
const response = { status: 200, headers: {} }
const allowing = { status: 200, headers: { 'Access-Control-Allow-Origin': '*' } }
/** As Jest's `expect` has the matchers; its types are those of the global one. */
const jest = jestExpect as unknown as typeof expect

/** Where a frame is: its file, and its line. */
function placeOf(frame = ''): { file: string; line: number } {
  const [, file = '', line = ''] = /([^\s(]+):(\d+):\d+\)?$/.exec(frame) ?? []
  return { file, line: Number(line) }
}

const frames = ({ stack = '' }: Error): string[] => stack.split('\n').filter((line) => /^\s+at /.test(line))

const thrownBy = (run: () => unknown): Promise<Error> =>
  Promise.resolve()
    .then(run)
    .then(
      () => new Error('nothing was thrown'),
      (error: Error) => error,
    )

/** What is thrown has its first frame in one of the cases below. */
async function expectPlaced(name: string, run: () => unknown): Promise<void> {
  const error = await thrownBy(run)
  expect(error.name).toBe(name)
  const { file, line } = placeOf(frames(error)[0])
  expect(file).toBe(FILE)
  expect(line).toBeGreaterThan(CASES.line)
  // Once, and not again below what the runner has to add.
  expect(frames(error).filter((frame) => frame === frames(error)[0])).toHaveLength(1)
}

const CASES = placeOf(frames(new Error())[0])

describe.each([
  ['Vitest', expect],
  ['Jest', jest],
] as const)('%s', (_, expect) => {
  test.each<[string, () => unknown]>([
    ['an origin that is not one', () => expect(response).toAllowOrigin('app.example.com')],
    ['.not', () => expect(response).not.toAllowOrigin(APP)],
    ['a subject that is not one', () => expect(42).toAllowOrigin(APP)],
    ['an option that is not one', () => expect('https://a.example').toAllowOrigin(APP, { pth: 1 } as never)],
    [
      'awaited after resolves',
      async () => {
        await expect(Promise.resolve(response)).resolves.not.toAllowOrigin(APP)
      },
    ],
    ['found out by asking', () => expect(() => Response.json({})).toAllowPreflight({ origin: APP })],
    ['a method that needs no server', () => expect('https://a.example').toRequirePreflight({} as never)],
  ])('a usage error: %s', async (_, run) => {
    await expectPlaced('CorsUsageError', run)
  })

  test('a network error', async () => {
    const url = await deadUrl()
    await expectPlaced('CorsNetworkError', () => expect(url).toAllowOrigin(APP))
    await expectPlaced('CorsNetworkError', async () => {
      await expect(url).not.toAllowPreflight({ origin: APP, method: 'PUT' })
    })
  })

  test('a timeout', async () => {
    const { url } = await listen(() => {})
    await expectPlaced('CorsNetworkError', () => expect(url).toAllowOrigin(APP, { timeout: 30 }))
  })

  test('an app that throws', async () => {
    const app = (): Response => {
      throw new Error('boom')
    }
    await expectPlaced('CorsNetworkError', () => expect(app).toAllowOrigin(APP))
  })
})

test.each<[string, () => unknown]>([
  ['on a response', () => expect(response).toAllowOrigin(APP)],
  ['.not', () => expect(observed(allowing, { origin: APP })).not.toAllowOrigin(APP)],
  ['on an endpoint', () => expect(() => Response.json({})).toAllowOrigin(APP)],
  [
    'awaited after resolves',
    async () => {
      await expect(Promise.resolve(response)).resolves.toAllowOrigin(APP)
    },
  ],
])('an assertion that fails, in Vitest, which shows no frame of a package: %s', async (_, run) => {
  const error = await thrownBy(run)
  expect(error.message).toMatch(/\(status 200\)|may read/)
  const { file, line } = placeOf(frames(error).find((frame) => !/node_modules|node:/.test(frame)))
  expect(file).toBe(FILE)
  expect(line).toBeGreaterThan(CASES.line)
})

test.each<[string, () => unknown]>([
  ['evaluateCors', () => evaluateCors({ request: { origin: 'nothing', url: 'https://a.example' } })],
  ['configure', () => configure({ timeout: -1 })],
  ['endpoint', () => endpoint(42)],
  ['openPage', () => openPage('nothing')],
])('a usage error of %s', async (_, run) => {
  await expectPlaced('CorsUsageError', run)
})
