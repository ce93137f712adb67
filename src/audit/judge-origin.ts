/** What an origin that was asked as is let in to. */

import { cacheSigns } from '../diagnose/cache-signs.js'
import { diagnosis } from '../diagnose/diagnosis.js'
import { getHeader } from '../fetch/header-list.js'
import type { EngineRun } from '../page/ask.js'
import { shown } from '../text/shown.js'
import type { AskedHow, AskedOrigin, RouteAsker } from './route-asker.js'

/** What a page at an origin reads: with its user's cookies, without them, or not at all. The most first. */
const ACCESSES = ['cookies', 'plain', 'none'] as const
export type Access = (typeof ACCESSES)[number]

/** Whether one is as much as another, or more. */
export function isAsMuch(access: Access, other: Access): boolean {
  return ACCESSES.indexOf(access) <= ACCESSES.indexOf(other)
}

/** What the page reads of a response, in any of the browsers asked. */
export function accessOf({ credentialed, anonymous, how }: AskedOrigin): Access {
  // No browser sends a cookie there, nor leaves it out here.
  if (how !== 'plain' && credentialed.some(isLetIn)) return 'cookies'
  return how !== 'cookie' && anonymous.some(isLetIn) ? 'plain' : 'none'
}

/** What it would read if what it got with a cookie were what it gets without: to be asked. */
export function mayAccess(asked: AskedOrigin): Access {
  const access = accessOf(asked)
  return access === 'none' && asked.anonymous.some(isLetIn) ? 'plain' : access
}

/** Methods and headers are the next question: the origin has got past the first. */
const PAST_THE_ORIGIN: readonly unknown[] = ['method-not-allowed', 'header-not-allowed']

/** A journey that stopped after its preflight passed is incomplete. */
export function isLetIn({ journey: { verdict } }: EngineRun): boolean {
  return (
    verdict.outcome === 'allowed' ||
    verdict.outcome === 'incomplete' ||
    PAST_THE_ORIGIN.includes(verdict.code)
  )
}

/** Whether every browser lets a trusted origin read, with cookies or without. */
export function isControl({ credentialed, anonymous, how }: AskedOrigin): boolean {
  return credentialed.every(isLetIn) || (how === 'plain' && anonymous.every(isLetIn))
}

/** Why a journey was refused. */
export function whyRefused(runs: readonly EngineRun[]): string {
  const refused = runs.find((run) => !isLetIn(run))
  if (refused === undefined) return ''
  const { explanation } = diagnosis().explainCors(refused.journey)
  return `${explanation} (${refused.journey.verdict.code})`
}

/** Asks as an origin that must not get in; again at a URL of its own where a cache may have given it what another got. */
export async function askHostile(
  asker: RouteAsker,
  origin: string,
  how: AskedHow,
  trusted: readonly string[],
): Promise<AskedOrigin> {
  const asked = await askSteadily(asker, origin, how)
  if (asker.bustsCaches || asker.isUncached || how === 'preflight' || mayAccess(asked) !== 'none')
    return asked
  if (!isSuspect(asked, trusted)) return asked
  asker.bustsCaches = true
  const busted = await asker.ask(origin, how)
  if (said(busted) !== said(asked)) return busted
  asker.bustsCaches = false
  asker.isUncached = true
  return asked
}

/**
 * A server may throw an error at an origin that it does not know: that refuses as well as anything, as long as it does so each time, as is seen of the
 * first.
 */
async function askSteadily(asker: RouteAsker, origin: string, how: AskedHow): Promise<AskedOrigin> {
  const asked = await asker.ask(origin, how)
  if (asked.last.response.status < 500 || mayAccess(asked) !== 'none' || asker.throwsAtStrangers) return asked
  const again = await asker.ask(origin, how, { again: true })
  if (again.last.response.status >= 500 && origin !== 'null') asker.throwsAtStrangers = true
  return again
}

/** Whether a refusal may be what a cache kept of another's request. */
function isSuspect({ last }: AskedOrigin, trusted: readonly string[]): boolean {
  const { headers } = last.response
  return trusted.includes(said({ last }) ?? '') || cacheSigns(headers)?.isHit === true
}

function said({ last }: Pick<AskedOrigin, 'last'>): string | null {
  return getHeader(last.response.headers, 'access-control-allow-origin')
}

/** Statuses by which a server says that who asks does not get what is there, or that nothing is: of what is there they tell nothing. */
const SAYS_NOTHING: readonly number[] = [401, 403, 404, 405, 407, 408, 410]

/** Why the status of a trusted origin's response says nothing of the route; undefined where it does. */
export function whyNoControl({ origin, last }: AskedOrigin, wanted: number | undefined): string | undefined {
  const { status } = last.response
  if (wanted === undefined ? status < 500 && !SAYS_NOTHING.includes(status) : status === wanted)
    return undefined
  const who = shown(origin)
  if (wanted !== undefined) return `${who}, which is trusted, gets status ${status}, and not ${wanted}.`
  const way =
    status === 401 || status === 403 || status === 407
      ? 'send along what it asks for: { extraHeaders: { Cookie: … } } or { Authorization: … }'
      : status >= 500
        ? 'is the server all right?'
        : 'is the path right? { path } names it'
  return `${who}, which is trusted, gets status ${status}, so that nothing is known of the response that matters: ${way}. If ${status} is intended, write { status: ${status} }.`
}
