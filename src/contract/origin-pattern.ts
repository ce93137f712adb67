/** Patterns of origins, `https://*.example.com` and `http://localhost:*`: what they match, and an origin that stands for one. */

import { parseOrigin } from '../fetch/origin.js'
import { argument } from '../text/shown.js'
import { literally } from './notations.js'

export interface OriginPattern {
  readonly text: string
  matches(origin: string): boolean
  /** Origins that stand for it, the best first. */
  readonly examples: readonly string[]
}

/** What is put for a `*`, in turn: nothing that a server's own list is likely to have. */
const LABELS = ['x', 'y', 'z']
const PORTS = ['12345', '23456', '34567']

const PARTS = /^([^:/]*):\/\/(\[[^\]]*\]|[^/?#:@]*)(?::([^/?#]*))?(.*)$/s
/** A label that stands in for `*` while the rest is parsed. */
const STAND_IN = 'expect-cors-label'

/** Reads a pattern, or says what is wrong with it: what follows it in a sentence. */
export function parsePattern(text: string): OriginPattern | string {
  const [, scheme = '', host = '', port] = PARTS.exec(text) ?? []
  if (/[\\^$()|+]|\/\.\*/.test(text))
    return "is an expression, and a pattern has * alone; write it like 'https://*.example.com'"
  const problem = problemOf(scheme, host, port)
  if (problem !== undefined) return problem
  const fill = (label: string, number: string): string =>
    `${scheme}://${host.replace('*', label)}${port === undefined ? '' : `:${port.replace('*', number)}`}${PARTS.exec(text)?.[4] ?? ''}`
  const parsed = parseOrigin(fill(STAND_IN, '12345'))
  if (parsed.kind === 'invalid') {
    if (parsed.canonical === undefined)
      return "is not a pattern of origins; write it like 'https://*.example.com' or 'http://localhost:*'"
    const canonical = parsed.canonical.replace(STAND_IN, '*')
    return `is not in the form that browsers send; write ${argument(port === '*' ? canonical.replace(':12345', ':*') : canonical)}`
  }
  const expression = new RegExp(
    `^${literally(`${scheme}://`)}${hostExpression(host)}${port === '*' ? '(?::[0-9]+)?' : literally(port === undefined ? '' : `:${port}`)}$`,
  )
  return {
    text,
    matches: (origin) => expression.test(origin),
    examples: LABELS.map((label, index) => fill(label, PORTS[index] as string)),
  }
}

function problemOf(scheme: string, host: string, port: string | undefined): string | undefined {
  const [label = '', ...others] = host.split('.')
  if (scheme === '') return "has no scheme; write it like 'https://*.example.com'"
  if (scheme.includes('*')) return 'has a pattern for a scheme: list the origin with each scheme'
  if (host.startsWith('[') && host.includes('*')) return 'has a * in an address; list the addresses'
  if (host === '*')
    return "is any host: write allow: '*' for any origin, or name the domain: 'https://*.example.com'"
  if (others.join('').includes('*'))
    return `has a * that is not in the first label of its host; write it like ${argument(`${scheme}://*.${host.replace(/^.*\*\.?/, '') || 'example.com'}`)}`
  if (label.split('*').length > 2)
    return `has more than one * in its host: one stands for any number of labels`
  if (port?.includes('*') === true && port !== '*')
    return 'has a pattern within its port: write the port, or * alone'
  if (label.includes('*') && label !== '*' && others.length < 2)
    return `also matches ${argument(`${scheme}://${host.replace('*', 'evil')}`)}, which is another site; write ${argument(`${scheme}://*.${host.replace('*', '').replace(/^[.-]/, '')}`)}`
  return undefined
}

/** A `*` alone is any number of labels, as servers have it; within a label it is some of that label's characters. */
function hostExpression(host: string): string {
  const label = '[a-z0-9_-]+'
  return literally(host).replace(/^([^.]*)\\\*/, (_, before: string) =>
    before === '' && host.startsWith('*.') ? `${label}(?:\\.${label})*` : `${before}${label}`,
  )
}
