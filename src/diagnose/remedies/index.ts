/** The fixes for a block: on the servers that responded, and on the page's side. */

import { type BlockedCase, blockedCaseOf, isFromHttpCache, type Judged } from '../case.js'
import { serversOf } from '../evidence.js'
import { isLoginBlocked } from '../explain/why-redirected.js'
import { type AllowOptions, sendInsteadOf, sendInsteadText } from '../send-instead.js'
import { servers } from './known-servers.js'
import { needsOf } from './needs.js'
import { ASK_DIRECTLY, NO_LOGIN, pageRemedies } from './page.js'
import type { Remedy, RemedyKind, ServerRemedies } from './remedy.js'
import type { ServerName } from './server-names.js'
import { varyRemedy } from './vary-origin.js'

export type { Remedy } from './remedy.js'
export type { ServerName } from './server-names.js'

/** How remedies are chosen. */
export interface RemedyOptions extends AllowOptions {
  /** Whose snippets to show, one or several. Default: recognized by the response's headers. */
  readonly server?: ServerName | readonly ServerName[] | undefined
}

/**
 * The fixes for a block, the most fitting first; empty where nothing was blocked. Snippets keep what the server allows already, and add what is
 * missing; several servers are alternatives.
 *
 * @param judged a verdict, or a journey, which knows more: what the response allows, and who gave it
 * @example remediesFor(journey, { server: 'express' })[0]
 * // { for: 'express', title: 'Allow this request with the cors package, above the routes', snippet: "import cors from 'cors'…" }
 */
export function remediesFor(judged: Judged, options: RemedyOptions = {}): Remedy[] {
  const found = blockedCaseOf(judged)
  if (found === null) return []
  const onServers = serverRemedies(found, options)
  const onPage = pageRemedies(found)
  const [first] = onPage
  // A server that is known is told to run its rules before it redirects; else the redirect is better not asked for at all.
  const isTold = found.code === 'preflight-redirect' && onServers[0]?.for !== 'server'
  return first === ASK_DIRECTLY && !isTold
    ? [first, ...onServers, ...onPage.slice(1)]
    : [...(isLoginBlocked(found) ? [NO_LOGIN] : []), ...onServers, ...onPage]
}

/** Where the rules only have to reach further. */
const COVER_PATH = 'Have the existing CORS rules cover this path as well, with their options as they are'

/** The fixes on the servers: with snippets where the server is known, else the lines to send. */
export function serverRemedies(found: BlockedCase, options: RemedyOptions = {}): Remedy[] {
  const needs = needsOf(found, options)
  // A login page is not to be opened to other origins.
  if (needs === null || isLoginBlocked(found)) return []
  const names = options.server === undefined ? serversOf(found) : [options.server].flat()
  if (isFromHttpCache(found)) return [varyRemedy(names) ?? VARY_ON_ALL]
  if (names.length === 0) return plainRemedy(found, options)
  return names.map((name, index) => {
    const { titles, snippet, refusal, untested, cache } = servers[name]
    // Rules that respond with that status have been reached, and do not show what they allow.
    const kind =
      refusal !== undefined && refusal === found.status && needs.kind === 'auth' ? 'policy' : needs.kind
    const written = kind === 'cached' ? (cache?.snippet ?? '') : snippet({ ...needs, kind })
    const what = kind === 'cached' ? (cache?.title ?? VARY_AND_PURGE) : titleOf(titles, kind, written)
    const title = `${index > 0 ? 'Or: ' : ''}${what}${untested === true ? ' (untested)' : ''}`
    return { for: name, title, ...(written === '' ? {} : { snippet: written }) }
  })
}

/** What stands in for a title that a server does not have. */
const INSTEAD: Readonly<Partial<Record<RemedyKind, Exclude<RemedyKind, 'cached'>>>> = {
  before: 'route',
  continued: 'route',
}

function titleOf(
  titles: ServerRemedies['titles'],
  kind: Exclude<RemedyKind, 'cached'>,
  written: string,
): string {
  if (kind === 'path' && written === '') return COVER_PATH
  return titles[kind] ?? titles[INSTEAD[kind] ?? 'policy'] ?? titles.policy
}

/** Where the browser keeps what it got for another request. */
const VARY_ON_ALL: Remedy = {
  for: 'server',
  title:
    'Send `Vary: Origin` with every response, those without CORS headers and 304s too; or `Access-Control-Allow-Origin: *` with every response, where no credentials are needed',
}

/** Where the server itself is right, and a cache is not. */
const VARY_AND_PURGE =
  'Send `Vary: Origin` with every response, those without CORS headers too, and have the cache heed it or put the Origin into its key; then purge what it holds'

function plainRemedy(found: BlockedCase, options: RemedyOptions): Remedy[] {
  const instead = sendInsteadOf(found, options)
  if (instead === null) return []
  const snippet = sendInsteadText(instead).join('\n')
  return snippet === ''
    ? []
    : [
        {
          for: 'server',
          title:
            'Have the server send these lines to this origin, and leave what it sends to others as it is. The server was not recognized: name it with `--server`, or with `configure({ server })` in tests, to see how',
          snippet,
        },
      ]
}
