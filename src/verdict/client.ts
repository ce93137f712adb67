import { engineOf, type Profile } from '../engines/profiles.js'
import type { Client } from '../fetch/fetch-request.js'
import { type Origin, parseOrigin } from '../fetch/origin.js'
import { redactUserInfo } from '../text/redact.js'
import { argument, literal } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { remembered, urlOf } from './remembered.js'

/** Where a page with an opaque origin is taken to be, when nothing says where. */
const NOWHERE = 'https://opaque-origin.invalid/'

/** A page whose URL is parsed only where it is needed. */
class Page implements Client {
  readonly origin: Origin
  readonly page: string
  readonly secure: boolean
  readonly mixedContent: boolean
  private parsed: URL | undefined

  constructor(origin: Origin, page: string, secure: boolean, mixedContent: boolean) {
    this.origin = origin
    this.page = page
    this.secure = secure
    this.mixedContent = mixedContent
  }

  get nowhere(): boolean {
    return this.page === NOWHERE
  }

  get url(): URL {
    this.parsed ??= new URL(this.page)
    return this.parsed
  }
}

/**
 * The page that makes a request, from its origin and, where given, its URL.
 * @throws CorsUsageError for an origin that is not in its canonical form, and for a page that is not a URL
 */
export function createClient(origin: string, page?: string, mixedContent = true): Client {
  const parsed = checkOrigin(origin)
  if (page !== undefined) {
    const url = urlOf(page) ?? (URL.canParse(page) ? new URL(page) : undefined)
    if (url === undefined)
      throw new CorsUsageError(`page must be an absolute URL; got ${literal(String(page))}`)
    const secure = parsed.kind === 'tuple' ? parsed.scheme === 'https' : url.protocol === 'https:'
    return new Page(parsed, redactUserInfo(url), secure, mixedContent)
  }
  if (parsed.kind === 'opaque') return new Page(parsed, NOWHERE, false, mixedContent)
  return new Page(parsed, `${parsed.serialized}/`, parsed.scheme === 'https', mixedContent)
}

/** The page of an origin. @throws CorsUsageError as {@link createClient} */
export const clientOf: (origin: string) => Client = remembered((origin) => createClient(origin))

/** As {@link clientOf}, where the request has been sent already, or only its preflight is asked about. */
export const clientIgnoringMixedContent: (origin: string) => Client = remembered((origin) =>
  createClient(origin, undefined, false),
)

/** As {@link createClient}, and once for all requests of one origin where nothing else says where the page is. */
export function clientAt(origin: string, page: string | undefined, mixedContent: boolean): Client {
  if (page !== undefined) return createClient(origin, page, mixedContent)
  return mixedContent ? clientOf(origin) : clientIgnoringMixedContent(origin)
}

/** @throws CorsUsageError for an unknown engine */
export function checkEngine(engine: Profile): void {
  engineOf(engine)
}

/** Reads an origin. @throws CorsUsageError that shows the canonical form */
export function checkOrigin(origin: unknown): Origin {
  if (typeof origin !== 'string') {
    throw new CorsUsageError(
      `an origin must be a string such as 'https://app.example.com'; got ${kindOf(origin)}`,
    )
  }
  return originOf(origin)
}

/** An origin that is checked where an assertion begins is read once, and not again for each page made of it. */
const originOf = remembered((origin): Origin => {
  const parsed = parseOrigin(origin)
  if (parsed.kind === 'tuple' && parsed.host.includes('*')) {
    throw new CorsUsageError(
      `${argument(origin)} is a pattern, which a browser never sends as an origin: write one that it stands for, such as ${argument(parsed.serialized.replaceAll('*', 'app'))}`,
    )
  }
  if (parsed.kind !== 'invalid') return parsed
  const way =
    parsed.canonical === undefined
      ? "write it like 'https://app.example.com' or 'http://localhost:3000'"
      : `write ${argument(parsed.canonical)}`
  throw new CorsUsageError(`${argument(origin)} is not an origin: ${REASONS[parsed.reason]}; ${way}`)
})

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value === null) return "null (the opaque origin is the string 'null')"
  if (Array.isArray(value)) return 'an array: assert each origin by itself'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

const REASONS = {
  empty: 'it is empty',
  wildcard: "a page's origin is never '*'",
  'no-scheme': 'it has no scheme',
  'user-info': 'an origin has no user name or password',
  path: 'an origin has no path, query or fragment',
  'trailing-slash': 'an origin has no trailing slash',
  'upper-case': 'browsers send it in lower case',
  'default-port': "browsers leave out a scheme's default port",
  port: 'its port is not in canonical form',
  host: 'its host is not in the form browsers send',
  whitespace: 'it contains white space',
  file: "pages from file: have the opaque origin, which browsers send as 'null'",
} as const

/** Of what is of the page's own origin there is nothing to judge. @param wayOut a sentence without its full stop */
export function ownOriginError(what: string, wayOut?: string): CorsUsageError {
  const way = wayOut === undefined ? '' : `. ${wayOut}`
  return new CorsUsageError(
    `${what} is of the page's own origin: CORS has no say there, so there is nothing to judge${way}`,
  )
}

/** The URL of a response whose client does not tell where it came from. Nothing is ever sent there, and it is not shown. */
export const OBSERVED_URL = 'https://observed.invalid/'

/** The hosts that apps in this process are asked at: they have no URL, and a page may happen to be of the first one's site. */
export const APP_HOSTS: readonly [string, string] = ['api.expect-cors.test', 'api.expect-cors.example']

/** Stands for a page whose origin nobody has said. */
export const UNKNOWN_ORIGIN = 'https://page.invalid'
