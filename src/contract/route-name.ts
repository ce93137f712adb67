/** What may stand for a route: a method in upper case, a blank, a path. */

import { isForbiddenMethod } from '../fetch/methods.js'
import { isSlip, nearest } from '../text/nearest.js'
import { argument, literal } from '../text/shown.js'
import type { Place } from './mistakes.js'
import { commonMethods } from './notations.js'

/** What a path looks like. */
export const PATH = /^\/(?!\/)[^\s?#*{}<>\\]*$/

/** What is wrong with a path: what follows it in a sentence; undefined where nothing is. */
export function pathProblem(path: string): string | undefined {
  const url = URL.canParse(path) ? new URL(path) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:')
    return `is a whole URL; the target is named where it is checked, so write ${argument(url.pathname)}`
  if (!path.startsWith('/')) return `must start with /: ${argument(`/${path}`)}`
  if (path.startsWith('//')) return 'must not start with //, which names another host'
  if (/\s/.test(path)) return 'has white space in it; write %20'
  if (/\/:\w+\?/.test(path)) return 'has an optional parameter; write a route with it and one without'
  if (/\/:\w*[(+]/.test(path)) return 'has an expression after a parameter; write the name alone, /:id'
  if (/\/:(?!\w)/.test(path)) return 'has a parameter without a name; write /:id'
  if (path.includes('?')) return 'has a query in it; write it in query: { name: value }'
  if (path.includes('#')) return 'has a fragment, which no browser sends; leave it out'
  if (path.includes('\\')) return 'has a backslash in it; write /'
  const ours = path.replace(/\/(?:\{(\w+)\}|\[(\w+)\]|<(?:\w+:)?(\w+)>)/g, '/:$1$2$3')
  if (ours !== path) return `has a parameter in brackets; write ${argument(ours)}`
  if (/[*{}<>]/.test(path))
    return 'has a wildcard; name one path that stands for all, or a parameter: /files/:name'
  if (/\/\.\.?(?:\/|$)/.test(path))
    return 'has . or .. in it, which browsers resolve; write the path that they ask for'
  return undefined
}

/** A method in upper case, a blank, a path. */
export const ROUTE = /^[A-Z][A-Z0-9_-]* \/(?!\/)[^\s?#*{}<>\\]*$/

export function checkRouteName(name: string, place: Place): void {
  const problem = routeProblem(name)
  if (problem !== undefined) place.refuseKey(problem)
}

/** What is wrong with the name of a route, or undefined. */
function routeProblem(name: string): string | undefined {
  const [, method = '', path = ''] = /^(\S*)\s*(.*)$/s.exec(name.trim()) ?? []
  const upper = method.toUpperCase()
  if (method === '' || method.startsWith('/') || path === '') {
    const meant = commonMethods.includes(upper)
      ? `${upper} /orders`
      : `GET ${method.startsWith('/') ? method : '/orders'}`
    return `is not a route; write method and path, such as ${argument(meant)}`
  }
  if (!/^[\w-]+$/.test(method) || /^(?:all|any)$/i.test(method))
    return `: ${literal(method)} is not one method; write a route for each, such as ${argument(`GET ${path}`)}`
  if (method !== upper) return `: a method is written in upper case; write ${argument(`${upper} ${path}`)}`
  if (isForbiddenMethod(method)) return `: no page may use ${method}; leave the route out`
  const near = commonMethods.includes(method) ? undefined : nearest(method, commonMethods)
  if (near !== undefined && isSlip(method, near))
    return `: ${method} is not a known method; did you mean ${argument(`${near} ${path}`)}?`
  const problem = pathProblem(path)
  if (problem !== undefined) return `: the path ${problem}`
  return name === `${method} ${path}`
    ? undefined
    : `: write one space between method and path: ${argument(`${method} ${path}`)}`
}
