/** A report as plain data, whose members and their order do not change from run to run. */

import { exchangeTexts } from '../../diagnose/exchange.js'
import { shownJson } from '../../text/json.js'
import type { ContractCell, ContractReport } from '../contract-report.js'
import { aboutOf, commandFor, journeysOf, remediesOf } from './cell-journeys.js'
import { totalsOf } from './matrix.js'

export function asJson(report: ContractReport): string {
  const { outcome, targets, cells, drift, requests } = report
  return shownJson({
    outcome,
    targets,
    totals: { cells: cells.length, ...totalsOf(cells), requests },
    cells: cells.map(cellData),
    drift: drift.map(({ route, status, origin, outcomes }) => ({
      route,
      ...(status === undefined ? {} : { status }),
      origin,
      outcomes: Object.fromEntries(
        targets.flatMap((name) => (name in outcomes ? [[name, outcomes[name]]] : [])),
      ),
    })),
  })
}

function cellData(cell: ContractCell): object {
  const { target, route, status, origin, expected, outcome, code, header, explanation, request } = cell
  const journeys = journeysOf(cell)
  const command = commandFor(cell)
  return {
    target,
    route,
    ...(status === undefined ? {} : { status }),
    origin,
    expected,
    outcome,
    ...(code === undefined ? {} : { code }),
    ...(header === undefined ? {} : { header }),
    ...(explanation === undefined ? {} : { explanation }),
    ...(request === undefined ? {} : { request }),
    ...(command === undefined ? {} : { command }),
    ...(journeys.length === 0
      ? {}
      : {
          engines: journeys.map(({ engine, journey }) => ({
            engine,
            outcome: journey.verdict.outcome,
            code: journey.verdict.code ?? null,
            blockedAt: journey.verdict.blockedAt ?? null,
            exchanges: exchangeTexts(journey, aboutOf(cell)).join('\n\n').split('\n'),
          })),
          remedies: remediesOf(cell),
        }),
  }
}
