/**
 * A live assertion that nothing waits for asserts nothing. What the matcher returns to the test notices whether anything does; at the end
 * of the test it was made in, each runner's entry asks.
 */

import type { LiveAssertion } from '../matchers/assert/begun.js'
import { describeCall } from '../matchers/assert/describe-call.js'
import { argument } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isCorsNetworkError } from '../transport/network-error.js'

/** A promise that knows whether anything has ever waited for it: `await`, `return`, `Promise.all` and the like, `.catch`. */
class WatchedPromise extends Promise<unknown> {
  /** What is made of it is none of ours. It is also why `await` calls `then`. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  awaited = false

  // biome-ignore lint/suspicious/noThenProperty: noticing its call is what the class is for
  override then<A = unknown, B = never>(
    onPass?: ((value: unknown) => A | PromiseLike<A>) | null,
    onFail?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.awaited = true
    return super.then(onPass, onFail)
  }
}

/** A live assertion between its call and the end of its test. */
export class WatchedAssertion {
  /** What the test is given. */
  readonly promise: WatchedPromise
  /** The test it was made in, where that is not what fails. */
  test: string | undefined
  readonly #live: LiveAssertion
  readonly #args: readonly unknown[]
  readonly #call: { stack?: string }
  #pending = true
  #reject: (reason: unknown) => void = () => {}

  /**
   * @param outcome what the runner made of the matcher's result
   * @param call where the call stands
   */
  constructor(
    outcome: PromiseLike<unknown>,
    live: LiveAssertion,
    args: readonly unknown[],
    call: { stack?: string },
  ) {
    this.#live = live
    this.#args = args
    this.#call = call
    this.promise = new WatchedPromise((resolve, reject) => {
      this.#reject = reject
      outcome.then(resolve, reject)
    })
  }

  /** Whoever will end the assertion says so: its failure is not unhandled then, whether or not anything waits for it. */
  toBeEnded(): void {
    const settled = (): void => {
      this.#pending = false
    }
    Promise.prototype.then.call(this.promise, settled, settled)
  }

  /**
   * The test is over, and so is the assertion: what still waits for it is told.
   * @returns what the test is told where nothing ever waited for it
   */
  end(): Error | undefined {
    const { context, name } = this.#live
    const { awaited } = this.promise
    if (awaited && !this.#pending) return undefined
    // After `resolves` it is the runner that waits, and what it gave the test is not to be seen: being late is taken for being forgotten.
    const unseen = awaited && context.promise
    const where = this.test === undefined ? '' : ` in the test ${argument(this.test)}`
    const call = `${describeCall(context, name, this.#args)}${where}`
    const error = this.#error(
      awaited && !unseen
        ? `The test ended before ${call} settled: put \`await\` before what waits for it, or return it.`
        : `Nothing waited for ${call}: put \`await\` before it. It returns a promise, and without \`await\` it asserts nothing.`,
    )
    this.#live.abandon()
    if (unseen) return error
    this.#reject(error)
    return awaited ? undefined : error
  }

  #error(message: string): Error {
    const error = new Error(message)
    error.stack = `${error.name}: ${message}${framesOf(this.#call)}`
    return error
  }
}

/** The lines of a stack, without what stands above them. */
function framesOf({ stack = '' }: { stack?: string }): string {
  return stack.slice(stack.search(/\n\s+at |$/))
}

/** The runner judges by `then`, and the error it makes of a failure knows nothing of the call any more: it is told where that stands. */
export function placed(result: Promise<unknown>, call: { stack?: string }): Promise<unknown> {
  const then = (...judge: Parameters<typeof result.then>): Promise<unknown> =>
    Promise.prototype.then.apply(result, judge).then(undefined, (error: unknown) => {
      // Its own errors know where they belong.
      if (error instanceof Error && !isCorsUsageError(error) && !isCorsNetworkError(error))
        error.stack = `${error.stack ?? ''}${framesOf(call)}`
      throw error
    })
  return Object.defineProperty(result, 'then', { value: then })
}

/** The end of several assertions: what the test is told where it forgot any of them. */
export function endAll(assertions: Iterable<WatchedAssertion>): Error | undefined {
  const errors = [...assertions].flatMap((assertion) => assertion.end() ?? [])
  return errors.length < 2 ? errors[0] : severalErrors(errors)
}

/** Several in one, because not every runner tells an AggregateError's errors. */
function severalErrors(errors: readonly Error[]): Error {
  const all = new Error(errors.map(({ message }) => message).join('\n\n'))
  all.stack = errors.map(({ stack }) => stack).join('\n\n')
  return all
}

/** Fails the run where no test can be failed. */
export function failRun(error: Error | undefined): void {
  if (error !== undefined) void Promise.reject(error)
}
