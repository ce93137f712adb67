/** `expect-cors explain`: one request of a page, sent as each browser would. */

import { askedAgainLine } from '../diagnose/again/asked-again-line.js'
import { blockedCaseOf, mergedCase } from '../diagnose/case.js'
import { isSafeMethod, normalizeMethod } from '../fetch/methods.js'
import { type EngineRun, travelAll } from '../page/ask.js'
import { askAgain } from '../page/ask-again.js'
import { resolveEndpoint } from '../subject/endpoint.js'
import { readExtraHeaders } from '../subject/options.js'
import { loadUndici } from '../transport/undici-module.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { createClient, ownOriginError } from '../verdict/client.js'
import { judge } from '../verdict/evaluate-cors.js'
import { isPreflightPassed, type Verdict } from '../verdict/verdict.js'
import type { ExplainArguments } from './arguments.js'
import { Names, refusingPrivateRedirects } from './private-addresses.js'

/** What each engine made of the request. */
export interface Explained {
  readonly runs: readonly EngineRun[]
  readonly notes: readonly string[]
  /** Whether the request itself was to be sent, or its preflight alone. */
  readonly sent: boolean
}

/**
 * Sends what a page's browser would, once for all engines that would send the same.
 * @throws CommandError, CorsUsageError, CorsNetworkError for what cannot be judged
 */
export async function explainRequest(args: ExplainArguments): Promise<Explained> {
  const { origin, method, headers, credentials, body, engines } = args
  const extraHeaders = readExtraHeaders(args.extraHeaders, '--extra-header')
  const endpoint = resolveEndpoint(args.url, { extraHeaders, timeout: args.timeout })
  const client = createClient(origin, undefined, endpoint.mixedContent)
  if (endpoint.url.origin === origin) throw ownOriginError(endpoint.shownUrl)
  const request = { origin, url: endpoint.url.href, method, headers, credentials, body: body ?? null }
  const sent = args.send || isSafeMethod(normalizeMethod(method))
  const unsent = engines.map((engine): EngineRun => {
    return { engine, journey: { verdict: judge(engine, client, { request }), exchanges: [] } }
  })
  // What no browser sends is not sent here either.
  if (unsent.every(({ journey }) => journey.verdict.blockedAt === 'request'))
    return { runs: unsent, notes: [], sent }
  const signal = AbortSignal.timeout(args.timeout)
  const names = new Names()
  const network = undiciTransport(isProxied() ? {} : { dispatcher: agent(names) })
  const transport = args.allowPrivate ? network : refusingPrivateRedirects(network, endpoint.url, names)
  try {
    const { runs, notes } = await travelAll({ ...endpoint, transport }, request, engines, signal, {
      followsLoops: true,
      preflightOnly: !sent,
    })
    const said = [...notes, ...reallySent(runs, method)]
    const blocked = mergedCase(runs.flatMap(({ journey }) => blockedCaseOf(journey) ?? []))
    if (blocked === null || !args.diagnose) return { runs, notes: said, sent }
    const asked = await askAgain({ ...endpoint, transport }, blocked, signal, true)
    if (asked.length === 0) return { runs, notes: said, sent }
    return {
      runs: runs.map(({ engine, journey }) => ({ engine, journey: { ...journey, related: asked } })),
      notes: [...said, askedAgainLine(blocked, asked)],
      sent,
    }
  } finally {
    await transport.close()
  }
}

/** What `--send` has done, said because it may have changed something. */
function reallySent(runs: readonly EngineRun[], method: string): string[] {
  const wasSent = runs.some(({ journey }) => journey.exchanges.some(({ kind }) => kind === 'request'))
  if (!wasSent || isSafeMethod(normalizeMethod(method))) return []
  return [`--send: ${normalizeMethod(method)} was really sent, and may have changed something on the server.`]
}

/** Whether a page's script may read the response, as far as what was sent can tell. */
export function isLetThrough(verdict: Verdict, sent: boolean): boolean {
  return verdict.outcome === 'allowed' || isPreflightAllowed(verdict, sent)
}

/** Whether a request that was not sent itself may be: its preflight, which was, is allowed. */
export function isPreflightAllowed(verdict: Verdict, sent: boolean): boolean {
  return !sent && isPreflightPassed(verdict)
}

/** A proxy looks names up itself. */
function isProxied(): boolean {
  const { env } = process
  return ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].some((name) => (env[name] ?? '') !== '')
}

function agent(names: Names): unknown {
  const { Agent } = loadUndici()
  return new Agent({ connect: { lookup: names.lookup }, keepAliveTimeout: 1, keepAliveMaxTimeout: 1 })
}
