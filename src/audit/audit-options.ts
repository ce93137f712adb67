/** How an audit is asked for. */

import type { CorsContract } from '../contract/contract.js'
import { parseRate } from '../contract/notations.js'
import type { Profile } from '../engines/profiles.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { checkCallOptions, type OwnCheck } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { AuditFindingId } from './audit-report.js'

/** A finding that is accepted, and why. */
export interface BaselineEntry {
  readonly id: AuditFindingId
  /** The path of the audited URL that it is accepted at. @default every path */
  readonly path?: string | undefined
  /** The origin of the finding. @default any origin */
  readonly origin?: string | undefined
  readonly reason: string
}

/** How a URL or an app is audited. */
export interface AuditOptions {
  /** Who may read: origins and patterns such as `https://*.example.com`, or a contract, which has the allowed ones. */
  readonly trusted: readonly string[] | CorsContract
  /** Below the target's own path. @default the target itself */
  readonly path?: string | undefined
  /** Whether every subdomain of the trusted origins' sites may read. @default false */
  readonly allowSubdomains?: boolean | undefined
  /** Whether every port of the trusted origins' hosts may read. @default false */
  readonly allowPorts?: boolean | undefined
  /** Whether everybody may read without cookies. @default false */
  readonly publicApi?: boolean | undefined
  /** Whether to ask also with the special characters that URL parsers let through in a host. @default false */
  readonly thorough?: boolean | undefined
  /** The findings that are accepted: a list, or the path of a JSON file with one. @default none */
  readonly baseline?: string | readonly BaselineEntry[] | undefined
  /** Chooses the random parts of the hostile origins. @default a random one, which the report names */
  readonly seed?: number | undefined
  /** The status that the trusted origins get, where it is an error: 401, 404. */
  readonly status?: number | undefined
  /** Sent with every request, preflights included; a `Cookie` instead of the audit's own, and not with preflights. Always redacted. */
  readonly extraHeaders?: HeadersLike | undefined
  /** The most requests per unit of time: `'4/s'`, `'30/min'`. @default no limit */
  readonly rate?: string | undefined
  /** Milliseconds for each request. @default 4000 */
  readonly timeout?: number | undefined
  /** @default ['chromium', 'firefox', 'webkit'] */
  readonly engines?: readonly Profile[] | undefined
  /** Ends the audit. */
  readonly signal?: AbortSignal | undefined
}

const flag: OwnCheck = ['true or false', (value) => typeof value === 'boolean']

const checks = {
  allowSubdomains: flag,
  allowPorts: flag,
  publicApi: flag,
  thorough: flag,
  seed: ['a whole number', (value) => Number.isInteger(value)],
  status: ['a status such as 404', (value) => Number.isInteger(value)],
  rate: [
    "a rate such as '4/s' or '30/min'",
    (value) => typeof value === 'string' && parseRate(value) !== undefined,
  ],
} satisfies { readonly [Name in keyof AuditOptions]?: OwnCheck }

/** @throws CorsUsageError for an unknown option, or one that is not of its type */
export function checkAuditOptions(options: unknown, where: string): void {
  if (!hasMembers(options) || Array.isArray(options))
    throw new CorsUsageError(
      `${where} needs the trusted origins: { trusted: ['https://app.example.com'] }; got ${describeValue(options)}`,
    )
  const live = ['path', 'extraHeaders', 'engines', 'timeout', 'signal'] as const
  checkCallOptions(options, { own: checks, live, others: ['trusted', 'baseline'] }, where)
}
