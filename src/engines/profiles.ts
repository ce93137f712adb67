/** The table of engines. A new profile is one file and its entry here. */
import type { Deviations } from '../fetch/deviations.js'
import { literal } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { chromium } from './chromium.js'
import type { Engine } from './engine.js'
import { firefox } from './firefox.js'
import { standard } from './standard.js'
import { webkit, webkitgtk } from './webkit.js'

const engines = { standard, chromium, firefox, webkit, webkitgtk } as const satisfies Record<string, Engine>

/** Whose behaviour: the Fetch Standard's, or an engine's. `webkitgtk` adds what only WebKitGTK's network layer (libsoup) does. */
export type Profile = keyof typeof engines

/** The three engines an assertion must hold in by default. */
export const defaultEngines = ['chromium', 'firefox', 'webkit'] as const satisfies readonly Profile[]

/** Each profile's switches. */
export const profiles = Object.fromEntries(
  Object.entries(engines).map(([profile, { deviations }]) => [profile, deviations]),
) as Readonly<Record<Profile, Deviations>>

const byName: ReadonlyMap<string, Engine> = new Map(Object.entries(engines))

/** An engine by its profile's name. @throws CorsUsageError for an invalid name */
export function engineOf(profile: Profile): Engine {
  const engine = byName.get(profile)
  if (engine !== undefined) return engine
  throw new CorsUsageError(
    `unknown engine ${literal(String(profile))}: use one of ${Object.keys(engines).join(', ')}`,
  )
}

/** The switches of an engine. @throws CorsUsageError for an invalid name */
export function deviationsOf(profile: Profile): Deviations {
  return engineOf(profile).deviations
}
