import { type Profile, profiles } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import { literal } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'

const byName: ReadonlyMap<string, Deviations> = new Map(Object.entries(profiles))

/** The switches of an engine. @throws CorsUsageError for a name that is none */
export function deviationsOf(engine: Profile): Deviations {
  const deviations = byName.get(engine)
  if (deviations === undefined) {
    throw new CorsUsageError(
      `unknown engine ${literal(String(engine))}: use one of ${Object.keys(profiles).join(', ')}`,
    )
  }
  return deviations
}
