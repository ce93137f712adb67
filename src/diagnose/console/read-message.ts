/** A console's message, taken apart. */

import type { BlockedAt, CorsFailureCode } from '../../fetch/failure.js'
import { type KnownMessage, knownMessages, type LooksLikeCors, type Voice } from './known-messages.js'

/** What a console message tells. */
export interface ReadMessage {
  /** Whose console printed it; null where that does not show. */
  readonly voice: Voice | null
  /** Why a browser refuses, the likeliest first: some sentences stand for several faults. Empty where it is not a CORS error. */
  readonly codes: readonly CorsFailureCode[]
  /** What it is, where it is not a CORS error. */
  readonly looksLike: LooksLikeCors | undefined
  readonly blockedAt: BlockedAt | undefined
  readonly initiator: 'fetch' | 'xhr' | 'eventsource' | undefined
  readonly url: string | undefined
  /** The origin of the page. */
  readonly origin: string | undefined
  readonly method: string | undefined
  /** The offending request header. */
  readonly header: string | undefined
  /** The offending value. */
  readonly value: string | undefined
  readonly status: number | undefined
  /** Whether the request had credentials, where that shows. */
  readonly credentials: boolean | undefined
}

/** Who speaks, by what stands around every reason. Their groups are what it tells. */
const FRAMES: readonly { readonly pattern: RegExp; readonly voice: Voice | null }[] = [
  {
    pattern:
      /Access to (?<initiator>\S+|CSS stylesheet|text track) at '(?<last>[^']*)'(?: \(redirected from '(?<url>[^']*)'\))? from origin '(?<origin>[^']*)'/g,
    voice: 'chromium',
  },
  { pattern: /Fetch API cannot load (?<url>\S+?)\. (?:Request mode|URL scheme)/g, voice: 'chromium' },
  {
    pattern:
      /disallows reading the remote resource at '?(?<url>[^\s']+?)'?\. \(Reason: .*?\)\.(?: Status code: (?<status>\d+))?/g,
    voice: 'firefox',
  },
  {
    pattern: /disallows reading the remote resource at '?(?<url>[^\s']+?)'?\. \(Reason: /g,
    voice: 'firefox',
  },
  {
    pattern:
      /(?<initiator>Fetch API|XMLHttpRequest|EventSource) cannot load (?<url>\S+?)(?:\.$| due to access control checks)/gm,
    voice: 'webkit',
  },
]

const INITIATORS: Readonly<Record<string, ReadMessage['initiator']>> = {
  fetch: 'fetch',
  'Fetch API': 'fetch',
  XMLHttpRequest: 'xhr',
  resource: 'eventsource',
  EventSource: 'eventsource',
}

/**
 * Takes apart what a console printed: one message or several lines, with whatever the console or a mail program has put around them.
 *
 * @returns null where nothing in it is known
 * @example readMessage("Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: …")
 */
export function readMessage(text: string): ReadMessage | null {
  const lines = straightened(text)
  // A terminal or a mail program may have broken a line.
  const plain = lines.replace(/\n/g, ' ')
  const known = firstOf(lines, plain)
  const frames = FRAMES.flatMap(({ pattern, voice }) => {
    // Of several lines the last is about what the page asked for: those before it may be about where it was redirected.
    const groups = [...plain.matchAll(pattern)].at(-1)?.groups
    return groups === undefined ? [] : [{ ...given(groups), voice }]
  })
  if (known === undefined && frames.length === 0) return null
  const said: Record<string, string | undefined> = Object.assign({}, ...frames.reverse(), known?.groups)
  const page = said.page
  const origin = said.origin ?? (page !== undefined && URL.canParse(page) ? new URL(page).origin : undefined)
  const preflight = /Response to preflight request doesn't pass access control check/.test(plain)
  const message = known?.message
  return {
    voice: message?.voice ?? frames[0]?.voice ?? null,
    codes: message?.codes ?? [],
    looksLike: message?.looksLike,
    blockedAt: preflight ? 'preflight' : message?.blockedAt,
    initiator: INITIATORS[said.initiator ?? ''],
    url: said.url ?? said.last,
    origin,
    method: said.method,
    header: said.header,
    value: said.value,
    status: said.status === undefined ? undefined : Number(said.status),
    credentials: message?.credentials,
  }
}

function firstOf(...texts: string[]): { message: KnownMessage; groups: Record<string, string> } | undefined {
  for (const message of knownMessages) {
    for (const text of texts) {
      const match = message.pattern.exec(text)
      if (match !== null) return { message, groups: given(match.groups) }
    }
  }
  return undefined
}

/** The groups that took part. */
function given(groups: Record<string, string | undefined> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** Typographic quotes are straightened, and white space is a single space. */
function straightened(text: string): string {
  return text
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[“”„‟]/g, '"')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
}
