/** What an app in this process looks like. */
import type { AddressInfo } from 'node:net'

/** A server of `node:http` or `node:https`; recognised by shape. */
export interface HttpServerLike {
  readonly listening: boolean
  address(): AddressInfo | string | null
  emit(event: string, ...args: unknown[]): boolean
}

/** What `{ fetch }` objects and bare handlers do. */
export type FetchHandler = (request: Request) => Response | Promise<Response>
