/** Reading and writing `Vary`, and what it is to tell apart. @see https://httpwg.org/specs/rfc9110.html#field.vary */
import { decodeAndSplit, getHeader, type HeaderList, headerLines } from '../fetch/header-list.js'
import { equalsIgnoringCase, isToken } from '../fetch/http-tokens.js'

/** What `Vary` names, all its lines together. */
export function varyNames(headers: HeaderList): string[] {
  return headerLines(headers, 'vary')
    .flatMap(decodeAndSplit)
    .filter((name) => name !== '')
}

/** Whether `Vary` names a request header. */
export function varies(headers: HeaderList, header: string): boolean {
  return varyNames(headers).some((name) => equalsIgnoringCase(name, header))
}

/** Whether `Vary` names `Origin`, so that whoever sent it has looked at the origin. */
export function namesOrigin(headers: HeaderList): boolean {
  return varies(headers, 'origin')
}

/** Whether caches keep the responses to different origins apart: `Vary` names `Origin`, or is `*`. */
export function variesOnOrigin(headers: HeaderList): boolean {
  return namesOrigin(headers) || varies(headers, '*')
}

/** The value with `Origin` added to what is named already. */
export function varyWithOrigin(headers: HeaderList): string {
  return [...varyNames(headers).filter(isToken), 'Origin'].join(', ')
}

/** What a response says to pages of who may read what of it, in one value. */
export function corsPolicy(headers: HeaderList): string {
  return JSON.stringify(POLICY.map((name) => getHeader(headers, name)))
}

const POLICY = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]
