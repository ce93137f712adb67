/** Origins that no server lists, for assertions that ask as one of their own. */
import type { EndpointSubject } from '../subject/endpoint.js'

/** Reserved, so that nobody is there. @see https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const RESERVED = ['example', 'test', 'invalid']

/**
 * Random origins, at least one and two without `besides`, each cross-site to the endpoint, to `besides` and to one another: they share no top-level domain, so
 * that a server which lets in its own site, or every name under one domain, lets in one of them at most.
 * @param random as `Math.random`, which it is by default
 */
export function strangers(
  endpoint: EndpointSubject,
  besides?: string,
  random: () => number = Math.random,
): string[] {
  const scheme = schemeOf(endpoint)
  const taken = [endpoint.url.href, besides].map(topLevelDomain)
  return RESERVED.filter((domain) => !taken.includes(domain)).map(
    (domain) => `${scheme}://r${randomLabel(random)}.${domain}`,
  )
}

/** The same numbers for the same seed. @see https://github.com/cprosche/mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Not of `crypto`, which some test environments lack. */
function randomLabel(random: () => number): string {
  return random().toString(36).slice(2, 14)
}

/** A page on https is refused an http server before CORS has a say; on this machine, http stands for https. */
function schemeOf({ url, mixedContent, options }: EndpointSubject): 'http' | 'https' {
  return url.protocol === 'http:' && mixedContent && options.mixedContent !== true ? 'http' : 'https'
}

function topLevelDomain(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  return new URL(url).hostname.replace(/\.$/, '').split('.').at(-1)
}
