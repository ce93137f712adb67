/** Names as browsers look them up. */
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Looks a name up: everything below `localhost` is this machine, whatever the system's resolver knows of it. */
export const lookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(/\.localhost\.?$/.test(hostname) ? 'localhost' : hostname, options, callback)
}
