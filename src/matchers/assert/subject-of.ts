/** The engines an assertion holds in, and what a matcher refuses of what it was given. */

import { defaultEngines, type Profile } from '../../engines/profiles.js'
import { getConfiguration } from '../../subject/configure.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { checkEngine } from '../../verdict/client.js'

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
