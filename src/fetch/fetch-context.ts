/** What a fetch leaves behind and draws on beside its request. */
import type { Deviations } from './deviations.js'
import type { Logins } from './http-authentication.js'
import type { PreflightedRequest } from './preflight.js'
import type { PreflightCache } from './preflight-cache.js'
import type { UnsafeHeader } from './request-headers.js'

/** Why a request is preflighted: each reason on its own. */
export type PreflightReason =
  | { readonly kind: 'method'; readonly method: string }
  | {
      readonly kind: 'header'
      readonly name: string
      /** As the page spelt it. */
      readonly spelling: string
      readonly value: string
      readonly reason: UnsafeHeader['reason']
    }
  | { readonly kind: 'upload-listener' }
  | { readonly kind: 'stream-body' }
  /** An engine that preflighted the request before a redirect does so again after it. */
  | { readonly kind: 'redirect' }

export interface FetchContext {
  readonly deviations: Deviations
  readonly cache?: PreflightCache | undefined
  /** `1.1` refuses stream bodies. */
  readonly httpVersion?: '1.1' | '2' | '3' | undefined
  /** The browser's logins. Where they are given, what is sent is asked anew each time; otherwise a response is all that there is. */
  readonly logins?: Logins | undefined
  /** Whether whoever sends has an HTTP cache at hand. */
  readonly hasHttpCache?: boolean
  readonly warnings: Warning[]
  /** Filled in for the first hop: why a preflight is due, empty where none is. */
  preflightReasons: readonly PreflightReason[] | null
  /** The first hop's preflight, where one is due, also when the cache spares it. */
  preflight: PreflightedRequest | null
}

/** Where an engine lets something through that the Fetch Standard refuses. */
export interface Warning {
  readonly code: /** Every engine lets `*` in `Access-Control-Allow-Headers` cover `Authorization`; the standard does not. */
    | 'wildcard-does-not-cover-authorization'
    /** This engine sends no preflight where the standard asks for one. */
    | 'standard-requires-preflight'
    /** This engine drops an empty duplicate line that the standard combines into the value. */
    | 'empty-duplicate-line'
  /** The header concerned. */
  readonly header?: string
  readonly value?: string
  /** The section of the standard that is stricter. */
  readonly section: string
}

/** Adds a warning, once for each code and header. */
export function warn(warnings: Warning[], warning: Warning): void {
  for (const { code, header } of warnings) if (code === warning.code && header === warning.header) return
  warnings.push(warning)
}
