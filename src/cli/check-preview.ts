/** `expect-cors check --dry-run`: what a check would send. */

import { type CheckContractOptions, planContract } from '../contract/check-contract.js'
import type { CorsContract } from '../contract/contract.js'
import { ANY_ORIGIN, type PlannedGroup } from '../contract/contract-plan.js'
import { readTargets } from '../contract/contract-targets.js'
import { hiding } from '../contract/without-secrets.js'
import { readHeaders } from '../fetch/headers-init.js'
import { enginesOf } from '../page/ask.js'
import { resolveEndpoint } from '../subject/endpoint.js'
import { numberOf, shown } from '../text/shown.js'
import { clientIgnoringMixedContent } from '../verdict/client.js'
import { judge } from '../verdict/evaluate-cors.js'

/** Each request once, with the origins it would be sent as. Sends nothing. @throws CorsUsageError */
export function wouldSend(contract: CorsContract, target: unknown, options: CheckContractOptions): string {
  const targets = readTargets(target, 'check')
  const plan = planContract(contract, [...targets.keys()], options)
  const parts = plan.targets.map(({ name, groups }) => {
    const subject = targets.get(name)
    const head =
      targets.size > 1
        ? `${shown(name)}, ${resolveEndpoint(subject).shownUrl}`
        : resolveEndpoint(subject).shownUrl
    return [`${head}:`, ...groups.flatMap((group) => groupLines(group, subject, options))].join('\n')
  })
  return [
    'Nothing was sent. A check would send:',
    ...parts,
    `${numberOf(plan.cells, 'cell')} to judge. What engines send alike is sent once; a refusal may be asked about once more, with a cookie or as no page.`,
  ].join('\n\n')
}

function groupLines(group: PlannedGroup, subject: unknown, options: CheckContractOptions): string[] {
  const { route, request, status, cells } = group
  const origins = cells.map(({ place }) =>
    place.origin === ANY_ORIGIN ? 'two random origins' : shown(place.origin),
  )
  const as = `  as ${origins.join(', ')}`
  const { url, shownUrl } = resolveEndpoint(subject, { path: request.path })
  const path = hiding(request, [])(shownUrl.replace(url.origin, ''))
  const isPreflighted = enginesOf(options).some((engine) => {
    const origin = cells.find(({ place }) => place.origin !== ANY_ORIGIN)?.place.origin ?? 'null'
    const { method, credentials, body } = route
    const asked = { origin, url: url.href, method, headers: readHeaders(request.headers), credentials, body }
    return judge(engine, clientIgnoringMixedContent(origin), { request: asked }).preflight.required
  })
  const provokes = status === undefined ? '' : ` (for ${status})`
  return [
    ...(isPreflighted
      ? [`  OPTIONS ${path} (preflight of ${route.method})${route.sends ? '' : ' alone'}`]
      : []),
    ...(route.sends ? [`  ${route.method} ${path}${provokes}`] : []),
    ...(isPreflighted || route.sends
      ? [`  ${as}`]
      : [`  ${route.method} ${path}: nothing, it has no preflight and may change state`]),
  ]
}
