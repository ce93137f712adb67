/** Addresses that a public server has no business to send anybody to: this machine, the local network. */

import type { LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { shownUrl } from '../text/shown.js'
import { lookup as lookupName } from '../transport/lookup.js'
import type { Transport } from '../transport/transport.js'
import { CommandError } from './command-error.js'

const PRIVATE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address is of this machine, link-local, or of a private network; IPv4 addresses mapped into IPv6 included. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && PRIVATE.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Names as they were first looked up: what was checked is what is connected to, whatever the name server says next. */
export class Names {
  readonly #known = new Map<string, Promise<readonly LookupAddress[]>>()

  addresses(hostname: string): Promise<readonly LookupAddress[]> {
    let found = this.#known.get(hostname)
    if (found === undefined) {
      found = new Promise((resolve, reject) => {
        lookupName(hostname, { all: true }, (error, addresses) => {
          if (error === null) resolve(addresses as LookupAddress[])
          else reject(error)
        })
      })
      this.#known.set(hostname, found)
    }
    return found
  }

  /** For `net.connect`. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.addresses(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (options.all === true) callback(null, [...addresses])
        else callback(null, first?.address ?? '', first?.family ?? 0)
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    )
  }
}

/** Whether a URL's host is private. One that cannot be looked up is taken for public: whoever sends to it will say that it is unknown. */
async function isPrivateHost({ hostname }: URL, names: Names): Promise<boolean> {
  if (isLoopbackHost(hostname)) return true
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0) return isPrivateAddress(address)
  const addresses = await names.addresses(hostname).catch(() => [])
  return addresses.some((each) => isPrivateAddress(each.address))
}

/**
 * A transport that does not follow where a public server redirects to a private address: what the server there would respond is nobody's
 * business but that network's.
 * @throws CommandError from `send`
 */
export function refusingPrivateRedirects(transport: Transport, start: URL, names: Names): Transport {
  let startIsPrivate: Promise<boolean> | undefined
  return {
    async send(request) {
      const url = new URL(request.url)
      if (url.hostname !== start.hostname) {
        startIsPrivate ??= isPrivateHost(start, names)
        if (!(await startIsPrivate) && (await isPrivateHost(url, names))) {
          throw new CommandError(
            `${shownUrl(start)} redirects to ${shownUrl(url)}, a private address, to which nothing was sent; --allow-private follows there`,
          )
        }
      }
      return transport.send(request)
    },
    close: () => transport.close(),
  }
}
