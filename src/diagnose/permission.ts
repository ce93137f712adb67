/** What a preflight response permits, what it refuses of what was asked, and what its lists have to name. */
import {
  containsHeader,
  extractHeaderListValues,
  type Header,
  type HeaderList,
  headerLines,
} from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import { isOkStatus } from '../fetch/redirect.js'
import { type BlockedCase, judgedWithCredentials } from './case.js'
import { namesOrigin } from './vary.js'

/** A list header as it was received. */
export interface PermittedList {
  /** What it names, as far as that can be made out. */
  readonly names: readonly string[]
  /** Whether it was read whole, does not parse, or is not known. */
  readonly state: 'read' | 'spoilt' | 'unknown'
  /** What of the things asked for it does not cover. */
  readonly missing: readonly string[]
  /** What it has to name: what it does, and what is missing. */
  readonly needed: readonly string[]
}

/** The methods that the response to the preflight lists; GET, HEAD and POST need no listing, and are never missing. */
export function permittedMethods(found: BlockedCase): PermittedList {
  const asked = found.asked.methods.filter((method) => !isCorsSafelistedMethod(method))
  return permittedList(found, 'Access-Control-Allow-Methods', asked, (item, name) => item === name)
}

/** The request headers that the response to the preflight lists. */
export function permittedHeaders(found: BlockedCase): PermittedList {
  return permittedList(found, 'Access-Control-Allow-Headers', found.asked.headers, equalsIgnoringCase)
}

/**
 * The name that a page spelt in its own way where the server has it: `patch` for `PATCH`. Only the page can fix that, because only a few methods
 * are put in upper case.
 */
export function listedInAnotherCase(list: PermittedList, method: string): string | undefined {
  return list.names.find((item) => item !== method && equalsIgnoringCase(item, method))
}

/** Whether the page's spelling is what keeps each refused method out, so that no header of the server is wrong. */
export function isSpeltByPage(found: BlockedCase): boolean {
  if (found.code !== 'method-not-allowed') return false
  const list = permittedMethods(found)
  return (
    list.missing.length > 0 &&
    list.missing.every((method) => method !== method.toUpperCase() && listedInAnotherCase(list, method))
  )
}

/** The lines of the response to the preflight, where they are known. */
export function preflightLines(found: BlockedCase): HeaderList | undefined {
  if (found.blockedAt === 'preflight') return found.lines
  return found.exchanges.findLast(({ kind }) => kind === 'preflight')?.response.headers
}

/** Routers respond to OPTIONS by themselves where nothing else does: with the methods they know, and nothing about origins. */
export function isFromRouter({ code, blockedAt, status, lines }: BlockedCase): boolean {
  return (
    code === 'missing-allow-origin' &&
    blockedAt === 'preflight' &&
    isOkStatus(status ?? 0) &&
    lines !== undefined &&
    containsHeader(lines, 'allow') &&
    !lines.some(([name]) => /^access-control-/i.test(name)) &&
    !namesOrigin(lines)
  )
}

function permittedList(
  found: BlockedCase,
  header: string,
  asked: readonly string[],
  equal: (item: string, name: string) => boolean,
): PermittedList {
  const { names, state } = listedNames(found, header)
  const credentials = judgedWithCredentials(found)
  const covered = (name: string): boolean =>
    names.some(
      (item) =>
        equal(item, name) || (item === '*' && !credentials && !equalsIgnoringCase(name, 'authorization')),
    )
  const missing = asked.filter((name) => !covered(name))
  // `put` stands for PUT and goes; PATCH stays where a page asks for `patch`, for others may ask for it.
  const kept = names.filter((item) => (item !== '*' || !credentials) && !missing.includes(item.toUpperCase()))
  return { names, state, missing, needed: [...new Set([...kept, ...missing])] }
}

function listedNames(found: BlockedCase, header: string): Pick<PermittedList, 'names' | 'state'> {
  const lines = preflightLines(found)
  if (lines !== undefined) {
    const { values } = extractHeaderListValues(lines, header)
    if (values === 'failure') return { names: parsable(headerLines(lines, header)), state: 'spoilt' }
    return { names: values ?? [], state: 'read' }
  }
  const { code, value } = found.verdict
  if (found.verdict.header !== header || typeof value !== 'string') return { names: [], state: 'unknown' }
  const isSpoilt = code === 'invalid-allow-methods' || code === 'invalid-allow-headers'
  return { names: parsable([value]), state: isSpoilt ? 'spoilt' : 'read' }
}

/** What can be made out of a list, whatever it was separated by. */
export function parsable(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const { values } = extractHeaderListValues(
      line.split(/[\s,;]+/).map((item): Header => ['x', item.replace(/^["']|["']$/g, '')]),
      'x',
    )
    return values === 'failure' || values === null ? [] : [...values]
  })
}
