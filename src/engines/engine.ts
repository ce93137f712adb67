/** What there is to decide for an engine: the compiler asks every profile for all of it. */
import { type Deviations, noDeviations } from '../fetch/deviations.js'
import type { Failure } from '../fetch/failure.js'

export interface Engine {
  /** What it is called in a sentence. */
  readonly name: string
  /** What it says of itself and of its user, where a page does not. */
  readonly userAgent: string
  readonly languages: string
  /** Where it departs from the Fetch Standard. */
  readonly deviations: Deviations
  readonly cookies: CookiePolicy
  readonly errors: ScriptErrors
  /** Whose words its console uses; null where it has none. */
  readonly console: 'chromium' | 'firefox' | 'webkit' | null
}

/** What an engine does with cookies by default. */
export interface CookiePolicy {
  /** Whether a cookie without `SameSite` counts as `Lax`. */
  readonly laxByDefault: boolean
  /** Whether http and https of one site are two sites. */
  readonly schemeful: boolean
  /** Whether a cross-site redirect on the way makes a request cross-site: never, always, or unless it came back to the page's own host. */
  readonly countsRedirects: 'never' | 'always' | 'but-own-host'
  /** Whether a redirect to another scheme counts as cross-site, where redirects count. */
  readonly countsSchemeChanges: boolean
  /** Where cookies of cross-site requests live: with all others, in a jar of their own for each page's site, or nowhere. */
  readonly thirdParty: 'shared' | 'partitioned' | 'none'
  /** Whether only the page's own host may set `Lax` and `Strict` cookies. */
  readonly sameSiteOnlyFromOwnHost: boolean
  /** Whether a frame with an opaque origin is cross-site to everything. */
  readonly opaqueIsCrossSite: boolean
  /** The most bytes that a cookie's name and value may come to together. */
  readonly largest: number
  /** Whether a cookie that is `Partitioned` has to be `Secure`. */
  readonly partitionedNeedsSecure: boolean
}

/** Where a script's call failed. */
export type ScriptCall = 'fetch' | 'Request' | 'sendBeacon'

/** What an engine's script sees when a request fails. */
export interface ScriptErrors {
  /** The message of the `TypeError` that `fetch` rejects with for any network error. */
  readonly networkError: string
  /** The message of the error that the API throws for a mistake in the call. */
  callError(failure: Failure, site: ScriptCall, what: { method: string; url: string; mode: string }): string
}

/** What an engine does differently, section by section. */
type Differences = { readonly [Section in keyof Deviations]?: Partial<Deviations[Section]> }

/** The switches of an engine: those of `base`, the standard's unless another engine's are given, but for `differences`. */
export function deviate(differences: Differences, base: Deviations = noDeviations): Deviations {
  const sections = Object.entries(base).map(([section, switches]) => [
    section,
    { ...switches, ...differences[section as keyof Deviations] },
  ])
  return Object.fromEntries(sections) as Deviations
}
