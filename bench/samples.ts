/** Recorded exchanges as the evaluator takes them: the request, the preflight's response where one was sent, the response. */
import type { Header } from '../src/fetch/header-list.js'
import type { CorsRequest } from '../src/verdict/cors-request.js'
import { recordingsOf } from '../test/recordings/recordings.js'
import { corsRequestOf } from '../test/recordings/replay.js'
import { asReceived, scenarioServer } from '../test/recordings/scenario-server.js'

export interface Sample {
  readonly id: string
  readonly request: CorsRequest
  readonly preflight?: { readonly status: number; readonly headers: readonly Header[] }
  readonly response?: { readonly status: number; readonly headers: readonly Header[] }
}

/** Every recorded scenario of one step without a redirect, as Chromium sent it. */
export function samples(): Sample[] {
  return recordingsOf('chromium').flatMap((recording): Sample[] => {
    const { scenario, log } = recording
    const request = scenario.steps[0]?.request
    if (scenario.steps.length !== 1 || request === undefined || log.length === 0 || log.length > 2) return []
    if (new Set(log.map(({ preflight }) => preflight)).size < log.length) return []
    const server = scenarioServer(scenario)
    const responses = log.map(({ step, to, method, path, headers, preflight }) => {
      const response = server({ step, to, method, path, headers: Object.entries(headers) })
      return { preflight, head: asReceived(response) }
    })
    const preflight = responses.find((response) => response.preflight)?.head
    const response = responses.find((response) => !response.preflight)?.head
    const { uploadListeners: _, page, body, ...rest } = corsRequestOf(scenario, request)
    return [
      {
        id: scenario.id,
        // An origin says where its page is; a sandboxed frame's does not.
        request: {
          ...rest,
          ...(rest.origin === 'null' ? { page } : {}),
          ...(typeof body === 'string' ? { body } : {}),
        },
        ...(preflight === undefined ? {} : { preflight }),
        ...(response === undefined ? {} : { response }),
      },
    ]
  })
}
