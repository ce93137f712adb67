/** Which test runs, how it is failed, and when it is over; likewise of its file. Of Vitest and Jest; to other runners nothing ends by itself. */
import { startTimer, stopTimer } from '../subject/clock.js'
import { sharedState } from '../subject/shared-state.js'
import { CorsUsageError } from '../text/usage-error.js'

/** A test that runs, as what is called in it sees it. */
export class RunningTest {
  readonly #calls = new Set<Promise<void>>()
  readonly #errors: Error[] = []
  readonly #ends: (() => void)[] = []
  /** As its runner has it. */
  readonly name: string
  isOver = false

  constructor(name: string) {
    this.name = name
  }

  /** The test is not over before this is, unless it takes too long. */
  waitFor(call: Promise<void>): void {
    this.#calls.add(call)
    void call.then(() => this.#calls.delete(call))
  }

  /** Fails the test when it ends. */
  fail(error: Error): void {
    if (this.isOver) failOutsideTests(error)
    else this.#errors.push(error)
  }

  atEnd(run: () => void): void {
    this.#ends.push(run)
  }

  /** @throws what the test is to fail with */
  async end(): Promise<void> {
    await this.#settled()
    this.isOver = true
    for (const run of this.#ends.reverse()) run()
    throwAll(this.#errors)
  }

  /** A call that the test forgot is its own still; one that a mock never responds to holds it up no longer than this. */
  async #settled(): Promise<void> {
    if (this.#calls.size === 0) return
    let timer: ReturnType<typeof startTimer> | undefined
    const patience = new Promise<void>((resolve) => {
      timer = startTimer(resolve, PATIENCE)
    })
    await Promise.race([patience, Promise.all(this.#calls)])
    stopTimer(timer)
  }
}

/** Milliseconds. */
const PATIENCE = 1000

/** Several in one, because not every runner tells an AggregateError's errors. */
function throwAll(errors: readonly Error[]): void {
  const [first, ...others] = errors
  if (first === undefined) return
  if (others.length === 0) throw first
  const all = new Error(errors.map(({ message }) => message).join('\n\n'))
  all.stack = errors.map(({ stack }) => stack).join('\n\n')
  throw all
}

/** What is used of a task of Vitest 3.2, 4 and 5. */
interface Task {
  readonly type: string
  readonly name: string
  readonly concurrent?: boolean
  readonly fails?: boolean
  readonly file: object
  readonly suite?: Task
  readonly context: { onTestFinished(run: () => unknown): void }
}

interface Shared {
  /** Of Jest: the test that runs, and what has failed that no test could be failed for. */
  jest?: { test: RunningTest | undefined; file: RunningTest }
}

const testsOf = new WeakMap<Task, RunningTest>()

/** What Vitest is at: a test, a suite or file whose hooks run, a file that is read. */
function vitestTask(): Task | undefined {
  return (globalThis as { readonly __vitest_worker__?: { readonly current?: Task } }).__vitest_worker__
    ?.current
}

/** Whether other tests run at the same time, so that nobody knows whose call one is. */
function runsBesideOthers(task: Task): boolean {
  return task.concurrent === true || (task.suite !== undefined && runsBesideOthers(task.suite))
}

/** The test that runs; undefined in a hook for all tests, while a file is read, where tests run side by side, and where no runner is known. */
export function runningTest(): RunningTest | undefined {
  const task = vitestTask()
  if (task === undefined) return sharedState<Shared>().jest?.test
  if (task.type !== 'test' || runsBesideOthers(task)) return undefined
  return testsOf.get(task) ?? newTest(task)
}

function newTest(task: Task): RunningTest | undefined {
  const test = new RunningTest(task.name)
  try {
    task.context.onTestFinished(async () => {
      testsOf.delete(task)
      // Failing is what a `test.fails` is meant to do.
      await test.end().catch((error: Error) => {
        if (task.fails !== true) throw error
        failOutsideTests(error)
      })
    })
  } catch {
    // It has finished.
    return undefined
  }
  testsOf.set(task, test)
  return test
}

/** When what begins now is to end. */
export interface EndOfScope {
  /** Whether it is over. */
  isOver(): boolean
  /** Is called when it is, where the runner tells. */
  atEnd(run: () => void): void
}

/**
 * The end of the test that runs, or else of its file. Where no runner is known that would tell, there is none.
 * @throws CorsUsageError where Jest can no longer be asked to tell
 */
export function endOfScope(): EndOfScope {
  const scope = runningTest() ?? sharedState<Shared>().jest?.file
  if (scope !== undefined) return { isOver: () => scope.isOver, atEnd: (run) => scope.atEnd(run) }
  const file = vitestTask()?.file
  // Not by a hook: none can be registered any longer where the file runs, in a `beforeAll`.
  if (file !== undefined) return { isOver: () => vitestTask()?.file !== file, atEnd() {} }
  if (process.env.JEST_WORKER_ID === undefined) return { isOver: () => false, atEnd() {} }
  throw new CorsUsageError(
    "enforceCors(): Jest has not told when a test ends: import 'expect-cors/msw' at the top of the test file or of a file in setupFilesAfterEnv, not within a test",
  )
}

/** Fails the run where no test can be failed. */
export function failOutsideTests(error: Error): void {
  const { jest } = sharedState<Shared>()
  if (jest === undefined || jest.file.isOver) void Promise.reject(error)
  else jest.file.fail(error)
}

type Hook = (run: () => unknown) => void

/** What is used of Jest's globals, or of those of a runner like it. */
interface JestGlobals {
  readonly expect?: { getState?(): { readonly currentTestName?: string } }
  readonly beforeEach?: Hook
  readonly afterEach?: Hook
  readonly afterAll?: Hook
}

declare const require: ((name: string) => unknown) | undefined

/** Its globals; where `injectGlobals` is off, what it has in their place. */
function jestGlobals(): JestGlobals {
  const scope = globalThis as JestGlobals
  if (typeof scope.afterEach === 'function' || process.env.JEST_WORKER_ID === undefined) return scope
  try {
    return (require?.('@jest/globals') ?? scope) as JestGlobals
  } catch {
    return scope
  }
}

/** Jest lets hooks be registered only while a file is read: this is called when the entry is loaded, once for each file. */
export function watchTests(): void {
  const shared = sharedState<Shared>()
  if (vitestTask() !== undefined || shared.jest !== undefined) return
  const { expect, beforeEach, afterEach, afterAll } = jestGlobals()
  if (beforeEach === undefined || afterEach === undefined || afterAll === undefined) return
  // Within a test Jest would fail it for each of these, also where it uses withCors() alone; enforceCors() says so itself.
  if (expect?.getState?.().currentTestName !== undefined) return
  const jest: NonNullable<Shared['jest']> = { test: undefined, file: new RunningTest('') }
  try {
    beforeEach(() => {
      jest.test = new RunningTest(expect?.getState?.().currentTestName ?? '')
    })
    afterEach(async () => {
      const { test } = jest
      await test?.end().finally(() => {
        jest.test = undefined
      })
    })
    afterAll(() => jest.file.end())
    shared.jest = jest
  } catch {
    // Within a test: enforceCors() says so.
  }
}
