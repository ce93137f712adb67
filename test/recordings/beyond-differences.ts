/** Scenarios of `beyond/` that the simulated page does not get right, with the reason. Nothing else may differ, and these must. */
import type { RecordedEngine } from './recordings.js'

const ALL = {
  'referrer-element-attr': 'what a script says is not run: here it is an error',
  'origin-file-page': 'there is no WebSocket',
}

const CACHE = { 'cache-s3-prefetch-then-fetch-maxage': '<link rel="prefetch"> is not simulated' }

export const differences: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {
    ...ALL,
    ...CACHE,
    'element-script-throws-static': 'of two requests that are sent side by side the other comes first',
    'origin-ctx-dataworker': 'the console names the data: URL of the worker, and says more of its blob',
  },
  firefox: { ...ALL, ...CACHE },
  webkit: { ...ALL },
}
