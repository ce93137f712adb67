/** The recorded scenarios as journeys, one for each step: what `page.inspect` would return. */

import { deviationsOf } from '../../src/engines/profiles.js'
import { FetchRequest } from '../../src/fetch/fetch-request.js'
import { PreflightCache } from '../../src/fetch/preflight-cache.js'
import { unsentVerdict, verdictOf } from '../../src/verdict/build-verdict.js'
import { toFetchRequest } from '../../src/verdict/cors-request.js'
import { Run } from '../../src/verdict/run.js'
import type { Exchange, Journey } from '../../src/verdict/verdict.js'
import type { RecordedEngine, RecordedScenario } from '../recordings/recordings.js'
import { clientOf, corsRequestOf, profileOf } from '../recordings/replay.js'
import { asReceived, scenarioServer } from '../recordings/scenario-server.js'

/** What the recorder's pages were called: consoles show it. */
const DOCUMENTS = { window: '/__runner', worker: '/__worker.js', 'sandboxed-iframe': '/__frame' } as const

/** The journey of every step of a scenario, by our own steps. */
export function journeysOf(scenario: RecordedScenario, recorded: RecordedEngine): Journey[] {
  const engine = profileOf[recorded]
  const deviations = deviationsOf(engine)
  const page = clientOf(scenario)
  const url = new URL(DOCUMENTS[scenario.page.context], page.url)
  const client = { ...page, url, page: url.href }
  const server = scenarioServer(scenario)
  const prefix = `/s/${scenario.id}`
  let now = 0
  const cache = new PreflightCache(() => now)
  return scenario.steps.map((one, step): Journey => {
    now += one.wait ?? 0
    const corsRequest = corsRequestOf(scenario, one.request)
    const request = toFetchRequest(client, corsRequest, deviations)
    const exchanges: Exchange[] = []
    if (!(request instanceof FetchRequest)) {
      return { verdict: unsentVerdict(engine, client, corsRequest, request), exchanges }
    }
    const run = new Run(engine, request, corsRequest.httpVersion, cache)
    for (let send = run.next; send !== null; send = run.next) {
      const head = run.head(send)
      const url = new URL(head.url)
      const full = url.pathname + url.search
      const path = full.startsWith(prefix) ? full.slice(prefix.length) : full
      const sent = server({ step, to: url.origin, method: head.method, path, headers: head.headers })
      const response = asReceived(sent)
      exchanges.push({ kind: send.phase, request: head, response })
      run.take(response)
    }
    return { verdict: verdictOf(run), exchanges }
  })
}
