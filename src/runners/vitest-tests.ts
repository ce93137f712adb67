/**
 * Which test of Vitest an assertion was made in, and how that test learns that nothing waited for it.
 *
 * With `isolate: false` a set-up file runs again for every test file, and this module does not: a hook registered when it loads would see the
 * first file only. So each assertion registers itself, with its test and with its file.
 */
import { awaiting } from './awaiting.js'
import type { WatchedAssertion } from './forgotten-await.js'

/** What is used of a test, in Vitest 3.2, 4 and 5. */
export interface Task {
  readonly type: string
  readonly concurrent?: boolean
  readonly fails?: boolean
  readonly file: File
  readonly suite?: Task
  readonly context: {
    readonly expect: { getState(): { assertionCalls: number } }
    /** Whether the test has taken `expect` from its context. */
    readonly _local?: boolean
    onTestFinished(run: () => void): void
  }
  readonly onFinished?: unknown[]
}

interface File {
  readonly result?: { readonly hooks?: { readonly afterAll?: string } }
}

export interface SuiteHooks {
  readonly afterAll: unknown[]
}

/** How hooks are registered with a file. */
export interface FileHooks {
  /** While the file is read. */
  afterAll(run: () => void): void
  /** Those of a file that runs. */
  of(file: object): Promise<SuiteHooks>
}

/** What has not ended yet of the tests, and of the files, that are to end it. */
const assertionsOf = new WeakMap<Task | File, Set<WatchedAssertion>>()

/** How often a test had called its own `expect` when that was last asked. */
const ownCalls = new WeakMap<Task, number>()

/**
 * Has the assertion end with its test, and in any case with its file.
 *
 * @param task the test that Vitest takes to be running
 * @returns false where both are over already
 */
export function register(assertion: WatchedAssertion, task: Task | undefined, hooks: FileHooks): boolean {
  const file = task?.file ?? currentFile()
  const withFile = file !== undefined && endWithFile(assertion, file, hooks)
  const withTest = task?.type === 'test' && isOwn(task) && endWithTest(assertion, task)
  return withFile || withTest
}

/** Of what runs in this worker: where no test does, it is a file or a suite. */
function currentFile(): File | undefined {
  const worker = globalThis as { __vitest_worker__?: { current?: { file?: File } } }
  return worker.__vitest_worker__?.current?.file
}

/** Whether the assertion is the test's own: of tests side by side Vitest knows which one asserts only by the `expect` of its context. */
function isOwn(task: Task): boolean {
  if (!runsBesideOthers(task)) return true
  // To ask for that `expect` is to make one, and Vitest would then count the test's assertions by it.
  if (task.context._local !== true) return false
  const { assertionCalls } = task.context.expect.getState()
  const called = ownCalls.get(task) !== assertionCalls
  ownCalls.set(task, assertionCalls)
  return called
}

function runsBesideOthers(task: Task): boolean {
  return task.concurrent === true || (task.suite !== undefined && runsBesideOthers(task.suite))
}

/** @returns false where the test is being finished already */
function endWithTest(assertion: WatchedAssertion, task: Task): boolean {
  if (assertionsOf.get(task)?.add(assertion) !== undefined) return true
  const assertions = new Set([assertion])
  const end = (): void => {
    assertionsOf.delete(task)
    for (const ended of assertions) assertionsOf.get(task.file)?.delete(ended)
    const error = awaiting().endAll(assertions)
    if (error === undefined) return
    // Failing is what a `test.fails` is meant to do.
    if (task.fails === true) awaiting().failRun(error)
    else throw error
  }
  try {
    task.context.onTestFinished(end)
  } catch {
    return false
  }
  assertionsOf.set(task, assertions)
  // The last hook runs first, and what the test does when it has finished may wait for the assertion still.
  const hooks = task.onFinished
  if (Array.isArray(hooks) && hooks.length > 1) hooks.unshift(hooks.pop())
  return true
}

/** @returns false where the file has ended, or is about to */
function endWithFile(assertion: WatchedAssertion, file: File, hooks: FileHooks): boolean {
  return assertionsOfFile(file, hooks)?.add(assertion) !== undefined
}

/** Sees to it that the assertions of the file that is read end with it, even where the first is made when its other hooks have run. */
export function watchFile(hooks: FileHooks): void {
  const file = currentFile()
  if (file !== undefined) assertionsOfFile(file, hooks)
}

function assertionsOfFile(file: File, hooks: FileHooks): Set<WatchedAssertion> | undefined {
  const known = assertionsOf.get(file)
  if (known !== undefined || file.result?.hooks?.afterAll !== undefined) return known
  const assertions = new Set<WatchedAssertion>()
  const end = (): void => {
    assertionsOf.delete(file)
    const error = assertions.size > 0 ? awaiting().endAll(assertions) : undefined
    if (error !== undefined) throw error
  }
  if (file.result === undefined) hooks.afterAll(end)
  else void hooks.of(file).then(({ afterAll }) => afterAll.unshift(end))
  assertionsOf.set(file, assertions)
  return assertions
}
