/**
 * Whose code is running: the page's, or that of the servers behind it, which an installed page must leave alone. An app in this process and the
 * handlers of a mock call the global `fetch` and `Request` too, and no browser stands between them and what they ask.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** `passed`: a mock has been asked, and lets the request pass. */
type Side = 'server' | 'passed'

/** Made with the first page that is installed: before that, nobody has to know. */
let sides: AsyncLocalStorage<Side> | undefined

/** From now on, servers are told apart. */
export function tellServersApart(): void {
  sides ??= new AsyncLocalStorage()
}

/** Runs what a server does. */
export function onServerSide<T>(run: () => T, side: Side = 'server'): T {
  return sides === undefined ? run() : sides.run(side, run)
}

/** Whether a server's code is running, and how far its request has come. */
export function serverSide(): Side | undefined {
  return sides?.getStore()
}
