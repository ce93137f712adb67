/** Origins that must not get in, derived from those that may. Pure, but for its random labels. */

import { isLoopbackHost } from '../fetch/mixed-content.js'
import { parseHttpOrigin, parseOrigin, serializeOrigin, type TupleOrigin } from '../fetch/origin.js'
import { isSameSiteIgnoringScheme, registrableDomain } from '../page/site.js'
import type { AuditOptions } from './audit-options.js'
import type { AuditFindingId } from './audit-report.js'
import type { TrustedOrigin, TrustedOrigins } from './trusted-origins.js'

/** How an origin was derived. */
export type HostileForm =
  | 'random'
  | 'null'
  | 'after'
  | 'before-site'
  | 'before-host'
  | 'around'
  | 'cut-end'
  | 'cut-start'
  | 'dot'
  | 'special'
  | 'http'
  | 'port'
  | 'child'
  | 'sibling'
  | 'longer'
  | 'suffix'
  | 'shared'
  | 'local'

/** An origin that must not get in. */
export interface HostileOrigin {
  readonly id: AuditFindingId
  readonly form: HostileForm
  readonly origin: string
  /** The trusted origin that it is derived from; null for one that has nothing to do with them. */
  readonly from: string | null
  /** Without what was put before it: where that is let in too, the rule is about its end. */
  readonly bare?: string
}

/** What an origin must not be: nobody knows it. Letters alone, as the rules of servers have them. */
const LETTERS = 'bcdfghjklmnpqrstvwxz'
const RESERVED = ['test', 'invalid', 'example']

/** So many of the shared hosts are asked as before the rest, however many origins are trusted. */
const COMMON_SHARED_HOSTS = 4

/** Hosts where anyone can publish pages; `*` stands for a name that nobody has, `@` for that of a trusted site: previews begin with it. */
const SHARED_HOSTS = [
  '@-*.vercel.app',
  '*.netlify.app',
  '*.github.io',
  'codepen.io',
  'jsfiddle.net',
  'repl.it',
  'jsbin.com',
  '*.pages.dev',
  '*.s3.amazonaws.com',
  '*.herokuapp.com',
]

/** Those that a host may hold by the URL Standard. @see https://url.spec.whatwg.org/#forbidden-domain-code-point */
const SPECIAL_CHARACTERS = [...'_{`}!$&+~\'(),;="']

/** What is derived from one trusted origin. */
interface Parts {
  readonly scheme: string
  readonly host: string
  readonly port: number | null
  /** Its registrable domain; null for an address, or a name of one label. */
  readonly site: string | null
  /** Behind the wildcard of a pattern, or the host. */
  readonly stem: string
  /** A label that nobody has, and a domain. */
  readonly label: string
  readonly elsewhere: string
}

/** A form, the class it shows, and what is changed of a trusted origin. */
interface Form {
  readonly form: HostileForm
  readonly id: AuditFindingId
  readonly derive: (parts: Parts) => readonly Partial<Parts>[]
  /** Asked of every trusted origin before the rest is asked of any. */
  readonly isCommon?: true
}

/** In the order in which they are asked: first what an entry of a list may have wrong by itself. */
const FORMS: readonly Form[] = [
  {
    form: 'dot',
    id: 'unescaped-dot',
    isCommon: true,
    derive: ({ host, site }) =>
      dotsOf(host, site)
        .slice(0, 1)
        .map((at) => withoutDot(host, at, 'x')),
  },
  {
    form: 'after',
    id: 'prefix-match',
    isCommon: true,
    derive: ({ host, elsewhere }) => [{ host: `${host}.${elsewhere}` }],
  },
  {
    form: 'before-host',
    id: 'suffix-match',
    isCommon: true,
    derive: ({ site, stem, label }) => (site === null || stem === site ? [] : [{ host: label + stem }]),
  },
  {
    form: 'http',
    id: 'insecure-scheme',
    isCommon: true,
    derive: ({ scheme, host }) => (scheme === 'https' && !isLoopbackHost(host) ? [{ scheme: 'http' }] : []),
  },
  {
    form: 'before-site',
    id: 'suffix-match',
    isCommon: true,
    derive: ({ site, label }) => (site === null ? [] : [{ host: label + site }]),
  },
  {
    form: 'sibling',
    id: 'any-subdomain',
    isCommon: true,
    derive: ({ site, label }) => (site === null ? [] : [{ host: `${label}.${site}` }]),
  },
  {
    form: 'port',
    id: 'other-port',
    isCommon: true,
    // On this machine a port is the user's own.
    derive: ({ host, port }) => (isLoopbackHost(host) ? [] : [{ port: otherPort(port) }]),
  },
  {
    form: 'child',
    id: 'any-subdomain',
    derive: ({ site, host, label }) => (site === null ? [] : [{ host: `${label}.${host}` }]),
  },
  {
    form: 'dot',
    id: 'unescaped-dot',
    derive({ host, site }) {
      const [first, ...others] = dotsOf(host, site)
      // As `\.?` has it.
      const missing = first === undefined || host === site ? [] : [withoutDot(host, first, '')]
      return [...others.slice(0, 2).map((at) => withoutDot(host, at, 'x')), ...missing]
    },
  },
  {
    form: 'longer',
    id: 'any-subdomain',
    derive: (parts) => (parts.host === parts.site ? [] : longerLabel(parts)),
  },
  {
    form: 'longer',
    id: 'public-suffix',
    derive: (parts) => (parts.host === parts.site ? longerLabel(parts) : []),
  },
  {
    form: 'cut-end',
    id: 'substring-match',
    isCommon: true,
    derive: ({ site, host }) => (site === null ? [] : [{ host: host.slice(0, -1), port: null }]),
  },
  {
    form: 'cut-start',
    id: 'substring-match',
    derive: ({ site }) => (site === null || site.indexOf('.') < 2 ? [] : [{ host: site.slice(1) }]),
  },
  {
    form: 'around',
    id: 'substring-match',
    derive: ({ host, label, elsewhere }) => [{ host: `${label}${host}.${elsewhere}` }],
  },
  {
    form: 'suffix',
    id: 'public-suffix',
    derive: ({ site, label }) =>
      site === null ? [] : [{ host: `${label}.${site.slice(site.indexOf('.') + 1)}` }],
  },
]

/** `app-….example.com`, as rules for previews let in: `app.*\.example\.com`. */
function longerLabel({ site, host, label }: Parts): Partial<Parts>[] {
  return site === null ? [] : [{ host: host.replace('.', `-${label}.`) }]
}

/** Where the dots of a host are, that before its site first: of what another has in its place anybody may register the domain. */
function dotsOf(host: string, site: string | null): number[] {
  const dots = [...host.matchAll(/\./g)].map(({ index }) => index)
  const before = host.length - (site ?? '').length - 1
  return dots.includes(before) ? [before, ...dots.filter((at) => at !== before)] : dots
}

function withoutDot(host: string, at: number, instead: string): Partial<Parts> {
  return { host: host.slice(0, at) + instead + host.slice(at + 1) }
}

/** One that begins with a port which is given, where there is one. */
function otherPort(port: number | null): number {
  const longer = Number(`${port ?? ''}0`)
  return port !== null && longer <= 65535 ? longer : port === 8443 ? 9443 : 8443
}

/** Those that are let in only where another is, and need not be asked else. */
export const IMPLIED_BY: Partial<Record<HostileForm, HostileForm>> = {
  around: 'after',
  suffix: 'before-site',
}

/** What is asked of whom, in this order. */
export interface HostilePlan {
  /** Two that nobody knows, and `null`: asked in every way. */
  readonly strangers: readonly HostileOrigin[]
  /** Derived from the trusted ones, and the best known of the others, in groups. */
  readonly derived: readonly (readonly HostileOrigin[])[]
  /** Asked as far as requests are left. */
  readonly others: readonly HostileOrigin[]
}

/**
 * @param ownOrigin the target's, which CORS has no say in
 * @param random as `Math.random`
 */
export function hostileOrigins(
  trusted: TrustedOrigins,
  ownOrigin: string,
  { allowSubdomains = false, allowPorts = false, thorough = false }: AuditOptions,
  random: () => number,
): HostilePlan {
  const label = (length: number): string =>
    Array.from({ length }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('')
  const taken = new Set(trusted.origins.map(({ origin }) => origin.replace(/^.*[.:/](?=[a-z])/, '')))
  const free = [...RESERVED.filter((domain) => !taken.has(domain)), ...RESERVED]
  const scheme =
    ownOrigin.startsWith('http:') && !isLoopbackHost(new URL(ownOrigin).hostname) ? 'http' : 'https'
  const elsewhere = `${label(6)}.${free[0]}`
  const own = label(6)
  const asked = new Set<string>()
  const isAllowed = allowing(trusted, allowSubdomains, allowPorts)
  const kept = (all: readonly HostileOrigin[]): HostileOrigin[] =>
    all.filter(({ origin }) => {
      if (asked.has(origin) || origin === ownOrigin || isAllowed(origin)) return false
      if (origin !== 'null' && (parseOrigin(origin).kind === 'invalid' || !URL.canParse(origin))) return false
      asked.add(origin)
      return true
    })
  const strangers = kept([
    ...[0, 1].map((at): HostileOrigin => {
      const origin = `${scheme}://${label(8)}.${free[at]}`
      return { id: 'reflected-origin', form: 'random', origin, from: null }
    }),
    { id: 'null-origin', form: 'null', origin: 'null', from: null },
  ])
  const parts = trusted.origins
    .flatMap((each) => partsOf(each, own, elsewhere))
    .sort((a, b) => Number(a.site === null) - Number(b.site === null))
  const special = (thorough ? ['-', ...SPECIAL_CHARACTERS] : []).flatMap((character) =>
    parts.slice(0, 1).map((each): HostileOrigin => {
      // A hyphen is not a special character, but like a dot it does not end a name.
      const [id, behind] =
        character === '-' ? (['prefix-match', ''] as const) : (['special-characters', '.'] as const)
      const host = `${each.host}${character}${behind}${elsewhere}`
      return {
        id,
        form: 'special',
        origin: serializeOrigin(each.scheme, host, each.port),
        from: originOf(each),
      }
    }),
  )
  const name = parts[0]?.site?.replace(/\..*/, '') ?? own
  // Next to a trusted one, the trusted one's forms tell more.
  const isNextTo = (host: string): boolean =>
    host.includes('*') && parts.some(({ site }) => site?.endsWith(host.slice(host.indexOf('.'))))
  const shared = SHARED_HOSTS.filter((host) => !isNextTo(host)).map((host): HostileOrigin => {
    const origin = `https://${host.replace('@', name).replace('*', own)}`
    return { id: 'third-party', form: 'shared', origin, from: null }
  })
  const local: HostileOrigin = {
    id: 'prefix-match',
    form: 'local',
    origin: `http://localhost.${elsewhere}`,
    from: null,
  }
  const derivedBy = (forms: readonly Form[], those: readonly Parts[]): HostileOrigin[] =>
    forms.flatMap((form) => those.flatMap((each) => derivedFrom(each, form)))
  const common = FORMS.filter(isCommon)
  const implied = FORMS.filter(({ form }) => form in IMPLIED_BY)
  const rare = FORMS.filter((form) => !common.includes(form) && !implied.includes(form))
  const [first, rest] = [parts.slice(0, 1), parts.slice(1)]
  // Where there are many, not all is asked of each: first what is often wrong, with one, with any and with all of them.
  const derived = [
    [...derivedBy(common, first), ...derivedBy(implied, first)],
    [local, ...shared.slice(0, COMMON_SHARED_HOSTS)],
    derivedBy([...common, ...implied], rest),
    [...derivedBy(rare, first), ...derivedBy(rare, rest)],
  ].map(kept)
  return { strangers, derived, others: kept(inTurns(special, shared)) }
}

function isCommon(form: Form): boolean {
  return form.isCommon === true
}

function derivedFrom(parts: Parts, { form, id, derive }: Form): HostileOrigin[] {
  const stem = { 'before-site': parts.site, 'before-host': parts.stem }[form as string]
  return derive(parts).map((changed) => {
    const { scheme, host, port } = { ...parts, ...changed }
    const origin = serializeOrigin(scheme, host, port)
    const bare = typeof stem === 'string' ? { bare: serializeOrigin(scheme, stem, port) } : {}
    return { id, form, origin, from: originOf(parts), ...bare }
  })
}

/** Some of each, as neither may be asked to its end. */
function inTurns<T>(one: readonly T[], other: readonly T[]): T[] {
  const length = Math.max(one.length, other.length)
  return Array.from({ length }, (_, at) => [...one.slice(at, at + 1), ...other.slice(at, at + 1)]).flat()
}

function originOf({ scheme, host, port }: Parts): string {
  return serializeOrigin(scheme, host, port)
}

/** None for what is not http(s), such as `capacitor://localhost` or `null`: nobody can create another of these. */
function partsOf({ origin, below }: TrustedOrigin, label: string, elsewhere: string): Parts[] {
  const parsed = parseHttpOrigin(origin)
  if (parsed === null) return []
  const { scheme, host, port } = parsed
  return [{ scheme, host, port, site: siteOf(parsed), stem: below ?? host, label, elsewhere }]
}

/** Below `localhost` nobody else gets a name. */
function siteOf({ host }: TupleOrigin): string | null {
  if (isLoopbackHost(host)) return null
  const site = registrableDomain(host)
  return site?.includes('.') === true ? site : null
}

/** Whether an origin is trusted, or let in on purpose. */
function allowing(
  trusted: TrustedOrigins,
  allowSubdomains: boolean,
  allowPorts: boolean,
): (origin: string) => boolean {
  const parsed = trusted.origins.flatMap(({ origin }) => {
    const each = parseOrigin(origin)
    return each.kind === 'tuple' ? [each] : []
  })
  return (origin) => {
    if (trusted.covers(origin)) return true
    const other = parseOrigin(origin)
    if (other.kind !== 'tuple') return false
    return parsed.some(
      (each) =>
        each.scheme === other.scheme &&
        (each.host === other.host || (allowSubdomains && isSameSiteIgnoringScheme(each.host, other.host))) &&
        (each.port === other.port || allowPorts),
    )
  }
}
