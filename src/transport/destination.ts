/** Where on the wire a URL leads. */
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { remembered } from '../verdict/remembered.js'

/** What a connection and the first line of a request need of a URL. */
interface Destination {
  readonly origin: string
  readonly protocol: string
  /** With the query. */
  readonly path: string
  /** Whether it is this machine. */
  readonly isLoopback: boolean
}

/** Read once for the many requests to one URL. */
export const destinationOf: (url: string) => Destination = remembered((url) => {
  const { origin, protocol, pathname, search, hostname } = new URL(url)
  return { origin, protocol, path: pathname + search, isLoopback: isLoopbackHost(hostname) }
})
