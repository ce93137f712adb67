/** Packages the page needs, loaded when it first does: cookies and registrable domains cost milliseconds that no import should. */
import { createRequire } from 'node:module'

type ToughCookie = typeof import('tough-cookie')
type Tldts = typeof import('tldts')
type WebStreams = typeof import('node:stream/web')
type EventSourceParser = typeof import('eventsource-parser')

let load: NodeJS.Require | undefined
const loaded = new Map<string, unknown>()

function requireNow(name: string): unknown {
  let module = loaded.get(name)
  if (module === undefined) {
    load ??= createRequire(import.meta.url)
    module = load(name)
    loaded.set(name, module)
  }
  return module
}

/** Node's own web streams. */
export function webStreams(): WebStreams {
  return requireNow('node:stream/web') as WebStreams
}

/** Cookie jars. */
export function toughCookie(): ToughCookie {
  return requireNow('tough-cookie') as ToughCookie
}

/** The public suffix list. */
export function tldts(): Tldts {
  return requireNow('tldts') as Tldts
}

/** The text/event-stream format. */
export function eventSourceParser(): EventSourceParser {
  return requireNow('eventsource-parser') as EventSourceParser
}
