/** What holds for a route in an environment: whatever says it nearest. */

import type { Header } from '../fetch/header-list.js'
import { readHeaders } from '../fetch/headers-init.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { isSafeMethod } from '../fetch/methods.js'
import type {
  ContractDefaults,
  ContractOrigin,
  ContractOrigins,
  ContractRoute,
  CorsContract,
} from './contract.js'
import type { DocumentPath } from './mistakes.js'
import { splitRoute } from './notations.js'
import { type OriginPattern, parsePattern } from './origin-pattern.js'
import { isRecord } from './rule.js'

/** Something that is said, and where. */
export interface Said<T> {
  readonly value: T
  readonly path: DocumentPath
  /** How far from the route: the least is nearest. */
  readonly distance: number
  /** Whether the route itself says it, here or in the environment. */
  readonly own: boolean
}

interface Layer<T> {
  readonly from: T | undefined
  readonly path: DocumentPath
  readonly own: boolean
}

/** A contract as it is in one environment, or without any. */
export class EffectiveContract {
  readonly routes: readonly string[]
  readonly #contract: CorsContract
  readonly #environment: NonNullable<CorsContract['environments']>[string]
  readonly #environmentPath: DocumentPath

  constructor(contract: CorsContract, environment?: string) {
    this.#contract = contract
    this.routes = Object.keys(contract.routes)
    this.#environmentPath = environment === undefined ? [] : ['environments', environment]
    this.#environment = (environment === undefined ? undefined : contract.environments?.[environment]) ?? {}
  }

  /** What a route says itself, its environment first. */
  ofRoute<K extends keyof ContractRoute>(
    route: string,
    key: K,
  ): Said<NonNullable<ContractRoute[K]>> | undefined {
    return nearestOf(this.#routeLayers(route), key)
  }

  /** What holds for a route: its own, or the defaults. */
  said<K extends keyof ContractDefaults>(
    route: string,
    key: K,
  ): Said<NonNullable<ContractDefaults[K]>> | undefined {
    const layers: Layer<ContractDefaults>[] = [
      ...this.#routeLayers(route),
      {
        from: this.#environment.defaults,
        path: [...this.#environmentPath, 'defaults'],
        own: false,
      },
      { from: this.#contract.defaults, path: ['defaults'], own: false },
    ]
    return nearestOf(layers, key)
  }

  /** Whether the request itself is sent: its method changes nothing, or the route says so. */
  isSent(route: string): boolean {
    return isSafeMethod(splitRoute(route).method) || this.said(route, 'send')?.value === true
  }

  /** The body that a route has as data, in the text that is sent. */
  jsonOf(route: string): string | undefined {
    const body = this.ofRoute(route, 'body')?.value
    return isRecord(body) || Array.isArray(body) ? JSON.stringify(body) : undefined
  }

  /** What a page's script sets on a route, the type of a body that is data too. */
  pageHeadersOf(route: string): readonly Header[] {
    const own = readHeaders(this.said(route, 'headers')?.value)
    const hasType = own.some(([name]) => byteLowercase(name) === 'content-type')
    return this.jsonOf(route) === undefined || hasType ? own : [...own, ['content-type', 'application/json']]
  }

  extraHeadersOf(route: string): readonly Header[] {
    return readHeaders(this.said(route, 'extraHeaders')?.value)
  }

  /** Who is allowed or denied on a route. */
  origins<K extends keyof ContractOrigins>(
    route: string,
    key: K,
  ): Said<NonNullable<ContractOrigins[K]>> | undefined {
    const own = this.#routeLayers(route).map(
      ({ from, path }): Layer<ContractOrigins> => ({
        from: from?.origins,
        path: [...path, 'origins'],
        own: true,
      }),
    )
    return nearestOf([...own, ...this.#originLayers()], key)
  }

  /** Who is allowed where a route says nothing itself. */
  generalAllow(): '*' | readonly ContractOrigin[] {
    return nearestOf(this.#originLayers(), 'allow')?.value ?? []
  }

  #routeLayers(route: string): Layer<ContractRoute>[] {
    const of = (routes: Readonly<Record<string, ContractRoute>> | undefined): ContractRoute | undefined =>
      routes !== undefined && Object.hasOwn(routes, route) ? routes[route] : undefined
    return [
      {
        from: of(this.#environment.routes),
        path: [...this.#environmentPath, 'routes', route],
        own: true,
      },
      { from: of(this.#contract.routes), path: ['routes', route], own: true },
    ]
  }

  #originLayers(): Layer<ContractOrigins>[] {
    return [
      { from: this.#environment.origins, path: [...this.#environmentPath, 'origins'], own: false },
      { from: this.#contract.origins, path: ['origins'], own: false },
    ]
  }
}

function nearestOf<T extends object, K extends keyof T>(
  layers: readonly Layer<T>[],
  key: K,
): Said<NonNullable<T[K]>> | undefined {
  for (const [distance, { from, path, own }] of layers.entries()) {
    const value = from?.[key]
    if (value !== undefined && value !== null) return { value, path: [...path, key as string], distance, own }
  }
  return undefined
}

/** An origin or a pattern of a list, read. */
export class OriginEntry {
  /** As it is written. */
  readonly text: string
  readonly pattern: OriginPattern | undefined
  readonly #example: string | undefined

  constructor(entry: ContractOrigin) {
    this.text = typeof entry === 'string' ? entry : entry.pattern
    this.#example = typeof entry === 'string' ? undefined : entry.example
    const pattern = this.text.includes('*') ? parsePattern(this.text) : undefined
    this.pattern = typeof pattern === 'string' ? undefined : pattern
  }

  covers(origin: string): boolean {
    return this.pattern === undefined ? this.text === origin : this.pattern.matches(origin)
  }

  /** The origin to ask with: itself, the example that was given, or the first derived one that is not taken. */
  origin(isTaken: (origin: string) => boolean): string | undefined {
    if (this.pattern === undefined) return this.text
    return this.#example ?? this.pattern.examples.find((example) => !isTaken(example))
  }
}
