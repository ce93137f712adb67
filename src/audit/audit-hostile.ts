/** Asking as every hostile origin, and what to make of those that are let in. */

import { getHeader } from '../fetch/header-list.js'
import { parseOrigin } from '../fetch/origin.js'
import { registrableDomain } from '../page/site.js'
import { listed, quoted, shown } from '../text/shown.js'
import { findingOf } from './audit-evidence.js'
import type { AuditFinding, AuditFindingId, AuditSeverity, AuditUnjudged } from './audit-report.js'
import { type HostileForm, type HostileOrigin, type HostilePlan, IMPLIED_BY } from './hostile-origins.js'
import { type Access, accessOf, askHostile, isAsMuch, isLetIn, mayAccess } from './judge-origin.js'
import { type AskedHow, type AskedOrigin, type RouteAsker, whyUnjudged } from './route-asker.js'

/** So many are asked at a time. */
const AT_A_TIME = 4

const WAYS: readonly AskedHow[] = ['cookie', 'plain', 'preflight']

/** One hostile origin, and what it got. */
interface Tried {
  readonly hostile: HostileOrigin
  readonly asked: { cookie?: AskedOrigin; plain?: AskedOrigin; preflight?: AskedOrigin }
}

/** Asks within the requests that there are, and remembers. */
export class HostileAudit {
  readonly unjudged: AuditUnjudged[] = []
  /** Those for which no request was left. */
  readonly left: HostileOrigin[] = []
  /** How each is asked once: with a cookie, unless a trusted origin gets nowhere with an unknown one. */
  way: 'cookie' | 'plain' = 'cookie'
  private readonly tried: Tried[] = []
  /** Whether names alone are let in. */
  private readonly bare = new Map<string, boolean>()
  private readonly asker: RouteAsker
  private readonly trusted: readonly string[]
  private readonly publicApi: boolean
  /** Kept for what comes after. */
  private reserve: number

  constructor(asker: RouteAsker, trusted: readonly string[], publicApi: boolean, reserve: number) {
    this.asker = asker
    this.trusted = trusted
    this.publicApi = publicApi
    this.reserve = reserve
  }

  /** The two strangers and `null`, in every way; of what the one does not get in any way the other need not be asked. */
  async askStrangers({ strangers }: HostilePlan): Promise<void> {
    const [first, second] = strangers.filter(({ form }) => form === 'random')
    const others = strangers.filter(({ form }) => form !== 'random')
    if (first !== undefined) await this.askEach([first], WAYS)
    const isRefused = this.tried.every(({ asked }) => WAYS.every((how) => isRefusedBy(asked[how])))
    if (second !== undefined) await this.askEach([second], isRefused ? [this.way] : WAYS)
    await this.askEach(others, WAYS)
  }

  /** What is derived, and what of that is let in once more. @param reserve how many requests are not to be used */
  async askDerived({ derived }: HostilePlan, reserve: number): Promise<void> {
    this.reserve = reserve
    // Where everybody is let in with cookies, nothing more is to be known.
    if (this.everybody === 'cookies') return
    for (const group of derived) {
      await this.askEach(group.filter(isFirst), [this.way])
      const implied = group.filter(({ form, from }) =>
        this.tried.some(
          (tried) =>
            tried.hostile.form === IMPLIED_BY[form] &&
            tried.hostile.from === from &&
            accessTo(tried) !== 'none',
        ),
      )
      await this.askEach(implied, [this.way])
    }
    await this.askBare()
    await this.askOn()
  }

  /** Of names with something put before them: the names alone. They need not be kept out, but tell what the rule is. */
  private async askBare(): Promise<void> {
    for (const tried of this.tried) {
      const { bare } = tried.hostile
      if (bare === undefined || accessTo(tried) === 'none' || this.bare.has(bare)) continue
      if (this.asker.left - this.reserve < this.asker.cost) continue
      const got = await this.asker.ask(bare, this.way).catch(() => undefined)
      if (got !== undefined) this.bare.set(bare, mayAccess(got) !== 'none')
    }
  }

  /** Whether what is put before a name takes the place of a dot: the name alone is refused. */
  private isDot({ bare }: HostileOrigin): boolean {
    return bare !== undefined && this.bare.get(bare) === false
  }

  /** What is asked as far as requests are left. */
  async askOthers({ others }: HostilePlan): Promise<void> {
    if (this.everybody === 'cookies') return
    await this.askEach(others, [this.way])
    await this.askOn()
  }

  /** Of those that are let in the other ways: whose access is not certain first, and one of each kind. */
  private async askOn(): Promise<void> {
    const { everybody } = this
    const letIn = this.tried.filter(
      (tried) =>
        tried.hostile.form !== 'random' &&
        tried.hostile.form !== 'null' &&
        !isAsMuch(everybody, accessTo(tried)),
    )
    const seen = new Set<AuditFindingId>()
    const rank = ({ hostile, asked }: Tried): number => {
      const isUncertain = asked.cookie !== undefined && accessOf(asked.cookie) === 'none'
      const isNew = !seen.has(hostile.id)
      seen.add(hostile.id)
      return isNew ? (isUncertain ? 0 : 1) : 2
    }
    const ranked = letIn.map((each) => ({ each, rank: rank(each) })).sort((a, b) => a.rank - b.rank)
    for (const { each } of ranked)
      for (const how of WAYS) if (each.asked[how] === undefined) await this.askOne(each, how)
  }

  private async askEach(origins: readonly HostileOrigin[], ways: readonly AskedHow[]): Promise<void> {
    const waiting = [...origins]
    while (waiting.length > 0) {
      const turn = waiting.splice(0, this.turn(ways.length))
      if (turn.length === 0) {
        this.left.push(...waiting)
        return
      }
      await Promise.all(
        turn.map(async (hostile) => {
          const tried: Tried = { hostile, asked: {} }
          this.tried.push(tried)
          // Who gets no response once is not waited for again.
          for (const how of ways) if (!(await this.askOne(tried, how))) break
        }),
      )
    }
  }

  /** How many may be asked at a time. The very first is asked alone: it tells whether a cache is in the way. */
  private turn(ways: number): number {
    const enough = Math.floor((this.asker.left - this.reserve) / (ways * this.asker.cost))
    return Math.min(this.tried.length === 0 ? 1 : AT_A_TIME, Math.max(0, enough))
  }

  /** @returns whether it may be asked on */
  private async askOne({ hostile, asked }: Tried, how: AskedHow): Promise<boolean> {
    if (this.asker.left - this.reserve < this.asker.cost) {
      if (Object.keys(asked).length === 0) this.left.push(hostile)
      return false
    }
    try {
      asked[how] = await askHostile(this.asker, hostile.origin, how, this.trusted)
      return true
    } catch (error) {
      this.unjudged.push({
        origin: hostile.origin,
        explanation: `${shown(hostile.origin)}, asked ${HOW[how]}, could not be judged: ${whyUnjudged(error)}`,
      })
      return false
    }
  }

  /** What both strangers get, and so does everybody. */
  private get everybody(): Access {
    const both = this.tried.filter(({ hostile }) => hostile.form === 'random').map(accessTo)
    return both.reduce((least, access) => (isAsMuch(least, access) ? access : least), both[0] ?? 'none')
  }

  /** @param trustedPreflight what a trusted origin got to the same preflight; undefined where that is not known */
  findings(trustedPreflight: AskedOrigin | undefined): AuditFinding[] {
    const { everybody } = this
    const letIn = this.tried.filter((tried) => this.isWrong(tried) && !this.isExplained(tried, everybody))
    const byId = new Map<AuditFindingId, Tried[]>()
    for (const tried of letIn) {
      const id = this.idOf(tried.hostile, everybody)
      byId.set(id, [...(byId.get(id) ?? []), tried])
    }
    return [
      ...[...byId].map(([id, those]) => this.letInFinding(id, those)),
      ...this.cookieFinding(),
      ...this.preflightFinding(trustedPreflight),
    ]
  }

  private idOf(hostile: HostileOrigin, everybody: Access): AuditFindingId {
    // One of two alone: what lets it in is its top-level domain.
    if (hostile.form === 'random' && everybody === 'none') return 'public-suffix'
    return this.isDot(hostile) ? 'unescaped-dot' : hostile.id
  }

  /** Whether it reads what it must not. */
  private isWrong(tried: Tried): boolean {
    const access = accessTo(tried)
    return access === 'cookies' || (access === 'plain' && !this.publicApi)
  }

  /** Whether that it is let in follows from what is said of another. */
  private isExplained(tried: Tried, everybody: Access): boolean {
    const access = accessTo(tried)
    const { form, origin } = tried.hostile
    if (form === 'random') return false
    const isRepeated = form === 'null' && allowOrigin(showing(tried, access)) === 'null'
    if (isAsMuch(everybody, access) && !isRepeated) return true
    const host = hostOf(origin)
    const covers = (other: HostileForm, matches: (site: string, from: string) => boolean): boolean =>
      this.tried.some(({ hostile, asked }) => {
        if (
          hostile.form !== other ||
          hostile.from === null ||
          !isAsMuch(accessTo({ hostile, asked }), access)
        )
          return false
        const from = hostOf(hostile.from)
        return matches(registrableDomain(from) ?? from, from)
      })
    switch (form) {
      case 'dot':
        return (
          covers('before-site', (site) => host.endsWith(site)) ||
          covers('sibling', (site) => host.endsWith(`.${site}`)) ||
          // What a pattern has behind its wildcard.
          this.tried.some(
            (other) =>
              other.hostile.form === 'before-host' &&
              host.endsWith(hostOf(other.hostile.bare ?? other.hostile.origin)) &&
              isAsMuch(accessTo(other), access),
          )
        )
      case 'before-host':
        return covers('sibling', (site) => host.endsWith(`.${site}`))
      case 'before-site':
      case 'cut-start':
      case 'shared':
        return (
          covers('suffix', (site) => host.endsWith(site.slice(site.indexOf('.')))) ||
          covers('around', (site) => host.startsWith(`${firstLabel(site)}-`))
        )
      case 'longer':
        return (
          covers('sibling', (site) => host.endsWith(`.${site}`)) ||
          covers('suffix', (site) => host.endsWith(site.slice(site.indexOf('.')))) ||
          covers('after', (_, from) => host.startsWith(`${firstLabel(from)}-`))
        )
      case 'special':
        return covers('after', (_, from) => host.startsWith(from))
      default:
        return false
    }
  }

  private letInFinding(id: AuditFindingId, those: readonly Tried[]): AuditFinding {
    const worst = those.reduce((most, each) => (isAsMuch(accessTo(most), accessTo(each)) ? most : each))
    const access = accessTo(worst)
    const shows = showing(worst, access)
    const others = those.filter((each) => each !== worst).map(({ hostile }) => shown(hostile.origin))
    const also = others.length === 0 ? '' : ` So ${others.length === 1 ? 'does' : 'do'} ${listed(others)}.`
    return findingOf(id, {
      severity: severityOf(id, access),
      url: this.asker.endpoint.shownUrl,
      origin: worst.hostile.origin,
      explanation: `${readsWords(worst.hostile.origin, access, shows)}${also}`,
      shows: [shows],
      ...this.causeOf(id, worst),
    })
  }

  /** What is known of the rule better than by its kind. */
  private causeOf(
    id: AuditFindingId,
    { hostile, asked }: Tried,
  ): Partial<Pick<AuditFinding, 'cause' | 'fix'>> {
    const allowed = allowOrigin(asked.plain ?? asked.cookie)
    if (id === 'reflected-origin' && allowed === '*' && allowOrigin(asked.cookie) === '*')
      return {
        cause: 'Access-Control-Allow-Origin is `*`: the default of most libraries, `cors()`.',
        fix: 'List the origins that may read. Where everybody may, say so: `publicApi: true`.',
      }
    if (
      id === 'null-origin' &&
      this.tried.some((each) => each.hostile.form === 'random' && allowOrigin(each.asked.cookie) === 'null')
    )
      return {
        cause:
          'Where the server means to refuse it sends `Access-Control-Allow-Origin: null`, which lets in whoever sends `Origin: null`.',
        fix: 'Send no Access-Control-Allow-Origin at all where you refuse.',
      }
    const cause = CAUSES[this.isAnywhere(hostile) ? 'around' : hostile.form]
    return cause === undefined ? {} : { cause }
  }

  /** Whether the name is let in wherever it stands, and not at an end alone. */
  private isAnywhere({ form, from }: HostileOrigin): boolean {
    return (
      AT_AN_END.includes(form) &&
      this.tried.some(
        (tried) =>
          tried.hostile.form === 'around' && tried.hostile.from === from && accessTo(tried) !== 'none',
      )
    )
  }

  /** With a cookie a stranger gets in, and by the response without one it would not. */
  private cookieFinding(): AuditFinding[] {
    const depends = this.tried.find(
      ({ asked: { cookie, plain } }) =>
        cookie !== undefined &&
        plain !== undefined &&
        accessOf(cookie) === 'cookies' &&
        !plain.credentialed.some(isLetIn) &&
        // Else it depends on whether there is a session.
        cookie.last.response.status === plain.last.response.status,
    )
    if (depends === undefined) return []
    const { hostile, asked } = depends
    return [
      findingOf('cookie-dependent', {
        severity: 'exploitable',
        url: this.asker.endpoint.shownUrl,
        origin: hostile.origin,
        explanation: `Without a cookie a page at ${shown(hostile.origin)} is sent ${allowWords(asked.plain)}; as soon as there is one, ${allowWords(asked.cookie)}.`,
        shows: [asked.plain as AskedOrigin, asked.cookie as AskedOrigin],
      }),
    ]
  }

  /** One of preflight and response lets in a hostile origin that the other refuses. */
  private preflightFinding(trusted: AskedOrigin | undefined): AuditFinding[] {
    const url = this.asker.endpoint.shownUrl
    const leaks = this.tried.find(
      ({ asked: { cookie, preflight }, ...tried }) =>
        cookie !== undefined &&
        preflight !== undefined &&
        accessTo({ ...tried, asked: { cookie } }) === 'none' &&
        mayAccess(cookie) === 'none' &&
        accessOf(preflight) !== 'none',
    )
    if (leaks !== undefined && accessTo(leaks) === 'none') {
      const { hostile, asked } = leaks
      const preflight = asked.preflight as AskedOrigin
      const withCookies = accessOf(preflight) === 'cookies'
      return [
        findingOf('preflight-disagrees', {
          severity: withCookies ? 'exposed' : 'cosmetic',
          url,
          origin: hostile.origin,
          explanation: `A page at ${shown(hostile.origin)} may not read the response, but its preflight passes: ${allowWords(preflight)}. It has requests sent that change something${withCookies ? ", with its user's cookies" : ''}, and does not see what comes of them.`,
          cause:
            'OPTIONS is handled apart from the other methods, by a rule that does not look at the Origin.',
          shows: [preflight, asked.cookie as AskedOrigin],
        }),
      ]
    }
    const isChecked = trusted !== undefined && accessOf(trusted) !== 'none'
    const late = this.tried.find(
      (tried) =>
        this.isWrong(tried) &&
        tried.asked.preflight !== undefined &&
        accessOf(tried.asked.preflight) === 'none',
    )
    if (!isChecked || late === undefined) return []
    return [
      findingOf('preflight-disagrees', {
        severity: severityOf(late.hostile.id, accessTo(late)),
        url,
        origin: late.hostile.origin,
        explanation: `The preflight of a page at ${shown(late.hostile.origin)} is refused, but the response lets it read: a GET needs no preflight.`,
        cause: 'The Origin is checked where OPTIONS is handled, and nowhere else.',
        shows: [late.asked.preflight as AskedOrigin, showing(late, accessTo(late))],
      }),
    ]
  }
}

const HOW = { cookie: 'with a cookie', plain: 'without a cookie', preflight: 'by a preflight' } as const

/** What a rule lets in that looks for a name anywhere, as does one that looks at one end. */
const AT_AN_END: readonly HostileForm[] = ['after', 'before-site', 'before-host']

function isFirst({ form }: HostileOrigin): boolean {
  return IMPLIED_BY[form] === undefined
}

/** The most that it gets, in whatever way it asks; a response to a cookie is taken for one without where that was not asked. */
function accessTo({ asked: { cookie, plain } }: Tried): Access {
  const known = [
    ...(cookie === undefined ? [] : [plain === undefined ? mayAccess(cookie) : accessOf(cookie)]),
    ...(plain === undefined ? [] : [accessOf(plain)]),
  ]
  return known.reduce((most, access) => (isAsMuch(access, most) ? access : most), 'none')
}

/** The exchange that shows it. */
function showing({ asked: { cookie, plain } }: Tried, access: Access): AskedOrigin {
  const shows = access === 'plain' ? (plain ?? cookie) : (cookie ?? plain)
  return shows as AskedOrigin
}

function severityOf(id: AuditFindingId, access: Access): AuditSeverity {
  const severity = access === 'cookies' ? 'exploitable' : 'exposed'
  // Whether a page can be at such a host is for the browser and the certificate's authority to say.
  return id === 'special-characters' ? (severity === 'exploitable' ? 'exposed' : 'cosmetic') : severity
}

function readsWords(origin: string, access: Access, asked: AskedOrigin): string {
  const who =
    origin === 'null'
      ? 'a page with an opaque origin, such as a sandboxed frame,'
      : `a page at ${shown(origin)}`
  const how = access === 'cookies' ? "With its user's cookies" : 'Without cookies'
  return `${how} ${who} may read the response: ${allowWords(asked)}.`
}

function allowWords(asked: AskedOrigin | undefined): string {
  const headers = asked?.last.response.headers ?? []
  const [origin, credentials] = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials'].map(
    (name) => {
      const value = getHeader(headers, name)
      return value === null ? null : `${name} ${quoted(value)}`
    },
  )
  if (origin === null || origin === undefined) return 'no Access-Control-Allow-Origin'
  return credentials === null || credentials === undefined ? origin : `${origin} and ${credentials}`
}

function allowOrigin(asked: AskedOrigin | undefined): string | null {
  return asked === undefined ? null : getHeader(asked.last.response.headers, 'access-control-allow-origin')
}

function isRefusedBy(asked: AskedOrigin | undefined): boolean {
  return asked !== undefined && mayAccess(asked) === 'none'
}

function firstLabel(host: string): string {
  return host.replace(/\..*/, '')
}

function hostOf(origin: string): string {
  const parsed = parseOrigin(origin)
  return parsed.kind === 'tuple' ? parsed.host : ''
}

/** Where the form tells more of the rule than the kind. */
const CAUSES: Partial<Record<HostileForm, string>> = {
  longer: 'A part of the name is left open, as for previews: `app.*\\.example\\.com`, `app-[a-z0-9-]+`.',
  'cut-end':
    'The list of allowed origins is one string, and the Origin is looked for in it, `"https://app.example.com,…".includes(origin)`, or the end of the name is left open, `example\\.[a-z]+`.',
  local: 'A rule for development looks at the beginning alone: `origin.startsWith("http://localhost")`.',
  'cut-start':
    'The host is looked for in the name of an allowed one: `"example.com".includes(host)`, `allowed.endsWith(host)`.',
  around:
    'The name is looked for anywhere in the Origin: `origin.includes("app.example.com")`, a regular expression without `^` and `$`.',
}
