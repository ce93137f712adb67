/** Node's own Fetch classes, whatever a test environment has put in their place. */
import { loadUndici } from './undici-module.js'

/** `Request`, `Response` and `Headers` as Node has them. */
export interface FetchClasses {
  readonly Request: typeof Request
  readonly Response: typeof Response
  readonly Headers: typeof Headers
}

let own: FetchClasses | undefined
/** The last global classes that were tried, and whether they will do. */
let tried: { readonly Request: unknown; readonly Response: unknown; readonly good: boolean } | undefined

/** The global classes where they are Node's; otherwise those of undici, which Node's are made of. */
export function fetchClasses(): FetchClasses {
  const { Request: Candidate, Response: Other } = globalThis
  if (tried?.Request !== Candidate || tried.Response !== Other)
    tried = { Request: Candidate, Response: Other, good: keepsForbiddenHeaders() }
  if (tried.good) return globalThis
  own ??= loadUndici() as unknown as FetchClasses
  return own
}

/** happy-dom's `Request` drops the headers that browsers forbid scripts to set; Node's keeps them. */
function keepsForbiddenHeaders(): boolean {
  const { Request: Candidate, Response: Other } = globalThis
  if (typeof Candidate !== 'function' || typeof Other !== 'function') return false
  return new Candidate('http://localhost/', { headers: { Origin: 'http://a.test' } }).headers.has('origin')
}
