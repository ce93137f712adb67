/**
 * Judging a response as the one to a preflight. It shows what the server makes of what that preflight asked, and of nothing else: many servers
 * send back only what they were asked for, others refuse everything where they refuse one thing.
 */
import type { Profile } from '../../engines/profiles.js'
import { getHeader } from '../../fetch/header-list.js'
import { unsafeValueFor } from '../../fetch/headers-init.js'
import { isToken } from '../../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../../fetch/request-headers.js'
import { getConfiguration } from '../../subject/configure.js'
import { type AskedPermission, askedWords, type ResponseSubject } from '../../subject/response-subject.js'
import { listed, shown } from '../../text/shown.js'
import { CorsUsageError } from '../../text/usage-error.js'
import type { Verdict } from '../../verdict/verdict.js'
import { type JudgedRequest, type JudgeIn, judgeAs } from './observed-response.js'
import { preflightFinding } from './preflight-question.js'

/**
 * Judges a response as the one to a preflight.
 *
 * Where it is known what was asked, that must be the asserted method, and all of the asserted headers. A permission that was given together with
 * others stands for itself, so more headers may have been asked for; a refusal does not.
 *
 * @param request without a method it is about the one that was asked
 * @throws CorsUsageError where the response does not show what is asserted
 */
export function judgePreflightResponse(
  negated: boolean,
  subject: ResponseSubject,
  request: JudgedRequest,
): JudgeIn {
  checkPreflight(subject)
  const judgeIn = judgeAs(subject, request, 'preflight')
  const { asked } = subject
  return (engine) => {
    const journey = judgeIn(engine)
    const needed = neededBy(journey.verdict)
    if (needed === undefined) return journey
    if (asked === undefined) {
      refuseUnknownPermission(negated, subject)
      return journey
    }
    checkAsked(asked, needed, request.method !== undefined)
    if (negated && refusesAsAWhole(journey.verdict))
      checkWholeRefusal(subject, request, asked, needed, engine)
    return journey
  }
}

/** What that engine's own preflight would ask; undefined where it sends none. */
function neededBy({ preflight }: Verdict): AskedPermission | undefined {
  if (preflight.request === undefined) return undefined
  const { headers } = preflight.request
  const names = getHeader(headers, 'access-control-request-headers') ?? ''
  return {
    method: getHeader(headers, 'access-control-request-method'),
    headers: [...new Set(names.split(',').filter((name) => name !== ''))],
  }
}

/** @throws CorsUsageError for the response to another request than a preflight */
export function checkPreflight({ sentMethod, asked }: ResponseSubject): void {
  if (sentMethod !== undefined && sentMethod !== 'OPTIONS') {
    throw new CorsUsageError(
      `this is the response to ${sentMethod}, not to a preflight: request it with OPTIONS and Access-Control-Request-Method, or give expect the app or its URL`,
    )
  }
  if (asked?.method === null) {
    throw new CorsUsageError(
      'this response was requested without Access-Control-Request-Method, so it is the response to a plain OPTIONS request, not to a preflight: send Access-Control-Request-Method as well, or give expect the app or its URL',
    )
  }
}

/** @throws CorsUsageError for a negative where it is not known what was asked */
export function refuseUnknownPermission(negated: boolean, { asked }: ResponseSubject): void {
  if (asked === undefined && negated && getConfiguration().unknownOrigin !== 'trust') {
    throw new CorsUsageError(
      `it is not known which method and headers this preflight asked for, and what its response lacks may simply not have been asked for. Say it: expect(observed(response, { origin, headers: { 'Access-Control-Request-Method': 'PUT', … } })).not…, with the headers that were sent, or give expect the app or its URL: await expect(app).not… (configure({ unknownOrigin: 'trust' }) turns this off)`,
    )
  }
}

/** @throws CorsUsageError that shows what to send */
function checkAsked(asked: AskedPermission, needed: AskedPermission, methodSaid: boolean): void {
  const otherMethod = methodSaid && needed.method !== asked.method
  if (!otherMethod && needed.headers.every((name) => asked.headers.includes(name))) return
  const send = { method: methodSaid ? needed.method : asked.method, headers: needed.headers }
  throw new CorsUsageError(
    `this preflight was sent ${askedWords(asked)}, so its response does not show whether ${wordsOf(needed, otherMethod)} may be used: send it ${askedWords(send)}, or give expect the app or its URL`,
  )
}

function wordsOf({ method, headers }: AskedPermission, methodFirst: boolean): string {
  const names = headers.map((name) => shown(name))
  return listed(methodFirst ? [shown(method ?? ''), ...names] : names)
}

/** Whether it names nothing it refuses, so that everything asked for may be the reason. */
function refusesAsAWhole({ code, value }: Verdict): boolean {
  return (
    code === 'preflight-status' ||
    code === 'missing-allow-origin' ||
    ((code === 'method-not-allowed' || code === 'header-not-allowed') && value === null)
  )
}

/**
 * A refusal as a whole tells of the asserted headers only where it permits everything else that was asked for.
 * @throws CorsUsageError
 */
function checkWholeRefusal(
  subject: ResponseSubject,
  request: JudgedRequest,
  asked: AskedPermission,
  needed: AskedPermission,
  engine: Profile,
): void {
  const others = asked.headers.filter(
    (name) =>
      !needed.headers.includes(name) &&
      isToken(name) &&
      !isForbiddenRequestHeader(name, unsafeValueFor(name)),
  )
  if (others.length === 0) return
  const { origin, credentials } = request
  const without = judgeAs(subject, { origin, credentials, headers: others }, 'preflight')(engine)
  if (preflightFinding(engine, without).passed) return
  throw new CorsUsageError(
    `this preflight asked for ${listed(others.map((name) => shown(name)))} as well, and its response refuses everything at once, so it does not show what was refused: send it ${askedWords({ method: asked.method, headers: needed.headers })}, assert .not.toAllowPreflight of all it asked for, or give expect the app or its URL`,
  )
}
