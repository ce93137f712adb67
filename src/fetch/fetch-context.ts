/** What a fetch leaves behind and draws on beside its request. */
import type { Deviations } from './deviations.js'
import type { PreflightSubject } from './preflight.js'
import type { PreflightCache } from './preflight-cache.js'
import type { UnsafeHeader } from './request-headers.js'
import type { Warning } from './warning.js'

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
  readonly warnings: Warning[]
  /** Filled in for the first hop: why a preflight is due, empty where none is. */
  preflightReasons: readonly PreflightReason[] | null
  /** The first hop's preflight, where one is due, also when the cache spares it. */
  preflight: PreflightSubject | null
}
