/** Texts of a contract in a notation of their own: routes, paths with parameters, rates. */

import { isSecretHeader, REDACTED } from '../text/redact.js'

/** Methods that have a name of their own, for a misspelt one. */
export const commonMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Method and path of a route: `PUT /orders/:id`. */
export function splitRoute(name: string): { readonly method: string; readonly path: string } {
  const blank = name.indexOf(' ')
  return { method: name.slice(0, blank), path: name.slice(blank + 1) }
}

const PARAMETER = /\/:([A-Za-z_]\w*)/g

/** The names of a path's parameters: `id` of `/orders/:id`. A colon within a segment is itself. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(PARAMETER)].map(([, name]) => name as string)
}

/** What routes that differ in the names of their parameters have in common. */
export function routeShape(name: string): string {
  return name.replace(PARAMETER, '/:')
}

/**
 * The paths that a template stands for, as URLs have them.
 * @returns `rank` sorts a template before those that are less definite: `/orders/new` before `/orders/:id`
 */
export function pathExpression(template: string): { readonly path: RegExp; readonly rank: string } {
  const { pathname } = new URL(template, 'http://localhost')
  const [, ...segments] = pathname.split('/')
  const parts = segments.map((segment) => {
    const [parameter = '', rest = segment] = /^:[A-Za-z_]\w*(.*)$/s.exec(segment) ?? []
    return parameter === ''
      ? { source: literally(rest), rank: 0 }
      : { source: `[^/]+${literally(rest)}`, rank: rest === '' ? 2 : 1 }
  })
  return {
    path: new RegExp(`^${parts.map(({ source }) => `/${source}`).join('')}$`),
    rank: parts.map(({ rank }) => rank).join(''),
  }
}

/** The source of an expression for a text itself. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** A path with its parameters filled in, and the query. */
export function fillPath(
  path: string,
  params: Readonly<Record<string, string | number>>,
  query: Readonly<Record<string, string | number>>,
): string {
  const filled = path.replace(PARAMETER, (whole, name: string) =>
    Object.hasOwn(params, name) ? `/${encodeURIComponent(params[name] as string | number)}` : whole,
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) search.append(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}

/** A path with its parameters filled in, as it may be shown: `/reset/[redacted]` of `/reset/:token`. */
export function shownPath(path: string, params: Readonly<Record<string, string | number>>): string {
  const shown = Object.entries(params).map(([name, value]) => [name, isSecretHeader(name) ? REDACTED : value])
  return fillPath(path, Object.fromEntries(shown), {}).replaceAll(encodeURIComponent(REDACTED), REDACTED)
}

/** How many requests: `4/s`, `30/min`, `1000/h`. */
export const RATE = /^(?![0.]+\/)(\d+(?:\.\d+)?)\/(s|min|h)$/

const SECONDS = { s: 1, min: 60, h: 3600 } as const

/** Requests in a second, or undefined for a text that says no rate. */
export function parseRate(text: string): number | undefined {
  const [, amount, unit] = RATE.exec(text) ?? []
  const rate = Number(amount) / SECONDS[unit as keyof typeof SECONDS]
  return rate > 0 ? rate : undefined
}
