/** Node's own Fetch classes, whatever a test environment has put in their place. */
import { loadUndici } from './undici-module.js'

/** `Request`, `Response` and `Headers` as Node has them. */
export interface FetchClasses {
  readonly Request: typeof Request
  readonly Response: typeof Response
  readonly Headers: typeof Headers
}

const COVERED = Symbol.for('expect-cors.covered')

/** Marks a class that stands in for the global `Request`, with what gives the one it stands in for. */
export function standsInFor<Class extends object>(standIn: Class, original: () => unknown): Class {
  return Object.defineProperty(standIn, COVERED, { value: original })
}

/** The global `Request`, and beneath an installed page's the one it stands in for. */
function globalRequest(): typeof Request | undefined {
  const present = globalThis.Request as (typeof Request & { [COVERED]?: () => unknown }) | undefined
  const original = present?.[COVERED]
  return original === undefined ? present : (original() as typeof Request | undefined)
}

/** Where the global classes are not Node's: those of undici, which Node's are made of. */
let own: FetchClasses | undefined
/** The last global classes that were tried, and what they are good for. */
let tried:
  | { readonly Request: unknown; readonly Response: unknown; readonly classes: FetchClasses }
  | undefined

/** The global classes where they are Node's; otherwise those of undici. */
export function fetchClasses(): FetchClasses {
  const { Request: present, Response } = globalThis
  if (tried?.Request !== present || tried.Response !== Response) {
    const Request = globalRequest()
    const isNodes = typeof Response === 'function' && keepsForbiddenHeaders(Request)
    const classes = isNodes
      ? { Request: Request as FetchClasses['Request'], Response, Headers: globalThis.Headers }
      : undicis()
    tried = { Request: present, Response, classes }
  }
  return tried.classes
}

function undicis(): FetchClasses {
  own ??= loadUndici() as unknown as FetchClasses
  return own
}

/** happy-dom's `Request` drops the headers that browsers forbid scripts to set; Node's keeps them. */
function keepsForbiddenHeaders(RequestClass: typeof Request | undefined): boolean {
  if (typeof RequestClass !== 'function') return false
  try {
    const { headers } = new RequestClass('http://localhost/', {
      headers: [
        ['Origin', 'null'],
        ['Cookie', 'a=b'],
        ['Host', 'a'],
      ],
    })
    return headers.get('origin') === 'null' && headers.get('cookie') === 'a=b' && headers.get('host') === 'a'
  } catch {
    return false
  }
}
