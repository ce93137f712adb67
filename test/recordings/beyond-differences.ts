/** Scenarios of `beyond/` that the simulated page does not get right, with the reason. Nothing else may differ, and these must. */
import type { RecordedEngine } from './recordings.js'

export const differences: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {},
  firefox: {},
  webkit: {},
}

/** Families that are not simulated yet: what differs in them is only counted. */
export const unfinished: ReadonlySet<string> = new Set([
  'cache',
  'element',
  'preload',
  'auth',
  'referrer',
  'corp',
  'origin',
])
