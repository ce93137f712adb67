import type { Profile } from '../engines/profiles.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import type { CorsRequest } from './cors-request.js'
import { evaluateCors } from './evaluate-cors.js'

/**
 * The CORS-preflight request that a browser sends before `request`, or null where it sends none.
 *
 * @param engine default `standard`
 * @throws CorsUsageError as {@link evaluateCors}
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 * @example
 * corsPreflightRequest({ origin: 'https://app.example.com', url: 'https://api.example.com/orders', method: 'PUT' })
 * // { method: 'OPTIONS', url: 'https://api.example.com/orders', headers: [['Accept', …], ['Access-Control-Request-Method', 'PUT'], ['Origin', …]] }
 */
export function corsPreflightRequest(request: CorsRequest, engine: Profile = 'standard'): RequestHead | null {
  return evaluateCors({ request, engine }).preflight.request ?? null
}
