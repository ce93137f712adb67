/** Options that the JavaScript servers have alike, but for their names. */
import { type RemedyNeeds, singles } from './remedy.js'

/** The lines of an options object after its `origin`. What is left out is at its default, which for request headers is whatever is asked for. */
export function options(
  { methods, headers, exposed, credentials, maxAge, reflectsHeaders }: RemedyNeeds,
  methodsName: string,
  headersName: string,
  exposedName: string,
): (string | false)[] {
  return [
    methods.length > 0 && `  ${methodsName}: ${singles(methods)},`,
    headers.length > 0 && !reflectsHeaders && `  ${headersName}: ${singles(headers)},`,
    exposed.length > 0 && `  ${exposedName}: ${singles(exposed)},`,
    credentials && '  credentials: true,',
    maxAge !== undefined && `  maxAge: ${maxAge},`,
  ]
}
