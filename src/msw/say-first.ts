/** Of a preflight that no handler responds to, MSW says that it is unhandled; what a user has to know comes before that. */
import { AsyncLocalStorage } from 'node:async_hooks'

type Method = 'warn' | 'error'

/** What is to be said first, of the request that is with the mock now. */
const first = new AsyncLocalStorage<() => void>()

/** How many are. */
let waiting = 0
let uncover = (): void => {}

/** Says it before MSW says anything of what is run here; not at all where MSW is silent. */
export async function sayingFirst<T>(say: () => void, run: () => Promise<T>): Promise<T> {
  waiting++
  if (waiting === 1) uncover = cover()
  try {
    return await first.run(say, run)
  } finally {
    waiting--
    if (waiting === 0) uncover()
  }
}

/** Has the console's methods, or a test's spies on them, ask before they speak. */
function cover(): () => void {
  const restores = (['warn', 'error'] satisfies Method[]).map((name: Method) => {
    const own = console[name]
    const covering = function (this: unknown, ...args: unknown[]): void {
      if (typeof args[0] === 'string' && args[0].startsWith('[MSW]')) first.getStore()?.()
      own.apply(this, args)
    }
    console[name] = covering
    return () => {
      if (console[name] === covering) console[name] = own
    }
  })
  return () => {
    for (const restore of restores) restore()
  }
}
