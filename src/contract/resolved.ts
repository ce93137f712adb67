/** A contract as it is checked: for one environment, every default applied, every pattern with its example. Plain data. */

import type { CorsBody } from '../fetch/body.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'

/** An origin that is asked with. */
export interface ResolvedOrigin {
  /** A serialized origin. */
  readonly origin: string
  /** The pattern it stands for. */
  readonly pattern?: string
}

/** One way to send a route's request. */
export interface ResolvedRequest {
  /** The status it must provoke; undefined where any will do. */
  readonly status: number | undefined
  /** Path with the parameters filled in, and the query. */
  readonly path: string
  /** The path alone, with the values of secret parameters replaced. */
  readonly shownPath: string
  /** Values of what is called a secret: parameters, query, headers of the page. */
  readonly secrets: readonly string[]
  readonly headers: HeadersLike
  readonly extraHeaders: HeadersLike
  /** Names of headers that are left out, in lower case: of those that come from elsewhere, too. */
  readonly without: readonly string[]
}

export interface ResolvedRoute {
  /** `PUT /orders/:id`, as the contract calls it. */
  readonly name: string
  readonly method: string
  readonly allow: '*' | readonly ResolvedOrigin[]
  readonly deny: readonly ResolvedOrigin[]
  readonly credentials: RequestCredentials
  readonly body: CorsBody
  readonly exposes: readonly string[]
  readonly maxAge: number | undefined
  /** Requests in a second; undefined where nothing limits them. */
  readonly rate: number | undefined
  /** Whether the request itself may be sent: its method changes nothing, or the route says `send`. */
  readonly sends: boolean
  /** At least one. */
  readonly requests: readonly ResolvedRequest[]
}

export interface ResolvedContract {
  readonly routes: readonly ResolvedRoute[]
}
