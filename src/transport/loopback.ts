/** Which hosts are this machine. */
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Whether a URL's host is this machine: `localhost` and below, 127.0.0.0/8, [::1]. */
export function isLoopbackHost(hostname: string): boolean {
  return isLocalhostName(hostname) || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function isLocalhostName(hostname: string): boolean {
  return /^(.*\.)?localhost\.?$/.test(hostname)
}

/** Looks names up as browsers do: everything below `localhost` is this machine, whatever the system's resolver knows of it. */
export const lookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(isLocalhostName(hostname) ? 'localhost' : hostname, options, callback)
}
