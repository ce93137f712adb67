/** What is true of a server's configuration, which cause a failure there has to name, and by which words. */
import type { CorsCause, Verdict } from 'expect-cors'

/** One question that every server was asked. */
export interface Probe {
  readonly origin: string
  readonly path: string
  /** The method that a preflight asks for; a GET where there is none. */
  readonly preflight?: string
  readonly headers?: readonly string[]
}

/** What is true of a configuration. */
export interface Configuration {
  readonly allows: (origin: string) => boolean
  /** What is at fault where no CORS rules run for a response, whatever its origin. */
  readonly uncovered?: (probe: Probe, status: number) => readonly CorsCause[] | undefined
  /** Whether the rules refuse a method or a header of a preflight as they refuse an origin. */
  readonly refusesAlike?: boolean
  /** Whether a cache in front gives one origin what it kept for another. */
  readonly isCached?: boolean
}

export const APP = 'https://app.example.com'
export const LISTED = [APP, 'http://localhost:3000']

export const listed = (origin: string): boolean => LISTED.includes(origin)
export const any = (): boolean => true
export const none = (): boolean => false
export const only = (origin: string): boolean => origin === APP
export const matching =
  (pattern: RegExp) =>
  (origin: string): boolean =>
    pattern.test(origin)

export type Uncovered = NonNullable<Configuration['uncovered']>

/** No CORS rules at all. */
export const noCors: Uncovered = ({ preflight }, status) =>
  preflight === undefined
    ? ['no-cors-here', ...(status >= 400 ? (['errors-without-cors'] as const) : [])]
    : ['no-cors-here', 'no-options-route', ...(status === 401 ? (['auth-before-cors'] as const) : [])]
/** Authentication in front of the CORS rules. */
export const authFirst: Uncovered = (_, status) => (status === 401 ? ['auth-before-cors'] : undefined)
/** Errors with these statuses leave without the headers. */
export const bareErrors =
  (...statuses: number[]): Uncovered =>
  ({ preflight }, status) =>
    preflight === undefined && statuses.includes(status) ? ['errors-without-cors'] : undefined
/** No rules run for responses with these statuses. */
export const noCorsAt =
  (...statuses: number[]): Uncovered =>
  (probe, status) =>
    statuses.includes(status) ? noCors(probe, status) : undefined
/** The rules run for some paths only. */
export const elsewhere =
  (...paths: string[]): Uncovered =>
  (probe, status) =>
    paths.includes(probe.path.replace('/api/', '')) ? undefined : noCors(probe, status)
/** GET has rules, OPTIONS has none. */
export const noPreflights: Uncovered = (probe, status) =>
  probe.preflight === undefined ? undefined : noCors(probe, status)
export const both =
  (...rules: Uncovered[]): Uncovered =>
  (probe, status) => {
    const causes = rules.flatMap((rule) => rule(probe, status) ?? [])
    return causes.length === 0 ? undefined : causes
  }
/** A gateway whose app is down. */
export const gatewayDown: Uncovered = (_, status) => (status >= 502 ? ['gateway'] : undefined)

/** A probe that was blocked. */
export interface Blocked {
  readonly probe: Probe
  readonly verdict: Pick<Verdict, 'code' | 'value'>
  readonly status: number
}

/** What the owner of this server has to change, any of which is right. */
export function truthOf(truth: Configuration, { probe, verdict, status }: Blocked): readonly CorsCause[] {
  switch (verdict.code) {
    case 'missing-allow-origin':
      return [
        ...(truth.uncovered?.(probe, status) ?? []),
        ...(truth.allows(probe.origin)
          ? truth.refusesAlike === true && probe.preflight !== undefined
            ? (['method-not-listed', 'header-not-listed'] as const)
            : []
          : (['origin-not-listed'] as const)),
      ]
    case 'allow-origin-mismatch':
      return truth.isCached === true ? ['cached'] : ['origin-not-listed']
    case 'multiple-allow-origin':
      return ['doubled']
    case 'preflight-status':
      if (status === 400)
        return [
          probe.headers === undefined || probe.headers.length === 0
            ? 'method-not-listed'
            : 'header-not-listed',
        ]
      return status === 401 ? ['auth-before-cors'] : ['no-options-route']
    case 'preflight-redirect':
      return ['redirected']
    case 'invalid-allow-credentials':
      return verdict.value === null ? ['credentials-not-allowed'] : ['doubled']
    case 'wildcard-allow-origin-with-credentials':
      return ['wildcard-with-credentials']
    case 'method-not-allowed':
      return ['method-not-listed']
    case 'header-not-allowed':
      return ['header-not-listed']
    case 'invalid-allow-origin':
      return ['misspelt']
    default:
      throw new Error(`no truth for ${verdict.code}`)
  }
}

/** The words by which a sentence names a cause. */
export const WORDS: Readonly<Record<CorsCause, RegExp>> = {
  'origin-not-listed': /is not on (the server's|its) list|does not have this origin on its list/,
  'origin-not-passed-on': /drops `Origin`/,
  'method-not-listed': /`(PUT|PROPFIND|DELETE)`/,
  'header-not-listed': /header|Access-Control-Allow-Headers/,
  'no-cors-here':
    /no CORS rules|leave out this path|without CORS rules|do not run for OPTIONS|before any CORS rules/,
  'no-options-route':
    /no route for OPTIONS|goes on to the routes|router answered OPTIONS|do not run for OPTIONS/,
  'auth-before-cors': /authentication/,
  'errors-without-cors': /no CORS rules ran for this \d+|leave out this \d+|adds no CORS headers/,
  'server-fails': /throw|fails/,
  gateway: /proxy|gateway/,
  'rate-limit': /rate limit/,
  cached: /came from a cache|a cache kept/,
  redirected: /redirects before its CORS rules|leads to a login|is redirected to/,
  doubled: /two layers/,
  misspelt: /placeholder|browsers know/,
  'wildcard-with-credentials': /`\*`.*credentials|Origin: \*`.*credentials/,
  'credentials-not-allowed': /has to say `Access-Control-Allow-Credentials: true`/,
  tainted: /redirected from one foreign origin/,
  page: /./,
}
