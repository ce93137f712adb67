/** Header names that look like a CORS header but are not. */
import type { HeaderList } from '../fetch/header-list.js'

/** The headers of CORS that a response may have. */
export const corsResponseHeaders = [
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
] as const

export type CorsResponseHeader = (typeof corsResponseHeaders)[number]

const KNOWN: ReadonlySet<string> = new Set(
  [
    ...corsResponseHeaders,
    'Allow',
    'Access-Control-Allow-Private-Network',
    'Access-Control-Allow-Local-Network',
  ].map((name) => name.toLowerCase()),
)

/**
 * The name in a response that was probably meant to be `header`, as it is spelt there; undefined where there is none.
 * @example misspeltAs([['Access-Control-Allow-Origins', '*']], 'Access-Control-Allow-Origin') // 'Access-Control-Allow-Origins'
 */
export function misspeltAs(lines: HeaderList, header: string): string | undefined {
  const wanted = skeleton(header)
  for (const [name] of lines) {
    const lower = name.toLowerCase()
    if (KNOWN.has(lower) || !/origin|allow|access|cors|expose|credential/.test(lower)) continue
    const found = skeleton(name)
    if (found === wanted || isOneEditApart(found, wanted)) return name
  }
  return undefined
}

/** What a name comes to without the parts people forget, double or misplace: `accesscontrol`, separators, a plural. */
function skeleton(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/^x(?=access|allow|cors)/, '')
    .replace(/^(access)?(control|cross)?/, '')
    .replace(/^cors/, '')
    .replace(/s$/, '')
}

/** Whether two words differ by one letter added, lost, changed or two swapped. */
export function isOneEditApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const restA = a.slice(start, endA)
  const restB = b.slice(start, endB)
  if (restA.length <= 1 && restB.length <= 1) return true
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0]
}
