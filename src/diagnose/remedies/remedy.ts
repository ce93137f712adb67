/** A way out of a block: what to change and where, with this request's names filled in. */
import { isCorsSafelistedMethod } from '../../fetch/methods.js'
import { requestedHeaders } from '../send-instead.js'
import { type BlockedCase, judgedWithCredentials, linesAtFault } from '../subject.js'

/** A way out: what to change, where. */
export interface Remedy {
  /** Where the change goes: `express`, `nginx`, `page`, … */
  readonly for: string
  /** What to do, in one line. */
  readonly title: string
  /** What to write, where there is something to write. */
  readonly snippet?: string
}

/**
 * What kind of mistake it is:
 * - `policy`: the server's CORS rules do not cover this request, or it has none;
 * - `duplicate`: two layers both add a header;
 * - `auth`: the preflight is refused because authentication runs before CORS;
 * - `route`: nothing answers OPTIONS at this path;
 * - `errors`: answers with an error status have no CORS headers;
 * - `redirect`: the preflight is redirected.
 */
export type RemedyKind = 'policy' | 'duplicate' | 'auth' | 'route' | 'errors' | 'redirect'

/** What a snippet is filled in with. */
export interface RemedyNeeds {
  readonly kind: RemedyKind
  /** The origin to allow; `*` where the page's is opaque and credentials are not needed. */
  readonly origin: string
  /** The methods to allow: empty where the request needs none. */
  readonly methods: readonly string[]
  /** The request headers to allow, as a preflight names them. */
  readonly headers: readonly string[]
  readonly credentials: boolean
}

/** One server's snippets. */
export interface ServerRemedies {
  /** What to do for each kind of mistake, in one line; `policy` stands in for those that are left out. */
  readonly titles: Readonly<Partial<Record<RemedyKind, string>>> & { readonly policy: string }
  /** The snippet that makes it right. */
  readonly snippet: (needs: RemedyNeeds) => string
}

const POLICY_CODES: ReadonlySet<string> = new Set([
  'missing-allow-origin',
  'multiple-allow-origin',
  'invalid-allow-origin',
  'allow-origin-mismatch',
  'wildcard-allow-origin-with-credentials',
  'invalid-allow-credentials',
  'preflight-redirect',
  'preflight-status',
  'invalid-allow-methods',
  'invalid-allow-headers',
  'method-not-allowed',
  'header-not-allowed',
])

/** What a server has to allow for this request; null where its headers cannot help. */
export function needsOf(found: BlockedCase): RemedyNeeds | null {
  if (!POLICY_CODES.has(found.code)) return null
  const { hop, method, preflight } = found.verdict
  const credentials = judgedWithCredentials(found)
  // Naming `null` would let every sandboxed frame of every site in.
  if (hop.origin === 'null' && credentials) return null
  return {
    kind: kindOf(found),
    origin: hop.origin === 'null' ? '*' : hop.origin,
    methods: isCorsSafelistedMethod(method) ? [] : [...new Set(['GET', 'HEAD', 'POST', method])],
    headers: preflight.required ? requestedHeaders(found) : [],
    credentials,
  }
}

function kindOf(found: BlockedCase): RemedyKind {
  const { code, status, blockedAt } = found
  if (code === 'preflight-redirect') return 'redirect'
  const { header } = found.verdict
  if (header !== undefined && linesAtFault(found, header).length > 1) return 'duplicate'
  if (status === undefined) return 'policy'
  if (blockedAt === 'preflight') {
    if (status === 401 || status === 403 || status === 407) return 'auth'
    if (status === 404 || status === 405 || status === 501) return 'route'
    return 'policy'
  }
  return code === 'missing-allow-origin' && status >= 400 ? 'errors' : 'policy'
}

/** A text in single quotes, as JavaScript, PHP and Ruby write it. */
export function single(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** A text in double quotes. */
export function double(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** `['a', 'b']` */
export function singles(items: readonly string[]): string {
  return `[${items.map(single).join(', ')}]`
}

/** `["a", "b"]` */
export function doubles(items: readonly string[]): string {
  return `[${items.map(double).join(', ')}]`
}

/** Lines of text, without those that are not needed. */
export function text(...lines: readonly (string | false)[]): string {
  return lines.filter((line) => line !== false).join('\n')
}
