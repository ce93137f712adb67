/**
 * Whose code is running: the page's, or that of the servers behind it, which an installed page must leave alone. An app in this process and the
 * handlers of a mock call the global `fetch` and `Request` too, and no browser stands between them and what they ask.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { sharedState } from '../subject/shared-state.js'

/** `passed`: a mock has been asked, and lets the request pass. */
type Side = 'server' | 'passed'

interface Shared {
  /** Made with the first page that is installed: before that, nobody has to know. Of all copies of this package, each of which may ask a server. */
  sides?: AsyncLocalStorage<Side>
}

/** From now on, servers are told apart. */
export function tellServersApart(): void {
  sharedState<Shared>().sides ??= new AsyncLocalStorage()
}

/** Runs what a server does. */
export function onServerSide<T>(run: () => T, side: Side = 'server'): T {
  const { sides } = sharedState<Shared>()
  return sides === undefined ? run() : sides.run(side, run)
}

/** Whether a server's code is running, and how far its request has come. */
export function serverSide(): Side | undefined {
  return sharedState<Shared>().sides?.getStore()
}
