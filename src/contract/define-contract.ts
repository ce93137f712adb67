/** A contract as it is written in code: checked, and then never changed again. */

import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { checkCoherence } from './coherence.js'
import type { ContractEnvironment, ContractRoute, CorsContract, RouteName } from './contract.js'
import { contractRule } from './contract-rules.js'
import { type ContractSource, contractError, type Mistake, Mistakes, Place } from './mistakes.js'
import { isRecord } from './rule.js'

/** No name is taken from here: TypeScript's own `NoInfer` is younger than the oldest version that the types serve. */
type Known<Name> = [Name][Name extends unknown ? 0 : never]

/** A contract of routes that are known by their names: another one is a mistake in its environments too. */
export interface ContractOf<Name extends RouteName> extends Omit<CorsContract, 'routes' | 'environments'> {
  readonly routes: { readonly [Each in Name]: ContractRoute }
  readonly environments?: Readonly<
    Record<
      string,
      Omit<ContractEnvironment, 'routes'> & {
        readonly routes?: { readonly [Each in Known<Name>]?: ContractRoute }
      }
    >
  >
}

/** What has been checked; it is frozen, so that it stays right. */
const checked = new WeakSet<object>()

/**
 * Declares an API's CORS policy: who may call which route, and how.
 * @returns the contract as plain data that cannot be changed
 * @throws CorsUsageError that tells every mistake, each with its path in the contract and the fix
 */
export function defineCorsContract<Name extends RouteName>(
  contract: ContractOf<Name>,
): CorsContract & { readonly routes: { readonly [Each in Name]: ContractRoute } } {
  return checkContract(contract, { name: 'defineCorsContract()' }) as CorsContract & {
    readonly routes: { readonly [Each in Name]: ContractRoute }
  }
}

/**
 * Checks what is to be a contract, from wherever it came.
 * @param found what is wrong with it already; with a document that cannot be read there is nothing else to say
 * @throws CorsUsageError that tells every mistake
 */
export function checkContract(
  document: unknown,
  source: ContractSource,
  found: readonly Mistake[] = [],
): CorsContract {
  if (typeof document === 'object' && document !== null && checked.has(document))
    return document as CorsContract
  const mistakes = new Mistakes()
  for (const mistake of found) mistakes.add(mistake)
  if (document !== undefined || found.length === 0) {
    const root = new Place(mistakes)
    const plain = plainCopy(document, root, [])
    contractRule.check(plain, root)
    checkCoherence(plain, mistakes.all, root)
    if (mistakes.all.length === 0) {
      const contract = frozen(withoutOthers(plain as Record<string, unknown>)) as CorsContract
      checked.add(contract)
      return contract
    }
  }
  throw contractError(mistakes.all, source)
}

/** Data alone: what is undefined is left out, and what has headers in it is a list of them. What is not data stays, to be refused. */
function plainCopy(value: unknown, place: Place, above: readonly unknown[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) {
    place.refuse('contains itself; write it as plain data')
    return undefined
  }
  const within = [...above, value]
  if (Array.isArray(value)) return value.map((item, index) => plainCopy(item, place.at(index), within))
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, plainCopy(member, place.at(key), within)]),
    )
  const last = place.path.at(-1)
  return last === 'headers' || last === 'extraHeaders' ? headerPairs(value) : value
}

/** Of a `Headers` object or a `Map` the pairs. */
function headerPairs(value: object): unknown {
  if (typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') return value
  try {
    return readHeaders(value as HeadersLike).map(([name, text]) => [name, text])
  } catch {
    return value
  }
}

/** Without what is only there for editors and anchors. */
function withoutOthers(contract: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(contract).filter(([key]) => key !== '$schema' && !key.startsWith('x-')),
  )
}

/** Frozen all the way down, as far as it is data: a `Blob` stays as it is. */
function frozen(value: unknown): unknown {
  if (!Array.isArray(value) && !isRecord(value)) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
