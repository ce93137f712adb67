/** The mocks that replace globals while they listen: those built on `@mswjs/interceptors`, such as MSW and nock. */

/** What replaces a global. */
export interface Mock {
  /** `ACTIVE` while it listens; others before 0.42. */
  readonly readyState?: unknown
  /** What it undoes when it closes: it puts back what it found, over whatever has come since. */
  readonly subscriptions?: (() => void)[]
}

/** Before 0.42 (MSW 2, nock 14) each is kept in a global of its own, from the end of `listen()` until `close()`. */
const KEYS: Readonly<Record<string, symbol>> = {
  fetch: Symbol.for('fetch-interceptor'),
  XMLHttpRequest: Symbol.for('xhr-interceptor'),
  // It records the header lines that scripts write.
  Request: Symbol.for('client-request-interceptor'),
}

/** Where the mock that replaces a global is kept, before 0.42. */
export function keyOfMock(name: string): symbol | undefined {
  return KEYS[name]
}

/** From 0.42 on (MSW 3): the one that all others share; null until anything has listened, and undefined where none of them is loaded. */
export function sharedMock(): Mock | null | undefined {
  const { __MSW_INTERCEPTORS_REGISTRY: registry } = globalThis as {
    readonly __MSW_INTERCEPTORS_REGISTRY?: ReadonlyMap<symbol, Mock>
  }
  return registry === undefined ? undefined : (registry.get(SHARED) ?? null)
}

const SHARED = Symbol.for('node-http-request-source')

const watchers = new Set<() => void>()

/** Has it called when a mock has begun to listen while a page is installed. @returns takes it back */
export function whenMockBegins(run: () => void): () => void {
  watchers.add(run)
  return () => void watchers.delete(run)
}

/** Tells those who watch. */
export function mockHasBegun(): void {
  for (const run of watchers) run()
}
