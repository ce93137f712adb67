/** Reports made by hand, with verdicts of the evaluator. */

import type { ContractCell, ContractReport } from '../../../src/contract/contract-report.js'
import { type CorsRequest, evaluateCors, type Header, type Verdict } from '../../../src/index.js'

export const APP = 'https://app.example.com'
export const PREVIEW = 'https://x.preview.example.com'
export const EVIL = 'https://evil.example'
const API = 'https://api.example.com'

type Cell = Partial<ContractCell> & Pick<ContractCell, 'route' | 'origin'>

/** A cell that holds, unless said otherwise. */
export function cell(own: Cell): ContractCell {
  return {
    target: 'target',
    expected: own.origin === EVIL || own.origin === 'null' ? 'deny' : 'allow',
    outcome: 'held',
    ...own,
  }
}

/** A cell that is broken by what a server sent. */
export function blockedCell(own: Cell, headers: readonly Header[], status = 200): ContractCell {
  const [method = 'GET', path = '/'] = own.route.split(' ')
  const url = `${API}${path.replace(':id', '1')}`
  const request: CorsRequest = { origin: own.origin, url, method, credentials: 'include' }
  const isPreflighted = method !== 'GET'
  const response = { status, headers }
  const verdicts: Verdict[] = (['chromium', 'firefox', 'webkit'] as const).map((engine) =>
    evaluateCors(isPreflighted ? { request, preflight: response, engine } : { request, response, engine }),
  )
  const exchanges = verdicts.map(({ preflight }) => [
    {
      kind: isPreflighted ? ('preflight' as const) : ('request' as const),
      request: preflight.request ?? { method, url, headers: [['origin', own.origin]] as Header[] },
      response,
    },
  ])
  const [first] = verdicts as [Verdict]
  return cell({
    outcome: 'broken',
    ...(first.code === undefined ? { code: 'origin-allowed' } : { code: first.code }),
    explanation:
      first.code === undefined
        ? `${own.origin} may read the response, and must not.`
        : 'The response has `Access-Control-Allow-Origin: https://app.example.com`, which is not the origin that asked.',
    verdicts,
    exchanges,
    request: {
      url,
      method,
      credentials: 'include',
      headers: [
        ['authorization', '[redacted]'],
        ['content-type', 'application/json'],
      ],
      extraHeaders: ['X-Gate'],
    },
    ...own,
  })
}

export function report(cells: readonly ContractCell[], more: Partial<ContractReport> = {}): ContractReport {
  const outcomes = new Set(cells.map(({ outcome }) => outcome))
  return {
    outcome: outcomes.has('broken') ? 'broken' : outcomes.has('unjudged') ? 'unjudged' : 'honored',
    targets: [...new Set(cells.map(({ target }) => target))],
    cells,
    drift: [],
    requests: cells.length,
    ...more,
  }
}

const ROUTES = ['GET /orders', 'PUT /orders/:id', 'DELETE /admin'] as const

/** All outcomes, on three targets of which one has drifted. */
export function driftedReport(): ContractReport {
  const cells = ['dev', 'staging', 'production'].flatMap((target) =>
    ROUTES.flatMap((route) =>
      [APP, PREVIEW, EVIL, 'null'].flatMap((origin): ContractCell[] => {
        const isProduction = target === 'production'
        const own = { target, route, origin, ...(route === 'GET /orders' ? { status: 200 } : {}) }
        if (route === 'DELETE /admin')
          return isProduction
            ? [
                cell({
                  ...own,
                  expected: 'deny',
                  outcome: 'unjudged',
                  code: 'network-error',
                  explanation: 'nothing answered at https://api.example.com/admin: ECONNREFUSED',
                }),
              ]
            : [cell({ ...own, expected: 'deny' })]
        if (isProduction && origin === PREVIEW)
          return [blockedCell({ ...own, expected: 'allow' }, [['Access-Control-Allow-Origin', APP]])]
        if (isProduction && origin === EVIL && route === 'GET /orders')
          return [
            blockedCell({ ...own, expected: 'deny' }, [
              ['Access-Control-Allow-Origin', EVIL],
              ['Access-Control-Allow-Credentials', 'true'],
              ['Set-Cookie', 'session=s3cr3t'],
            ]),
          ]
        return [cell(own)]
      }),
    ),
  )
  const drift = cells
    .filter(({ target, outcome }) => target === 'production' && outcome !== 'held')
    .map(({ route, status, origin, outcome }) => ({
      route,
      ...(status === undefined ? {} : { status }),
      origin,
      outcomes: { dev: 'held' as const, staging: 'held' as const, production: outcome },
    }))
  return report(cells, { drift })
}
