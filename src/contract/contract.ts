/** A CORS contract: an API's policy as plain data, which front end and back end share. */

import type { CorsBody } from '../fetch/body.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'

/** An origin, or a pattern with the origin that stands for it where the derived one would not do. */
export type ContractOrigin = string | { readonly pattern: string; readonly example: string }

/** Who may call, and who may not. */
export interface ContractOrigins {
  /**
   * Exact origins, and patterns: `https://*.example.com`, `http://localhost:*`. `'*'` is any origin; with an empty list no page may call.
   * @default the contract's own
   */
  readonly allow?: '*' | readonly ContractOrigin[]
  /** @default a stranger's origin, and `null` */
  readonly deny?: readonly ContractOrigin[]
}

/** How a status is provoked: what differs from the route's own request. */
export interface ContractStatus {
  /** Names of request headers (`extraHeaders` too) that are left out. */
  readonly without?: readonly string[]
  readonly params?: Readonly<Record<string, string | number>>
  /** Instead of the route's path. */
  readonly path?: string
  readonly query?: Readonly<Record<string, string | number>>
  readonly headers?: HeadersLike
  readonly extraHeaders?: HeadersLike
}

/** A body that is sent as JSON text, with `content-type: application/json` unless the headers say another. */
export type ContractJson = readonly unknown[] | { readonly [key: string]: unknown }

/** A method in upper case and a path: `PUT /orders/:id`. */
export type RouteName = `${Uppercase<string>} /${string}`

/** What may be said for every route at once. */
export interface ContractDefaults {
  /** @default 'omit' */
  readonly credentials?: RequestCredentials
  /** What a page's script sets: a `HeadersInit`, or names alone. */
  readonly headers?: HeadersLike
  /** Sent with every request, never judged, always redacted: the token of a staging gate. */
  readonly extraHeaders?: HeadersLike
  /** Response headers that a page's script must be able to read. */
  readonly exposes?: readonly string[]
  /** Seconds for which browsers must be able to cache the preflight response. */
  readonly maxAge?: number
  /** The statuses that the policy must hold on, each with how to provoke it. Without them any status will do. */
  readonly statuses?: Readonly<Record<number, ContractStatus>>
  /** The maximum rate of requests: `'4/s'`, `'30/min'`. */
  readonly rate?: string
  /** Whether a method that changes state is really sent, and not judged by its preflight alone. @default false */
  readonly send?: boolean
}

/** One route's policy. */
export interface ContractRoute extends ContractDefaults {
  /** Where it differs from the contract's. */
  readonly origins?: ContractOrigins
  /** Values of the path's parameters: `{ id: '1' }` for `/orders/:id`. */
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: CorsBody | ContractJson
}

/** What differs in one environment; said once more, a thing replaces what the contract says. */
export interface ContractEnvironment {
  readonly origins?: ContractOrigins
  readonly defaults?: ContractDefaults
  readonly routes?: Readonly<Record<RouteName, ContractRoute>>
}

/** See {@link defineCorsContract}. */
export interface CorsContract {
  readonly origins: ContractOrigins
  readonly defaults?: ContractDefaults
  /** By method and path: `'PUT /orders/:id'`. */
  readonly routes: Readonly<Record<RouteName, ContractRoute>>
  /** By the name of a target, or of `environment`. */
  readonly environments?: Readonly<Record<string, ContractEnvironment>>
}
