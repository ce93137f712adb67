/** What a runner gives a matcher, and what it wants back. Structural, so that one function serves every runner. */

import type { MessagePaint } from '../../diagnose/failure-message.js'

/** `this` inside a matcher, as Vitest, Jest, Bun and Playwright have it. */
export interface MatcherContext {
  /** Whether `.not` was said; Vitest leaves it undefined where it was not. */
  readonly isNot?: boolean | undefined
  /** `resolves`, `rejects` or nothing. */
  readonly promise?: string | undefined
  /** The name of the test that runs, in Jest, or of the last one. */
  readonly currentTestName?: string | undefined
  /** The name of the test that asserts, in Jest; in Jest 29 only where it is concurrent. */
  readonly currentConcurrentTestName?: (() => string | undefined) | undefined
  /** The test that asserts, in Vitest. */
  readonly task?: { readonly id?: string | undefined } | undefined
  /** Whether it is below `expect.poll`, in Vitest. */
  readonly poll?: boolean | undefined
  /** The runner's equality, where it has one. */
  readonly equals?: unknown
  readonly utils?:
    | {
        readonly matcherHint?: (
          name: string,
          received?: string,
          expected?: string,
          options?: { isNot?: boolean; promise?: string },
        ) => string
        /** Its colors for what was expected and what was received, which leave a text as it is where it shows none. */
        readonly EXPECTED_COLOR?: (text: string) => string
        readonly RECEIVED_COLOR?: (text: string) => string
      }
    | undefined
}

/** What a matcher returns. The message is made only when it is asked for. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The assertion as the runner shows it. */
export function hintOf(context: MatcherContext, name: string, received: string, expected: string): string {
  const isNot = context.isNot === true
  const promise = context.promise ?? ''
  const { utils } = context
  // Bun's takes what was received and expected, and prints it.
  if (typeof utils?.matcherHint === 'function' && process.versions.bun === undefined)
    return utils.matcherHint(name, received, expected, { isNot, promise })
  return `expect(${received})${promise === '' ? '' : `.${promise}`}${isNot ? '.not' : ''}.${name}(${expected})`
}

/** The runner's colors, where it has any. Bun's are methods. */
export function paintOf({ utils }: MatcherContext): MessagePaint | undefined {
  if (typeof utils?.EXPECTED_COLOR !== 'function' || typeof utils.RECEIVED_COLOR !== 'function') return
  return { good: utils.EXPECTED_COLOR.bind(utils), bad: utils.RECEIVED_COLOR.bind(utils) }
}
