/**
 * The matchers as a runner registers them. A set-up file runs before every test file, of which most never mention CORS: what is registered
 * is a name, and the code behind it loads with the first assertion.
 */

import { realClock } from '../subject/shared-state.js'
import { matchers } from './matchers.js'
import { type CallByName, wrappers } from './wrappers.js'

realClock()

type Matchers = ReturnType<typeof matchers>

const onDemand: CallByName = (name, context, args) => {
  checkEnvironment()
  return Reflect.apply(matchers()[name], context, args)
}

export const matchersOnDemand = wrappers(onDemand) as unknown as Matchers

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
