/** What a function behind API Gateway or a load balancer of AWS returns: `{ statusCode, headers, multiValueHeaders, cookies }`. */
import type { Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { hasMembers, type Members } from './shape.js'

export const lambdaResponse: Reader = (value) => {
  if (!('statusCode' in value) || !(hasMembers(value.multiValueHeaders) || isCookies(value.cookies)))
    return undefined
  return { client: 'AWS Lambda', status: value.statusCode, lines: linesOf(value), joinsLines: false }
}

/** The lines of both records; one that is in both is sent once. */
function linesOf({ headers, multiValueHeaders, cookies }: Members): Header[] | undefined {
  const single = readLines(headers ?? {})
  const several = readLines(multiValueHeaders ?? {})
  if (single === undefined || several === undefined) return undefined
  const own = single.filter(
    ([name, value]) => !several.some((line) => equalsIgnoringCase(line[0], name) && line[1] === value),
  )
  const set = isCookies(cookies) ? cookies.map((cookie): Header => ['set-cookie', cookie]) : []
  return [...own, ...several, ...set]
}

function isCookies(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((cookie) => typeof cookie === 'string')
}
