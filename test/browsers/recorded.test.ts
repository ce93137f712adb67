/** Replays what the engines did with the probes, and with the random scenarios in which the simulation was once wrong; or a slice of them. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { slice } from '../slice.js'
import { compare } from './compare.js'
import { type Engine, engines, type Recording } from './scenario.js'
import { endSimulation, simulate } from './simulate.js'

const HTTP_CACHE = 'the HTTP cache is not simulated: it counts as empty'
const CHALLENGE =
  "several WWW-Authenticate values are joined by a line feed, which Node's HTTP clients refuse to send"
const BLANK = "the type of a Blob with blanks around it, which Node's Headers trim before a script reads it"
const CODING = 'a Content-Encoding that is none: what cannot be decoded counts as plain'
const ANY_TYPE = 'an event stream whose last type is */* with a parameter'
const NO_LOADSTART = 'an upload to a scheme that is refused before loadstart'
const RETRY = 'an event stream asked for again after an invalid redirect of its own origin'

/** Which the page does not get right, with the reason. Nothing else may differ, and these must. */
const known: Readonly<Record<Engine, Readonly<Record<string, string>>>> = {
  chromium: {
    'probe-0504-GET-only-if-cached': HTTP_CACHE,
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
    'q0352-stream-text-event-stream-charset-latin1': ANY_TYPE,
    't0475-visible-Content-Encoding-a': CODING,
    'probe-1783-xhr-app-http-goes-to-ftp-host-api-http-x': NO_LOADSTART,
    'probe-1784-xhr-app-https-goes-to-ftp-host-api-http-x': NO_LOADSTART,
    'probe-1787-xhr-app-http-goes-to-blob-null-x': NO_LOADSTART,
    'probe-1788-xhr-app-https-goes-to-blob-null-x': NO_LOADSTART,
  },
  firefox: {
    'probe-0504-GET-only-if-cached': HTTP_CACHE,
    'probe-0506-HEAD-only-if-cached': HTTP_CACHE,
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
    'q0063-fetch-repeats-WWW-Authenticate': CHALLENGE,
    'probe-1787-xhr-app-http-goes-to-blob-null-x': NO_LOADSTART,
    'probe-1788-xhr-app-https-goes-to-blob-null-x': NO_LOADSTART,
  },
  webkit: {
    'q0922-oic-after-force-cache': HTTP_CACHE,
    'q0923-oic-after-default': HTTP_CACHE,
    'q1025-blob-fetch-window-text-plain': BLANK,
    'q1026-blob-fetch-worker-text-plain': BLANK,
    'v0070-blob-fetch-text-plain': BLANK,
    'v0071-blob-fetch-text-plain': BLANK,
    'v0072-blob-fetch-application-json': BLANK,
    'v0073-blob-fetch': BLANK,
    'probe-1683-eventsource-app-http-302-to-http': RETRY,
    'probe-1684-eventsource-app-http-307-to-http': RETRY,
    'probe-1687-eventsource-app-http-302-to-https': RETRY,
    'probe-1688-eventsource-app-http-307-to-https': RETRY,
    'probe-1741-eventsource-app-http-302-to-http': RETRY,
    'probe-1742-eventsource-app-http-307-to-http': RETRY,
    'probe-1745-eventsource-app-http-302-to-https': RETRY,
    'probe-1746-eventsource-app-http-307-to-https': RETRY,
  },
}

function recordedBy(engine: Engine): Recording[] {
  return gunzipSync(readFileSync(new URL(`./recorded/${engine}.jsonl.gz`, import.meta.url)))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording)
}

afterAll(endSimulation)

describe.each(engines)('%s', (engine) => {
  const recordings = recordedBy(engine)
  const ids = recordings.map(({ scenario }) => scenario.id)

  test('all scenarios are there, each once', () => {
    expect(ids).toHaveLength(4232)
    expect(new Set(ids).size).toBe(4232)
    expect(ids).toEqual(expect.arrayContaining(Object.keys(known[engine])))
  })

  test('what the engine did', { timeout: 120_000 }, async () => {
    for (const recording of slice(recordings, 10)) {
      const { id } = recording.scenario
      const differences = compare(recording, await simulate(recording.scenario, engine))
      if (id in known[engine]) expect(differences, `${id} agrees now: take it off the list`).not.toEqual([])
      else expect(differences, id).toEqual([])
    }
  })
})
