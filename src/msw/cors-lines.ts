/** What a response says of CORS. */

import type { AppliedPolicy } from '../contract/applied-policy.js'
import { variesOnOrigin } from '../diagnose/vary.js'
import type { Header } from '../fetch/header-list.js'

/** CORS headers, and whether another origin may get others. */
export interface CorsLines {
  readonly lines: readonly Header[]
  readonly varies: boolean
}

/** @see https://fetch.spec.whatwg.org/#http-responses */
export function linesOfPreflight({ grant, varies }: AppliedPolicy): CorsLines {
  if (grant === undefined) return { lines: [], varies }
  const { methods, headers, maxAge } = grant
  const lines = originLines(grant)
  if (methods.length > 0) lines.push(['Access-Control-Allow-Methods', methods.join(', ')])
  if (headers.length > 0) lines.push(['Access-Control-Allow-Headers', headers.join(', ')])
  if (maxAge !== undefined) lines.push(['Access-Control-Max-Age', String(maxAge)])
  return { lines, varies }
}

/** @see https://fetch.spec.whatwg.org/#http-responses */
export function responseLines({ grant, varies }: AppliedPolicy): CorsLines {
  if (grant === undefined) return { lines: [], varies }
  const lines = originLines(grant)
  if (grant.exposes.length > 0) lines.push(['Access-Control-Expose-Headers', grant.exposes.join(', ')])
  return { lines, varies }
}

function originLines({ origin, credentials }: NonNullable<AppliedPolicy['grant']>): Header[] {
  const lines: Header[] = [['Access-Control-Allow-Origin', origin]]
  if (credentials) lines.push(['Access-Control-Allow-Credentials', 'true'])
  return lines
}

/** Writes CORS headers in place of those that are there. */
export function writeLines(headers: Headers, { lines, varies }: CorsLines): void {
  for (const name of [...headers.keys()]) if (/^access-control-/i.test(name)) headers.delete(name)
  for (const [name, value] of lines) headers.set(name, value)
  if (varies && !variesOnOrigin([...headers])) headers.append('Vary', 'Origin')
}
