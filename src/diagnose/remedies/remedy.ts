/** A way out of a block: what to change and where, with this request's names filled in. */
import { corsCheckCodes, preflightCodes } from '../../fetch/failure.js'
import { getHeader, type HeaderList, headerLines } from '../../fetch/header-list.js'
import { equalsIgnoringCase } from '../../fetch/http-tokens.js'
import { parseOrigin } from '../../fetch/origin.js'
import { type BlockedCase, judgedWithCredentials, linesAtFault } from '../case.js'
import {
  isFromRouter,
  isSpeltByPage,
  parsable,
  permittedHeaders,
  permittedMethods,
  preflightLines,
} from '../permission.js'
import type { AllowOptions } from '../send-instead.js'
import { namesOrigin, varies } from '../vary.js'

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

/** What a snippet is filled in with: what the answer allows already, and what this request needs beside it. */
export interface RemedyNeeds {
  readonly kind: RemedyKind
  /** The origins to allow, the one that asked last; a lone `*` for all of them. */
  readonly origins: readonly string[]
  /** The methods to allow: empty where none has to be named. */
  readonly methods: readonly string[]
  /** The request headers to allow: those the answer lists as it spells them, the others as a preflight names them. */
  readonly headers: readonly string[]
  readonly credentials: boolean
  /** The response headers that the answer exposes. */
  readonly exposed: readonly string[]
  /** For how many seconds the answer lets preflights be cached, where it says so. */
  readonly maxAge: number | undefined
  /** Whether the server allows whatever request headers are asked for, so that naming some would allow fewer. */
  readonly reflectsHeaders: boolean
  /** Which origins the server allows as well, although its answer does not name them. */
  readonly otherOrigins: 'none' | 'some' | 'all'
}

/** Whether every origin is to be allowed. */
export function isAny({ origins }: RemedyNeeds): boolean {
  return origins[0] === '*'
}

/** One server's snippets. */
export interface ServerRemedies {
  /** What to do for each kind of mistake, in one line; `policy` stands in for those that are left out. */
  readonly titles: Readonly<Partial<Record<RemedyKind, string>>> & { readonly policy: string }
  /** The status that its CORS rules themselves answer to what they do not allow: such an answer is of kind `policy`. */
  readonly refusal?: number
  /** The snippet that makes it right. */
  readonly snippet: (needs: RemedyNeeds) => string
}

/** What the headers of an answer can mend. */
const POLICY_CODES: ReadonlySet<string> = new Set([...corsCheckCodes, ...preflightCodes])

/** What a server has to allow for this request; null where its headers cannot help. */
export function needsOf(found: BlockedCase, { anyOrigin = false }: AllowOptions = {}): RemedyNeeds | null {
  if (!POLICY_CODES.has(found.code) || isSpeltByPage(found)) return null
  const { hop } = found.verdict
  const credentials = judgedWithCredentials(found)
  // Naming `null` would let every sandboxed frame of every site in.
  if (hop.origin === 'null' && credentials) return null
  const origins = anyOrigin || hop.origin === 'null' ? ['*'] : originsOf(found, credentials)
  const answers = [found.lines ?? [], ...found.exchanges.map(({ response }) => response.headers)]
  return {
    kind: kindOf(found),
    origins,
    methods: methodsOf(found),
    headers: writable(permittedHeaders(found).needed),
    // `*` and credentials never go together: no browser takes the one for the other, and some servers then allow every origin.
    credentials:
      origins[0] !== '*' &&
      (credentials || answers.some((answer) => getHeader(answer, CREDENTIALS) === 'true')),
    exposed: exposedBy(answers),
    maxAge: maxAgeOf(preflightLines(found) ?? []),
    reflectsHeaders:
      permittedHeaders(found).missing.length === 0 &&
      varies(preflightLines(found) ?? [], 'access-control-request-headers'),
    otherOrigins: origins[0] === '*' ? 'none' : otherOrigins(found),
  }
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'
const CREDENTIALS = 'Access-Control-Allow-Credentials'

/** The value of `Access-Control-Allow-Origin` in the answer at fault, where that is one origin or a wildcard. */
function allowedOrigin(found: BlockedCase): string | null {
  const lines = linesAtFault(found, ALLOW_ORIGIN)
  const value = lines.length === 1 ? lines[0] : undefined
  if (value === '*') return value
  return value !== undefined && value.length <= 300 && parseOrigin(value).kind === 'tuple' ? value : null
}

/** The origin that asked, and the one that is allowed already: a server that always names one origin has to go on allowing it. */
function originsOf(found: BlockedCase, credentials: boolean): string[] {
  const { hop } = found.verdict
  const allowed = allowedOrigin(found)
  if (allowed === '*') return credentials ? [hop.origin] : ['*']
  const isServers = URL.canParse(hop.url) && new URL(hop.url).origin === allowed
  return allowed === null || allowed === hop.origin || isServers ? [hop.origin] : [allowed, hop.origin]
}

/** An answer that depends on the origin has a list behind it, of which it shows one at most. */
function otherOrigins(found: BlockedCase): RemedyNeeds['otherOrigins'] {
  if (allowedOrigin(found) === '*') return 'all'
  return namesOrigin(found.lines ?? []) ? 'some' : 'none'
}

function methodsOf(found: BlockedCase): readonly string[] {
  const { names, needed } = permittedMethods(found)
  // GET, HEAD and POST need no listing, but some servers refuse what is not on the list.
  if (names.length > 0 || needed.length === 0) return writable(needed)
  return [...new Set(['GET', 'HEAD', 'POST', ...needed])]
}

function exposedBy(answers: readonly HeaderList[]): string[] {
  const exposed: string[] = []
  for (const name of parsable(
    answers.flatMap((answer) => headerLines(answer, 'access-control-expose-headers')),
  )) {
    if (!exposed.some((other) => equalsIgnoringCase(other, name))) exposed.push(name)
  }
  return writable(exposed)
}

/** Names as they may be written into a snippet: what a server made up may be a megabyte long. */
function writable(names: readonly string[]): string[] {
  return names.filter((name) => name.length <= 100).slice(0, 100)
}

function maxAgeOf(answer: HeaderList): number | undefined {
  const value = getHeader(answer, 'access-control-max-age')
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

function kindOf(found: BlockedCase): RemedyKind {
  const { code, status, blockedAt } = found
  if (code === 'preflight-redirect') return 'redirect'
  const { header } = found.verdict
  if (header !== undefined && linesAtFault(found, header).length > 1) return 'duplicate'
  if (status === undefined) return 'policy'
  if (blockedAt === 'preflight') {
    if (status === 401 || status === 403 || status === 407) return 'auth'
    if (status === 404 || status === 405 || status === 501 || isFromRouter(found)) return 'route'
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
