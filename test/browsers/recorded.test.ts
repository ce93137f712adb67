/** Replays what the engines did with the probes, and with the random scenarios in which the simulation was once wrong. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compare } from './compare.js'
import { type Engine, engines, type Recording } from './scenario.js'
import { simulateSteps } from './simulate.js'

const HTTP_CACHE = 'the HTTP cache is not simulated: it counts as empty'
const STORAGE_ACCESS = 'a sandboxed page that may get at cookies of its own site: Storage Access, not CORS'
const BLANK = 'XHR judges the type of a Blob with the blank before it, and sends it without'
const BASE64_BLANK = 'the URL of a data: resource, from which Firefox removes blanks'
const FRAME_OPTIONS = 'X-Frame-Options is the one name of which Firefox keeps empty lines'
const CHALLENGE = 'several WWW-Authenticate values are joined by a line feed, and so are shown to no script'
const CODING = 'a Content-Encoding that is none: bodies are not simulated here'
const ANY_TYPE = 'an event stream whose last type is */* with a parameter'

/** Which the rules do not get right, with the reason. Nothing else may differ, and these must. */
const known: Readonly<Record<Engine, Readonly<Record<string, string>>>> = {
  chromium: {
    'probe-0504-GET-only-if-cached': HTTP_CACHE,
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
    'q0352-stream-text-event-stream-charset-latin1': ANY_TYPE,
    't0475-visible-Content-Encoding-a': CODING,
  },
  firefox: {
    'probe-0504-GET-only-if-cached': HTTP_CACHE,
    'probe-0506-HEAD-only-if-cached': HTTP_CACHE,
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
    'probe-0486-sandboxed-no-cors-app-https-include': STORAGE_ACCESS,
    'probe-0489-sandboxed-no-cors-app-https-otherport-include': STORAGE_ACCESS,
    'probe-0495-sandboxed-no-cors-sub-https-include': STORAGE_ACCESS,
    'r1-modes-0008': STORAGE_ACCESS,
    'r101-expose-headers-0021': STORAGE_ACCESS,
    'r101-request-headers-0218': STORAGE_ACCESS,
    'q1027-blob-xhr-window-text-plain': BLANK,
    'q1028-blob-xhr-worker-text-plain': BLANK,
    'v0066-blob-xhr-text-plain': BLANK,
    'q1051-fetch-window-data-base64-e-A': BASE64_BLANK,
    'q1052-fetch-worker-data-base64-e-A': BASE64_BLANK,
    'q1053-fetch-sandboxed-iframe-data-base64-e-A': BASE64_BLANK,
    'q1054-xhr-window-data-base64-e-A': BASE64_BLANK,
    'q1055-xhr-worker-data-base64-e-A': BASE64_BLANK,
    'q1056-xhr-sandboxed-iframe-data-base64-e-A': BASE64_BLANK,
    't0446-visible-X-Frame-Options-a': FRAME_OPTIONS,
    't0447-visible-X-Frame-Options-a': FRAME_OPTIONS,
    'q0063-fetch-repeats-WWW-Authenticate': CHALLENGE,
    't0480-visible-WWW-Authenticate-a-b': CHALLENGE,
    't0481-visible-WWW-Authenticate-a-a': CHALLENGE,
  },
  webkit: {
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
  },
}

function recordedBy(engine: Engine): Recording[] {
  return gunzipSync(readFileSync(new URL(`./recorded/${engine}.jsonl.gz`, import.meta.url)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording)
}

describe.each(engines)('%s', (engine) => {
  const recordings = recordedBy(engine)
  const ids = recordings.map(({ scenario }) => scenario.id)

  test('all scenarios are there, each once', () => {
    expect(ids).toHaveLength(2471)
    expect(new Set(ids).size).toBe(2471)
    expect(ids).toEqual(expect.arrayContaining(Object.keys(known[engine])))
  })

  test('what the engine did', { timeout: 60_000 }, () => {
    for (const recording of recordings) {
      const { id } = recording.scenario
      const differences = compare(recording, simulateSteps(recording.scenario, engine))
      if (id in known[engine]) expect(differences, `${id} agrees now: take it off the list`).not.toEqual([])
      else expect(differences, id).toEqual([])
    }
  })
})
