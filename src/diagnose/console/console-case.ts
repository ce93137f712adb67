/** What every engine's console works from. */
import { deviationsOf } from '../../engines/profiles.js'
import { extractHeaderListValues, getHeader } from '../../fetch/header-list.js'
import { parseMimeType } from '../../fetch/mime-type.js'
import { locationUrl } from '../../fetch/redirect.js'
import { isCorsNonWildcardRequestHeaderName } from '../../fetch/request-headers.js'
import { redactUrl } from '../../text/redact.js'
import type { BlockedCase } from '../case.js'

/** How console messages are made. */
export interface ConsoleOptions {
  /** Whether the request was made in a worker, where WebKit prints less. Default: false. */
  readonly worker?: boolean | undefined
}

/** A blocked case with the ways to show what it holds. */
export interface ConsoleCase extends BlockedCase {
  /** The URL first asked for. */
  readonly firstUrl: string
  /** The URL where it was blocked. */
  readonly url: string
  readonly page: string
  readonly worker: boolean
  /** A further URL, as it is to be shown. */
  readonly show: (url: string) => string
}

/** Lower-case names of every request header that was asked for and is not allowed, sorted as they were asked: engines name different ones first. */
export function disallowedHeaders(found: ConsoleCase): string[] {
  const { verdict } = found
  const { value } = verdict
  const lines =
    found.lines ?? (typeof value === 'string' ? [['access-control-allow-headers', value] as const] : [])
  const { values } = extractHeaderListValues(lines, 'access-control-allow-headers')
  if (values === 'failure') return []
  const allowed = new Set((values ?? []).map((name) => name.toLowerCase()))
  const wildcard = allowed.has('*') && !verdict.credentials
  return found.asked.headers.filter(
    (name) => !allowed.has(name) && !(wildcard && !isCorsNonWildcardRequestHeaderName(name)),
  )
}

/** Where the last redirect leads, as it came: the verdict itself holds no secrets, and consoles print them. */
export function redirectUrl(found: ConsoleCase): string {
  const { engine, part = '' } = found.verdict
  const redirect = found.exchanges.findLast(({ kind }) => kind === 'request')
  if (redirect === undefined) return part
  const { locationLines } = deviationsOf(engine).redirect
  const target = locationUrl(redirect.response.headers, new URL(redirect.request.url), locationLines)
  return target === null || target === 'failure' ? part : target.href
}

/** The response's MIME type without its parameters. */
export function mimeTypeOf(found: ConsoleCase): string {
  const { header, value } = found.verdict
  const type = header === 'Content-Type' ? value : getHeader(found.lines ?? [], 'content-type')
  return parseMimeType(type ?? '')?.essence ?? ''
}

/** Each character beyond ASCII replaced: engines show bytes that are no UTF-8 in their own way. */
export function replaceNonAscii(text: string, replacement: (code: number) => string): string {
  return text.replace(/[\u0080-\uffff]/g, (character) => replacement(character.charCodeAt(0)))
}

/** Writes what an engine prints; null where it prints nothing about CORS. */
export type ConsoleWriter = (found: ConsoleCase) => string | null

export function consoleCaseOf(
  found: BlockedCase,
  options: ConsoleOptions & { readonly redact: boolean },
): ConsoleCase {
  const show = (url: string): string => (options.redact ? redactUrl(url) : url)
  const { verdict } = found
  return {
    ...found,
    firstUrl: show(verdict.url),
    url: show(verdict.hop.url),
    page: show(verdict.page),
    worker: options.worker === true,
    show,
  }
}
