/**
 * What the snippets of servers in front of an app have in common. They touch only the responses to the origin that asks, so that whatever the
 * app behind, or the server itself, sends to others stays as it is; and they replace what is sent to it, so that no line is doubled.
 */
import { isAny, type RemedyNeeds } from './remedy.js'

/** The lines for the origin that asks. */
export interface Lines {
  /** Whether its origin has to be named. */
  readonly origin: boolean
  readonly credentials: boolean
  /** The lists, on every response or on the preflight that is handled here; empty where they stay as they are. */
  readonly methods: string
  readonly headers: string
  /** Whether the headers are whatever is asked for. */
  readonly echoesHeaders: boolean
  readonly maxAge: number | undefined
  /** Whether the preflight is handled here, and does not reach the app. */
  readonly preflight: boolean
}

/** Where it is not known what preflights are allowed elsewhere, none is refused to the origin that asks. */
const USUAL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * The lines that a remedy sets.
 *
 * @param responds whether the server has to respond to the preflight itself. Default: where it needs another response
 */
export function linesToSet(needs: RemedyNeeds, responds = needs.preflight === 'refused'): Lines {
  const { missing, methods, headers, showsLists } = needs
  const listed = showsLists ? methods : [...new Set([...USUAL, ...methods])]
  return {
    origin: missing.origin || responds,
    credentials: needs.credentials && (missing.credentials || responds || missing.origin),
    methods: responds ? listed.join(', ') : missing.methods.length > 0 ? methods.join(', ') : '',
    headers: responds || missing.headers.length > 0 ? headers.join(', ') : '',
    echoesHeaders: responds && (needs.reflectsHeaders || !showsLists),
    maxAge: responds ? needs.maxAge : undefined,
    preflight: responds,
  }
}

/**
 * The lists as header lines, for the servers that set them one by one.
 *
 * @param quote how the server quotes a value
 * @param asked how the server writes the value of `Access-Control-Request-Headers`
 */
export function listLines(
  { methods, headers, echoesHeaders, maxAge }: Lines,
  quote: (value: string) => string,
  asked: string,
): [name: string, value: string][] {
  return [
    ...(methods === '' ? [] : [['Access-Control-Allow-Methods', quote(methods)] as [string, string]]),
    ...(headers === '' && !echoesHeaders
      ? []
      : [['Access-Control-Allow-Headers', echoesHeaders ? asked : quote(headers)] as [string, string]]),
    ...(maxAge === undefined ? [] : [['Access-Control-Max-Age', String(maxAge)] as [string, string]]),
  ]
}

/** The comment above every such snippet. */
export function onlyAsker(needs: RemedyNeeds): string {
  return isAny(needs)
    ? 'only where no origin is named: the rest stays as it is'
    : 'only for this origin: what others get stays as it is, and so do the existing lines'
}
