/** From the contract to what is checked: for one environment, every default applied, every pattern with its example. */

import type { CorsBody } from '../fetch/body.js'
import type { Header } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { isSlip } from '../text/nearest.js'
import { isSecretHeader } from '../text/redact.js'
import { argument, listed } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import type { ContractOrigin, ContractStatus, CorsContract } from './contract.js'
import { checkContract } from './define-contract.js'
import { EffectiveContract, OriginEntry } from './effective.js'
import { fillPath, parseRate, shownPath, splitRoute } from './notations.js'
import type { ResolvedContract, ResolvedOrigin, ResolvedRequest, ResolvedRoute } from './resolved.js'
import { didYouMean } from './rule.js'

/** Reserved, so that nobody is there. @see https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const STRANGERS = ['https://stranger.example', 'https://stranger.test', 'https://stranger.invalid']

/**
 * A contract as it is checked in one environment, or without any.
 * @throws CorsUsageError for a contract with a mistake, and for an environment that it does not have
 */
export function resolveContract(contract: CorsContract, environment?: string): ResolvedContract {
  const checked = checkContract(contract, { name: 'the contract' })
  if (environment !== undefined && !Object.hasOwn(checked.environments ?? {}, environment)) {
    const known = Object.keys(checked.environments ?? {})
    const have = known.length === 0 ? 'has no environments' : `has ${listed(known.map(argument))}`
    throw new CorsUsageError(
      `the contract has no environment ${argument(environment)}${didYouMean(environment, known) || `: it ${have}`}`,
    )
  }
  const effective = new EffectiveContract(checked, environment)
  const known: KnownOrigins = new Map()
  return { routes: effective.routes.map((name) => resolveRoute(effective, name, known)) }
}

/**
 * The environment of a target, which is called like it; undefined where the contract has none of that name.
 * @throws CorsUsageError for a name that looks like a misspelt one: nobody would see that the environment is left out
 */
export function environmentOf(contract: CorsContract, target: string): string | undefined {
  const known = Object.keys(checkContract(contract, { name: 'the contract' }).environments ?? {})
  if (known.includes(target)) return target
  const meant = known.find((name) => isMeant(target.toLowerCase(), name.toLowerCase()))
  if (meant === undefined) return undefined
  throw new CorsUsageError(
    `the target ${argument(target)} is not called as an environment of the contract, which has ${argument(meant)}: call it ${argument(meant)} to hold it to that one, or something else`,
  )
}

/** Whether a name is a slip for another, or short for it; `eu-1` is none for `eu-2`. */
function isMeant(target: string, environment: string): boolean {
  if (target.length < 3 || environment.length < 3) return target === environment
  if (environment.startsWith(target)) return true
  const letters = (name: string): string => name.replace(/\d+/g, '')
  return letters(target) === letters(environment) ? target === environment : isSlip(target, environment)
}

/** Most routes share their lists, and what becomes of them. */
type KnownOrigins = Map<string, Pick<ResolvedRoute, 'allow' | 'deny'>>

function resolveRoute(effective: EffectiveContract, name: string, known: KnownOrigins): ResolvedRoute {
  const { method } = splitRoute(name)
  const rate = effective.said(name, 'rate')?.value
  const sends = effective.isSent(name)
  return {
    name,
    method,
    ...knownOrigins(effective, name, known),
    credentials: effective.said(name, 'credentials')?.value ?? 'omit',
    body: effective.jsonOf(name) ?? (effective.ofRoute(name, 'body')?.value as CorsBody),
    exposes: effective.said(name, 'exposes')?.value ?? [],
    maxAge: effective.said(name, 'maxAge')?.value,
    rate: rate === undefined ? undefined : parseRate(rate),
    sends,
    requests: resolveRequests(effective, name, sends),
  }
}

function knownOrigins(
  effective: EffectiveContract,
  name: string,
  known: KnownOrigins,
): Pick<ResolvedRoute, 'allow' | 'deny'> {
  const lists = JSON.stringify([
    effective.origins(name, 'allow')?.path,
    effective.origins(name, 'deny')?.path,
  ])
  const origins = known.get(lists) ?? resolveOrigins(effective, name)
  known.set(lists, origins)
  return origins
}

/** Who is asked as, allowed and denied. */
function resolveOrigins(effective: EffectiveContract, name: string): Pick<ResolvedRoute, 'allow' | 'deny'> {
  const said = effective.origins(name, 'allow')
  const allow = said?.value ?? []
  // Where everybody may call there is nobody to refuse.
  if (allow === '*') return { allow, deny: [] }
  const allowed = allow.map((entry) => new OriginEntry(entry))
  const isAllowed = (origin: string): boolean => allowed.some((entry) => entry.covers(origin))
  const general = effective.generalAllow()
  const deny = effective.origins(name, 'deny')
  const denied: ContractOrigin[] = [
    ...(deny?.value ?? [STRANGERS.find((origin) => !isAllowed(origin)) ?? 'null', 'null']),
    // On a route with its own list, whoever may call the others and is not on it is refused.
    ...(said?.own === true && deny?.own !== true && general !== '*' ? general : []),
  ]
  return {
    allow: asked(allowed, () => false),
    deny: asked(
      denied.map((entry) => new OriginEntry(entry)),
      isAllowed,
    ),
  }
}

/** The origins to ask with, each once. @param isOther whether an origin belongs to the other list */
function asked(entries: readonly OriginEntry[], isOther: (origin: string) => boolean): ResolvedOrigin[] {
  const found = new Map<string, ResolvedOrigin>()
  for (const entry of entries.filter(({ pattern }) => pattern === undefined))
    if (!isOther(entry.text)) found.set(entry.text, { origin: entry.text })
  const ordered: ResolvedOrigin[] = []
  for (const entry of entries) {
    const exact = entry.pattern === undefined ? found.get(entry.text) : undefined
    if (exact !== undefined && !ordered.includes(exact)) ordered.push(exact)
    if (entry.pattern === undefined) continue
    const origin = entry.origin((each) => found.has(each) || isOther(each))
    if (origin === undefined || isOther(origin) || found.has(origin)) continue
    const resolved = { origin, pattern: entry.text }
    found.set(origin, resolved)
    ordered.push(resolved)
  }
  return ordered
}

/** The ways to send a route's request: one for each status. */
function resolveRequests(
  effective: EffectiveContract,
  name: string,
  sends: boolean,
): readonly ResolvedRequest[] {
  const plain = requestOf(effective, name, undefined, {})
  // A preflight has no status to speak of.
  if (!sends) return [plain]
  const said = effective.said(name, 'statuses')
  const requests = Object.entries(said?.value ?? {}).flatMap(([status, how]: [string, ContractStatus]) => {
    const request = requestOf(effective, name, Number(status), how)
    const isPlain = isSameRequest(request, plain)
    // What defaults say to leave out, and this route does not send, provokes nothing here.
    return said?.own !== true && isPlain && Object.keys(how).length > 0 ? [] : [request]
  })
  return requests.length === 0 ? [plain] : requests
}

function requestOf(
  effective: EffectiveContract,
  name: string,
  status: number | undefined,
  { without = [], params, path, query, headers, extraHeaders }: ContractStatus,
): ResolvedRequest {
  const omitted = new Set(without.map(byteLowercase))
  const kept = (lines: readonly Header[]): Header[] =>
    lines.filter(([header]) => !omitted.has(byteLowercase(header)))
  const template = path ?? splitRoute(name).path
  const filled = { ...effective.ofRoute(name, 'params')?.value, ...params }
  const asked = { ...effective.ofRoute(name, 'query')?.value, ...query }
  const pageHeaders = kept(replaced(effective.pageHeadersOf(name), headers))
  return {
    status,
    path: fillPath(template, filled, asked),
    shownPath: shownPath(template, filled),
    secrets: [...Object.entries(filled), ...Object.entries(asked), ...pageHeaders]
      .filter(([named]) => isSecretHeader(named))
      .map(([, value]) => String(value)),
    headers: pageHeaders,
    extraHeaders: kept(replaced(effective.extraHeadersOf(name), extraHeaders)),
    without: [...omitted],
  }
}

/** Header lines with others added, or instead of those of the same name. */
export function replaced(lines: readonly Header[], others: HeadersLike | undefined): readonly Header[] {
  if (others === undefined) return lines
  const added = readHeaders(others)
  const names = new Set(added.map(([name]) => byteLowercase(name)))
  return [...lines.filter(([name]) => !names.has(byteLowercase(name))), ...added]
}

/** Whether two requests are the same on the wire. */
function isSameRequest(a: ResolvedRequest, b: ResolvedRequest): boolean {
  const wire = ({ path, headers, extraHeaders }: ResolvedRequest): string =>
    JSON.stringify([path, headers, extraHeaders])
  return wire(a) === wire(b)
}
