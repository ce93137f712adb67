/** Scenarios of `beyond/` that the simulated page does not get right, with the reason. Nothing else may differ, and these must. */
import type { RecordedEngine } from './recordings.js'

const ELEMENTS = {
  'element-module-dep-cred': 'what a module imports is not loaded with it',
  'element-frames-star': 'no form is sent',
}

const CACHE = { 'cache-s3-prefetch-then-fetch-maxage': '<link rel="prefetch"> is not simulated' }

export const differences: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {
    ...ELEMENTS,
    ...CACHE,
    'element-script-throws-static': 'of two requests that are sent side by side the other comes first',
  },
  firefox: { ...ELEMENTS, ...CACHE },
  webkit: { ...ELEMENTS },
}

/** Families that are not simulated yet: what differs in them is only counted. */
export const unfinished: ReadonlySet<string> = new Set(['auth', 'referrer', 'origin'])
