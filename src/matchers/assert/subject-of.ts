/** What was given to `expect`, made ready for a matcher. */

import { defaultEngines, type Profile } from '../../engines/profiles.js'
import { getConfiguration } from '../../subject/configure.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { JourneySubject } from '../../subject/journey-subject.js'
import { checkLiveOptions, type LiveOptions } from '../../subject/options.js'
import type { ResponseSubject } from '../../subject/response-subject.js'
import { readSubject } from '../../subject/subject.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { checkEngine } from '../../verdict/client.js'

/** A response, an endpoint ready to be asked by a page at `origin`, or a journey. */
export type Resolved = ResponseSubject | EndpointSubject | JourneySubject

/**
 * Reads what was given to `expect`.
 * @param others option names of the matcher's own
 * @throws CorsUsageError for a value that is none of the three, and for options that are none
 */
export function resolveSubject(
  matcher: string,
  received: unknown,
  options: LiveOptions | undefined,
  origin: string | undefined,
  others: readonly string[] = [],
): Resolved {
  checkLiveOptions(options, `${matcher}()`, others)
  return readSubject(received, options, origin)
}

/** The engines an assertion must hold in. @throws CorsUsageError for one that is unknown, or none at all */
export function enginesOf(
  options: { readonly engines?: readonly Profile[] | undefined } | undefined,
): readonly Profile[] {
  const { engines: configured, strict } = getConfiguration()
  const engines = options?.engines ?? configured ?? defaultEngines
  if (!Array.isArray(engines) || engines.length === 0) {
    throw new CorsUsageError(
      "engines must name at least one engine, such as ['chromium', 'firefox', 'webkit']",
    )
  }
  for (const engine of engines) checkEngine(engine)
  return strict === true && !engines.includes('standard') ? [...engines, 'standard'] : engines
}

/** A matcher that takes no response, and what does. */
export function notOnResponse(matcher: string, instead: string): CorsUsageError {
  return new CorsUsageError(
    `${matcher} takes an endpoint (an app or a URL) or a journey, not a response: ${instead}`,
  )
}

/** Options that say how to ask an endpoint have no meaning on a response that is there already. @throws CorsUsageError */
export function refuseLiveOptions(
  matcher: string,
  options: object | undefined,
  allowed: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || allowed.includes(name)) continue
    throw new CorsUsageError(
      `${matcher} got the option ${name} for a response, which has been requested already: ${name} says how to ask an endpoint. Give expect the app or its URL`,
    )
  }
}
