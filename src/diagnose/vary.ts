/** Reading and writing `Vary`. @see https://httpwg.org/specs/rfc9110.html#field.vary */
import { decodeAndSplit, type HeaderList, headerLines } from '../fetch/header-list.js'
import { equalsIgnoringCase, isToken } from '../fetch/http-tokens.js'

function varyNames(answer: HeaderList): string[] {
  return headerLines(answer, 'vary').flatMap(decodeAndSplit)
}

/** Whether an answer's `Vary` names a header. */
export function varies(answer: HeaderList, header: string): boolean {
  return varyNames(answer).some((name) => equalsIgnoringCase(name, header))
}

/** Whether caches keep the answers to different origins apart: `Vary` names `Origin`, or is `*`. */
export function variesOnOrigin(answer: HeaderList): boolean {
  return varies(answer, 'origin') || varies(answer, '*')
}

/** The value with `Origin` added to what is named already. */
export function varyWithOrigin(answer: HeaderList): string {
  return [...varyNames(answer).filter(isToken), 'Origin'].join(', ')
}
