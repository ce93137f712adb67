import type { CheckContractOptions } from '../contract/check-contract.js'
import type { CorsContract } from '../contract/contract.js'
import type { ContractCell, ContractReport } from '../contract/contract-report.js'
import { contracts } from '../contract/contracts.js'
import { CorsUsageError } from '../text/usage-error.js'
import { CorsNetworkError } from '../transport/network-error.js'
import { anySignal } from '../transport/transport.js'
import { hintOf, type MatcherContext, type MatcherResult } from './assert/context.js'
import { live } from './assert/pending.js'

const NAME = 'toHonorCorsContract'

/**
 * Holds when every cell of the contract does: every origin on every route. Its negative holds when at least one cell is broken.
 *
 * @param contract what `defineCorsContract` or `loadCorsContract` returned
 * @param options those of `checkCorsContract`
 * @throws CorsUsageError, CorsNetworkError in both forms where no cell is broken and one could not be judged; in the negative also where one is
 * broken and another could not be judged for a reason of its own
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @example await expect(app).toHonorCorsContract(contract)
 * @example await expect({ staging: 'https://staging.example.com', production: 'https://api.example.com' }).toHonorCorsContract(contract)
 */
export function toHonorCorsContract(
  this: MatcherContext,
  received: unknown,
  contract: CorsContract,
  options: CheckContractOptions = {},
): Promise<MatcherResult> {
  const { checkCorsContract, contractMessage, readTargets } = contracts()
  readTargets(received, NAME)
  return live(this, NAME, async (abandoned) => {
    const signal = options.signal === undefined ? abandoned : anySignal([abandoned, options.signal])
    const report = await checkCorsContract(contract, received, { ...options, signal })
    const message = (context: MatcherContext): string =>
      contractMessage(hintOf(context, NAME, 'endpoint', 'contract'), report)
    if (report.outcome === 'unjudged' || (this.isNot === true && hasUnknown(report)))
      // An error shows the runner's colors as escapes.
      throw notJudged(report, message({ isNot: this.isNot, promise: this.promise }))
    return { pass: report.outcome === 'honored', message: () => message(this) }
  })
}

/** Whether a cell could not be judged for a reason of its own: a refusal beside a broken allow is unjudged because of that, and says nothing more. */
function hasUnknown({ cells }: ContractReport): boolean {
  const ofGroup = ({ target, route, status }: ContractCell): string => `${target} ${route} ${status}`
  const broken = new Set(cells.filter(isBrokenAllow).map(ofGroup))
  return cells.some(
    (cell) => cell.outcome === 'unjudged' && !(cell.code === 'no-control' && broken.has(ofGroup(cell))),
  )
}

function isBrokenAllow({ expected, outcome }: ContractCell): boolean {
  return expected === 'allow' && outcome === 'broken'
}

const WITHOUT_RESPONSE: readonly unknown[] = ['network-error', 'rate-limited']

function notJudged({ cells }: ContractReport, message: string): Error {
  const unjudged = cells.filter(({ outcome }) => outcome === 'unjudged')
  return unjudged.every(({ code }) => WITHOUT_RESPONSE.includes(code))
    ? new CorsNetworkError(message, { url: unjudged[0]?.request?.url ?? '' })
    : new CorsUsageError(message)
}
