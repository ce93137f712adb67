import { argument, row } from '../../text/shown.js'
import type { MatcherContext } from './context.js'

/** Options that may be secret or long. */
const HIDDEN = new Set(['headers', 'extraHeaders', 'body'])

/**
 * A matcher's call with its arguments. Headers and bodies are left out.
 * @example describeCall({ isNot: true }, 'toAllowMethod', ['PUT', { path: '/a', headers: {} }])
 * // "expect(…).not.toAllowMethod('PUT', { path: '/a', headers: … })"
 */
export function describeCall(context: MatcherContext, name: string, args: readonly unknown[]): string {
  const promise = context.promise ? `.${context.promise}` : ''
  const not = context.isNot === true ? '.not' : ''
  return `expect(…)${promise}${not}.${name}(${row(args.map(given))})`
}

function given(value: unknown): string {
  if (Array.isArray(value)) return `[${row(value.map(scalar))}]`
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (Object.getPrototypeOf(value) !== Object.prototype) return '…'
  const entries = Object.entries(value).map(
    ([key, entry]) => `${key}: ${HIDDEN.has(key) ? '…' : scalar(entry)}`,
  )
  return entries.length === 0 ? '{}' : `{ ${row(entries)} }`
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return argument(value)
  return typeof value === 'object' || typeof value === 'function' ? '…' : String(value)
}
