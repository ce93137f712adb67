/** The undici dispatcher that the user installed for the whole process, such as a MockAgent. */
import { type Dispatching, isDispatching } from './dispatcher.js'

const GLOBAL_DISPATCHERS = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')]

/** What an agent that nobody configured may have among its options. */
const DEFAULT_OPTIONS: ReadonlyMap<string, unknown> = new Map([['maxOrigins', Number.POSITIVE_INFINITY]])

/**
 * The dispatcher that was installed on purpose with `setGlobalDispatcher`, of whatever major of undici, or undefined.
 *
 * Node's `fetch` and undici install an agent of their own when they load. That one is nobody's wish, and knows of no proxy: an agent
 * without a single option counts as such. Node's own, built in, has no `request` either.
 */
export function installedDispatcher(): Dispatching | undefined {
  for (const symbol of GLOBAL_DISPATCHERS) {
    const dispatcher = (globalThis as Record<symbol, unknown>)[symbol]
    if (isDispatching(dispatcher) && !isKnownDefaultAgent(dispatcher)) return dispatcher
  }
  return undefined
}

const judged = new WeakMap<object, boolean>()

/** An agent's options are those it was made with. */
function isKnownDefaultAgent(dispatcher: object): boolean {
  let known = judged.get(dispatcher)
  if (known === undefined) {
    known = isDefaultAgent(dispatcher)
    judged.set(dispatcher, known)
  }
  return known
}

function isDefaultAgent(dispatcher: object): boolean {
  if (dispatcher.constructor.name === 'Dispatcher1Wrapper') return true
  if (dispatcher.constructor.name !== 'Agent') return false
  for (const symbol of Object.getOwnPropertySymbols(dispatcher)) {
    if (symbol.description !== 'options') continue
    const options: unknown = (dispatcher as Record<symbol, unknown>)[symbol]
    if (typeof options !== 'object' || options === null) continue
    return Object.entries(options).every(
      ([name, value]) => value === undefined || DEFAULT_OPTIONS.get(name) === value,
    )
  }
  return true
}
