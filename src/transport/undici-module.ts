/** The one place that loads undici, so that another major of it is a change of a range. */
import { createRequire } from 'node:module'
import { runInThisContext } from 'node:vm'

/** What is used of undici. */
type Undici = Pick<
  typeof import('undici'),
  'Agent' | 'EnvHttpProxyAgent' | 'Pool' | 'buildConnector' | 'Request' | 'Response' | 'Headers'
>

const GLOBAL_DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]

let loaded: Undici | undefined

/**
 * Loads undici on the first call, as a copy of our own, and leaves the process as it was.
 *
 * Loading undici installs its default agent as the global dispatcher, which would change what the user's own `fetch` does. It does so
 * only where none is installed: a stand-in is there for as long as the load takes. All of it is synchronous, so that nothing else sees
 * the stand-in.
 *
 * A copy loaded like this never installed its default agent, and would fail in the user's hands: it leaves the module cache again.
 */
export function loadUndici(): Undici {
  loaded ??= load()
  return loaded
}

function load(): Undici {
  const { require, scope } = outermost()
  const before = new Set(Object.keys(require.cache))
  const absent = GLOBAL_DISPATCHERS.filter((symbol) => scope[symbol] === undefined)
  const owned = absent.filter((symbol) => Object.hasOwn(scope, symbol))
  for (const symbol of absent) {
    Object.defineProperty(scope, symbol, { value: { dispatch() {} }, configurable: true, writable: true })
  }
  const showLazyGlobals = hideLazyGlobals(scope)
  try {
    return require('undici') as Undici
  } finally {
    showLazyGlobals()
    for (const symbol of absent) {
      delete scope[symbol]
      if (owned.includes(symbol))
        Object.defineProperty(scope, symbol, { value: undefined, configurable: true, writable: true })
    }
    for (const file of Object.keys(require.cache)) {
      if (!before.has(file)) delete require.cache[file]
    }
  }
}

/** Globals whose first use loads Node's built-in fetch. */
const LAZY_GLOBALS = [
  'Headers',
  'Request',
  'Response',
  'FormData',
  'WebSocket',
  'MessageEvent',
  'CloseEvent',
  'EventSource',
]

/**
 * Hides those globals while undici loads, which looks for `Headers` among them. Node's fetch would load, take the stand-in for the dispatcher it has,
 * and be left without one when that is taken away: the user's own `fetch` would fail.
 *
 * @returns a function that brings them back, untouched
 */
function hideLazyGlobals(scope: object): () => void {
  const hidden = LAZY_GLOBALS.flatMap((name) => {
    const descriptor = Object.getOwnPropertyDescriptor(scope, name)
    return descriptor?.get === undefined || descriptor.configurable !== true ? [] : [{ name, descriptor }]
  })
  for (const { name } of hidden)
    Object.defineProperty(scope, name, { value: undefined, configurable: true, writable: true })
  return () => {
    for (const { name, descriptor } of hidden) Object.defineProperty(scope, name, descriptor)
  }
}

/**
 * Node's own `require` and global object. In a sandbox such as Jest's both are the sandbox's, and its module cache cannot be cleaned:
 * undici loads outside of it.
 */
function outermost(): { require: NodeJS.Require; scope: Record<string | symbol, unknown> } {
  const scope = runInThisContext('globalThis') as typeof globalThis
  const builtin = scope.process?.getBuiltinModule as typeof process.getBuiltinModule | undefined
  const create = builtin?.('node:module').createRequire ?? createRequire
  return { require: create(import.meta.url), scope: scope as unknown as Record<string | symbol, unknown> }
}
