/** `explainCors`: a verdict in words. */

import { errorMessage } from '../text/message.js'
import { shown, shownUrl } from '../text/shown.js'
import { type BlockedCase, blockedCaseOf, type Case, caseOf, type Judged } from './case.js'
import { consoleMessage } from './console/index.js'
import { docsFor } from './docs.js'
import type { CorsCause } from './explain/cause.js'
import { causesOf } from './explain/causes-of.js'
import { explainers } from './explain/table.js'
import { pageWords } from './explain/words.js'
import { type Remedy, remediesFor, type ServerName } from './remedies/index.js'

/** A verdict in words. */
export interface Explanation {
  /** What happened, in a few words: `blocked: allow-origin-mismatch on the preflight of PUT https://api.example.com/orders`. */
  readonly summary: string
  /** Why, in one sentence, with the offending header and value. */
  readonly explanation: string
  /** What it may come from, the likelier first: what {@link Explanation.explanation} says, for programs. Empty where nothing was blocked. */
  readonly causes: readonly CorsCause[]
  /** What the verdict's engine prints on its console; null where it prints nothing, and for the standard, which has no console. */
  readonly consoleMessage: string | null
  /** What to change, the most fitting first. */
  readonly remedies: readonly Remedy[]
  /** Pages to read on. */
  readonly docs: readonly string[]
}

/** How to explain. */
export interface ExplainOptions {
  /** Whose snippets to show: `express`, `nginx`, …. Default: recognized by the response's headers. */
  readonly server?: ServerName | readonly ServerName[] | undefined
}

/**
 * Turns a verdict into words. A blocked verdict of `evaluateCors` says as much as its journey; a copy of one, from JSON for instance, has lost the
 * responses it was judged by.
 *
 * @example
 * explainCors(evaluateCors({ request, response })).explanation
 * // 'The response to GET https://api.example.com/orders (status 200) has Access-Control-Allow-Origin: `https://app.example.com/`, but the
 * //  origin that asked is `https://app.example.com`; it ends in a slash, which an origin never has.'
 */
export function explainCors(judged: Judged, options: ExplainOptions = {}): Explanation {
  const blocked = blockedCaseOf(judged)
  if (blocked === null) {
    const found = caseOf(judged)
    return {
      summary: summaryOf(found),
      explanation: unblockedWords(found),
      causes: [],
      consoleMessage: consoleMessage(judged),
      remedies: [],
      docs: [],
    }
  }
  return {
    summary: summaryOf(blocked),
    explanation: explanationOf(blocked),
    causes: causesOf(blocked),
    consoleMessage: consoleMessage(judged),
    remedies: remediesFor(judged, options),
    docs: docsFor(blocked.code),
  }
}

/** Why a request was blocked, in one sentence. */
export function explanationOf(blocked: BlockedCase): string {
  return errorMessage(`${explainers[blocked.code](blocked)}.`)
}

const PLACES = {
  preflight: 'on the preflight of ',
  request: 'before sending ',
  redirect: 'on a redirect of ',
  response: 'on the response to ',
} as const

function summaryOf(found: Case): string {
  const { verdict } = found
  const place = verdict.blockedAt === undefined ? '' : PLACES[verdict.blockedAt]
  const what = verdict.code === undefined ? verdict.outcome : `blocked: ${verdict.code}`
  return `${what} ${place}${shown(verdict.method)} ${shownUrl(verdict.url)} from ${shown(verdict.origin)}`.replace(
    / {2,}/g,
    ' ',
  )
}

function unblockedWords(found: Case): string {
  const { verdict } = found
  const request = `${shown(verdict.method)} ${shownUrl(verdict.url)}`
  switch (verdict.outcome) {
    case 'allowed':
      return `${pageWords(found)} may read the response to ${request}${verdict.credentials ? ', with credentials' : ''}.`
    case 'opaque':
      return `${pageWords(found)} gets an opaque response to ${request}: neither its status nor its headers nor its body can be read.`
    default:
      return `What is known does not decide whether ${pageWords(found)} may read the response to ${request}: ${NEEDS[verdict.needs ?? 'response']}.`
  }
}

const NEEDS = {
  preflight: 'a browser sends a preflight first, and its response is missing',
  response: 'the response to the request itself is missing',
  redirect: 'it is redirected, and the response of the redirect target is missing',
} as const
