/** A server's policy as plain data, for a snapshot. */

import type { HeadersLike } from '../fetch/headers-init.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { checkCallOptions } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { type AskPolicyOptions, checkOrigins, PolicyAsker } from './policy-asker.js'
import { recordedExposed, recordedMaxAge } from './recorded-headers.js'

/** What is observed. */
export interface ObservePolicyOptions extends AskPolicyOptions {
  /** Whom to ask as. */
  readonly origins: readonly string[]
  /** Below the target's own. */
  readonly path?: string | undefined
  /** The methods to ask for, by their preflights. @default ['PUT', 'PATCH', 'DELETE'] */
  readonly methods?: readonly string[] | undefined
  /** The request headers to ask for. @default ['authorization', 'content-type'] */
  readonly headers?: readonly string[] | undefined
}

/** What a page at an origin may do. */
export interface ObservedOriginPolicy {
  /** Of the response to its GET. */
  readonly status: number | null
  /** Whether it may read that response. */
  readonly reads: boolean
  readonly readsWithCredentials: boolean
  /** The methods it may send, of those asked for. GET, HEAD and POST need no permission. */
  readonly methods: readonly string[]
  /** The request headers it may set, of those asked for. */
  readonly headers: readonly string[]
  /** The response headers that its script may read, besides those that every script may. */
  readonly exposes: readonly string[]
  /** Seconds for which a preflight's response says to be kept; null where it does not say. */
  readonly maxAge: number | null
}

/** What pages may do, by their origins. */
export type ObservedPolicy = Readonly<Record<string, ObservedOriginPolicy>>

const WHERE = 'observeCorsPolicy()'

/**
 * Asks a server what pages may do, by GET and preflights only, and returns it as plain data that stays the same for as long as the policy does:
 * without dates, sorted.
 *
 * @param target a URL, an app in this process, MSW handlers or server, or what `endpoint()` returned
 * @throws CorsNetworkError where the server does not respond; CorsUsageError for an invalid target or option
 * @example
 * expect(await observeCorsPolicy(app, { origins: ['https://app.example.com', 'https://evil.example'], path: '/orders' })).toMatchSnapshot()
 */
export async function observeCorsPolicy(
  target: unknown,
  options: ObservePolicyOptions,
): Promise<ObservedPolicy> {
  checkOptions(options)
  const origins = [...checkOrigins(options.origins, WHERE)].sort()
  const asker = new PolicyAsker(target, options)
  return asker.during(async () => {
    const policy: Record<string, ObservedOriginPolicy> = {}
    for (const origin of origins) policy[origin] = await observeOrigin(asker, origin, options)
    return policy
  })
}

async function observeOrigin(
  asker: PolicyAsker,
  origin: string,
  {
    path = '',
    methods = ['PUT', 'PATCH', 'DELETE'],
    headers = ['authorization', 'content-type'],
  }: ObservePolicyOptions,
): Promise<ObservedOriginPolicy> {
  const get = { path, method: 'GET' }
  const read = await asker.ask(get, origin)
  const readWithCredentials = await asker.ask({ ...get, credentials: 'include' }, origin)
  const permits = async (
    method: string,
    lines: HeadersLike = [],
  ): Promise<{ allowed: boolean; maxAge: number | null }> => {
    const { allowed, preflighted, preflight } = await asker.ask(
      { path, method, headers: lines },
      origin,
      true,
    )
    return { allowed: allowed && preflighted, maxAge: recordedMaxAge(preflight) }
  }
  const ages: (number | null)[] = []
  const permitted = async (
    each: readonly string[],
    ask: (one: string) => ReturnType<typeof permits>,
  ): Promise<string[]> => {
    const found: string[] = []
    for (const one of [...new Set(each)].sort()) {
      const { allowed, maxAge } = await ask(one)
      if (!allowed) continue
      found.push(one)
      ages.push(maxAge)
    }
    return found
  }
  const unsafe = methods.map(normalizeMethod).filter((method) => !['GET', 'HEAD', 'POST'].includes(method))
  return {
    status: read.response?.status ?? null,
    reads: read.allowed,
    readsWithCredentials: readWithCredentials.allowed,
    methods: await permitted(unsafe, (method) => permits(method)),
    headers: await permitted(headers.map(byteLowercase), (name) => permits('GET', [name])),
    exposes: recordedExposed(read),
    maxAge: ages.reduce(
      (least, age) => (least === null || age === null ? null : Math.min(least, age)),
      ages[0] ?? null,
    ),
  }
}

/** @throws CorsUsageError */
function checkOptions(options: unknown): void {
  if (!hasMembers(options))
    throw new CorsUsageError(`${WHERE} needs { origins }; got ${describeValue(options)}`)
  const live = ['path', 'extraHeaders', 'engines', 'timeout', 'signal'] as const
  checkCallOptions(options, { live, others: ['origins', 'methods', 'headers'] }, WHERE)
  for (const name of ['methods', 'headers']) {
    const list = options[name]
    if (list === undefined) continue
    if (!Array.isArray(list))
      throw new CorsUsageError(`${WHERE}: ${name} must be a list of names; got ${describeValue(list)}`)
    for (const each of list as unknown[])
      if (typeof each !== 'string' || !isToken(each) || (name === 'methods' && isForbiddenMethod(each)))
        throw new CorsUsageError(
          `${WHERE}: ${name}: ${literal(String(each))} is not one that a page can send`,
        )
  }
}
