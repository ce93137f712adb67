/** Replays recordings of real browsers through `enforceCors` and an MSW handler, by the environment's own globals. */
import { enforceCors } from 'expect-cors/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runStep, type Seen, type Window, withPrologue } from '../recordings/page-run.js'
import {
  origins,
  type RecordedRule,
  type RecordedScenario,
  type Recording,
  recordedEngines,
  recordingsOf,
} from '../recordings/recordings.js'
import { pagePath, profileOf } from '../recordings/replay.js'
import { scenarioServer } from '../recordings/scenario-server.js'
import { shownLog, shownOutcome, wanted } from '../recordings/shown-run.js'
import { slice } from '../slice.js'

/** How the page is told of, or the clock passes, is no matter of enforceCors. */
const FAMILIES = [...new Set(recordingsOf('chromium').map(({ scenario }) => scenario.family))].filter(
  (family) => family !== 'preflight-cache',
)

/** Headers with the byte 0x7F, which Node's HTTP does not send. */
const UNSENDABLE = ['s1-request-headers-0010', 's1-request-headers-0102']

/**
 * Whether a mock can respond so: with a `Response`, and with no cookie that a browser ignores, for MSW has a jar of its own, which throws there. The
 * page takes https servers for ones that speak HTTP/2, as most do, and so sends them streams; few of those recorded did.
 */
function isForMocks({ id, steps, server }: RecordedScenario): boolean {
  const isStreamed = steps.some(
    ({ request: { body, target } }) =>
      body?.type.includes('stream') === true && origins[target]?.startsWith('https:') && target !== 'api-h2',
  )
  return !isStreamed && !UNSENDABLE.includes(id) && server.rules.every(isResponse)
}

function isResponse({ status = 200, headers }: RecordedRule): boolean {
  if (status < 200 || status > 599) return false
  if (headers.some(([name, value]) => /^set-cookie$/i.test(name) && /Secure|Domain/i.test(value)))
    return false
  try {
    new Headers(headers.map(([name, value]): [string, string] => [name, value]))
    return true
  } catch {
    return false
  }
}

export function registerReplays(share: number): void {
  let answer: (request: Request) => Response
  const server = setupServer(http.all('*', ({ request }) => answer(request)))
  beforeAll(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    server.listen({ onUnhandledRequest: 'error' })
  })
  afterAll(() => server.close())

  async function replay({ scenario }: Recording, engine: (typeof recordedEngines)[number]) {
    const { page, steps } = scenario
    const log: Seen[] = []
    const respond = scenarioServer(scenario)
    let step = 0
    answer = (request) => {
      const { origin, pathname, search } = new URL(request.url)
      const headers = Object.fromEntries(request.headers)
      const path = `${pathname}${search}`.replace(`/s/${scenario.id}`, '')
      const preflight = request.method === 'OPTIONS' && 'access-control-request-method' in headers
      log.push({ step, to: origin, method: request.method, path, preflight, headers })
      const response = respond({
        step,
        to: origin,
        method: request.method,
        path,
        headers: [...request.headers],
      })
      const isBodiless = [204, 205, 304].includes(response.status) || request.method === 'HEAD'
      // Bytes, which have no type of their own.
      return new HttpResponse(isBodiless || response.body === '' ? null : Buffer.from(response.body), {
        status: response.status,
        headers: response.headers.map(([name, value]): [string, string] => [name, value]),
      }) as Response
    }
    const enforced = enforceCors({
      origin: { url: `${origins[page.origin]}${pagePath(page.context)}`, context: page.context },
      engine: profileOf[engine],
    })
    await withPrologue(enforced.page.cookies)
    const outcomes = []
    for (const { request } of steps) {
      outcomes.push(await runStep(globalThis as unknown as Window, scenario, request))
      step++
    }
    enforced.restore()
    return { outcomes: outcomes.map(shownOutcome), log }
  }

  describe.each(recordedEngines)('%s', (engine) => {
    const recordings = recordingsOf(engine).filter(({ scenario }) => isForMocks(scenario))
    test.each(FAMILIES)(
      '%s',
      async (family) => {
        const own = recordings.filter(({ scenario }) => scenario.family === family)
        for (const recording of slice(own, Math.min(share, own.length))) {
          const { outcomes, log } = await replay(recording, engine)
          const got = { outcomes, log: shownLog(recording, log) }
          const want = {
            outcomes: recording.result.steps.map((outcome) => shownOutcome(wanted(outcome))),
            log: shownLog(recording, recording.log),
          }
          expect.soft(got, recording.scenario.id).toEqual(want)
        }
      },
      60_000,
    )
  })
}
