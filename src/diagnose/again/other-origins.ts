/** Other origins to ask as: one that nobody can have on a list, and one that the server's list is likely to have. */
import { isLoopbackHost } from '../../fetch/mixed-content.js'

/** Reserved, so that nobody is there; always the same, so that a message is. @see https://www.rfc-editor.org/rfc/rfc2606#section-2 */
export const STRANGER = 'https://another-origin.invalid'

/** Where most tools that serve a page in development listen. */
const LOCAL = 'http://localhost:3000'

/**
 * An origin that a server which refuses this one may have on its list: the same over https, another of the same site, or another port of this machine.
 * @example likelyOrigin('http://app.example.com') // 'https://app.example.com'
 * @example likelyOrigin('https://new.example.com') // 'https://app.example.com'
 */
export function likelyOrigin(origin: string): string {
  if (!/^https?:\/\//.test(origin)) return LOCAL
  const url = new URL(origin)
  if (isLoopbackHost(url.hostname) || /[\d\]]$/.test(url.hostname))
    return origin === LOCAL ? 'http://localhost:5173' : LOCAL
  if (url.protocol === 'http:' || url.port !== '') return `https://${url.hostname}`
  const labels = url.hostname.split('.')
  if (labels[0] === 'www') return `https://${labels.slice(1).join('.')}`
  if (labels.length < 3) return `https://www.${url.hostname}`
  return labels[0] === 'app'
    ? `https://www.${labels.slice(1).join('.')}`
    : `https://app.${labels.slice(1).join('.')}`
}
