import { type Profile, profiles } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import { CorsUsageError } from './usage-error.js'

/** The switches of an engine. @throws CorsUsageError for a name that is none */
export function deviationsOf(engine: Profile): Deviations {
  const deviations = Object.hasOwn(profiles, engine) ? profiles[engine] : undefined
  if (deviations === undefined) {
    throw new CorsUsageError(
      `unknown engine ${JSON.stringify(engine)}: use one of ${Object.keys(profiles).join(', ')}`,
    )
  }
  return deviations
}
