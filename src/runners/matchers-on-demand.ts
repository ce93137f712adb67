/**
 * The matchers as a runner registers them. A set-up file runs before every test file, of which most never mention CORS: what is registered
 * is a name, and the code behind it loads with the first assertion.
 */

import type { MatcherContext } from '../matchers/assert/context.js'
import { realClock } from '../subject/shared-state.js'
import { matchers } from './matchers.js'

realClock()

type Matchers = ReturnType<typeof matchers>

function onDemand(name: keyof Matchers, context: MatcherContext, args: unknown[]): unknown {
  checkEnvironment()
  return Reflect.apply(matchers()[name], context, args)
}

// Bun's failures say the name that a function has in its source, and no other.
const wrappers: Record<keyof Matchers, (this: MatcherContext, ...args: unknown[]) => unknown> = {
  toAllowAnyOrigin(...args) {
    return onDemand('toAllowAnyOrigin', this, args)
  },
  toAllowCorsRequest(...args) {
    return onDemand('toAllowCorsRequest', this, args)
  },
  toAllowCredentialedOrigin(...args) {
    return onDemand('toAllowCredentialedOrigin', this, args)
  },
  toAllowMethod(...args) {
    return onDemand('toAllowMethod', this, args)
  },
  toAllowOrigin(...args) {
    return onDemand('toAllowOrigin', this, args)
  },
  toAllowPreflight(...args) {
    return onDemand('toAllowPreflight', this, args)
  },
  toAllowRequestHeader(...args) {
    return onDemand('toAllowRequestHeader', this, args)
  },
  toBlockCorsRequest(...args) {
    return onDemand('toBlockCorsRequest', this, args)
  },
  toCachePreflightFor(...args) {
    return onDemand('toCachePreflightFor', this, args)
  },
  toExposeHeader(...args) {
    return onDemand('toExposeHeader', this, args)
  },
  toHonorCorsContract(...args) {
    return onDemand('toHonorCorsContract', this, args)
  },
  toKeepOriginsApartInCaches(...args) {
    return onDemand('toKeepOriginsApartInCaches', this, args)
  },
  toRejectUntrustedOrigins(...args) {
    return onDemand('toRejectUntrustedOrigins', this, args)
  },
  toRequirePreflight(...args) {
    return onDemand('toRequirePreflight', this, args)
  },
  toVaryOnOrigin(...args) {
    return onDemand('toVaryOnOrigin', this, args)
  },
}

export const matchersOnDemand = wrappers as unknown as Matchers

/** Whether what is needed was there once: it stays. */
let isFit = false

/** jsdom as Jest runs it puts older globals in the place of Node's, and leaves others out. */
function checkEnvironment(): void {
  if (isFit) return
  const needed = {
    TextDecoder: globalThis.TextDecoder,
    'URL.canParse': URL.canParse,
    'AbortSignal.any': AbortSignal.any,
  }
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [name]))
  isFit = missing.length === 0
  if (isFit) return
  throw new Error(
    `expect-cors needs ${missing.join(', ')}, which this test environment lacks and Node has: put "@jest-environment node" into a comment at the top of this file, or use the environment jest-fixed-jsdom`,
  )
}
