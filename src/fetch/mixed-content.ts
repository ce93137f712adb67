/** Mixed content and bad ports: requests a browser refuses before CORS is asked. */
import { isHttpScheme } from './origin.js'

/**
 * Whether a host is potentially trustworthy whatever the scheme: loopback addresses and `localhost`.
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host === 'localhost.' ||
    host.endsWith('.localhost') ||
    host.endsWith('.localhost.') ||
    host === '[::1]' ||
    /^127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$/.test(host)
  )
}

/**
 * Whether a URL is potentially trustworthy, as far as fetch can reach it.
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
 */
export function isPotentiallyTrustworthyUrl(scheme: string, host: string): boolean {
  return (
    scheme === 'https' ||
    scheme === 'wss' ||
    scheme === 'data' ||
    scheme === 'blob' ||
    scheme === 'about' ||
    isLoopbackHost(host)
  )
}

/** Ports that fetch refuses. @see https://fetch.spec.whatwg.org/#port-blocking */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/** Whether fetching a URL is refused for its port; only HTTP(S) URLs are. @see https://fetch.spec.whatwg.org/#block-bad-port */
export function isBadPort(scheme: string, port: number | null): boolean {
  // 2. If url's scheme is an HTTP(S) scheme and url's port is a bad port, then return blocked.
  return port !== null && isHttpScheme(scheme) && BAD_PORTS.has(port)
}
