import type { AuditOptions } from '../audit/audit-options.js'
import { audits } from '../audit/audits.js'
import { isEndpoint } from '../subject/endpoint.js'
import { shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { hintOf, type MatcherContext, type MatcherResult } from './assert/context.js'
import { live } from './assert/pending.js'
import { warnOnce } from './assert/warn.js'

const NAME = 'toRejectUntrustedOrigins'

/**
 * Holds when no origin that is derived from the trusted ones may read, by request or preflight, without or with credentials and a cookie: two that nobody knows, `null`,
 * and those that a rule which is too loose lets in. Its negative holds when one may.
 *
 * @param options `{ trusted }`, and all others of `auditOrigins`
 * @throws CorsUsageError, CorsNetworkError in both forms where a trusted origin is not let in, and where no other is, and one could not be judged
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @example await expect(app).toRejectUntrustedOrigins({ trusted: ['https://app.example.com'], path: '/orders' })
 */
export function toRejectUntrustedOrigins(
  this: MatcherContext,
  received: unknown,
  options: AuditOptions,
): Promise<MatcherResult> {
  if (!isEndpoint(received))
    throw new CorsUsageError(
      `${NAME} takes an endpoint (an app or a URL), which it asks as many origins; got ${describeValue(received)}`,
    )
  return live(this, NAME, async (abandoned) => {
    const { runAudit, unjudgedError, auditMessage } = audits()
    const report = await runAudit(received, options, {
      where: `${NAME}()`,
      only: 'origins',
      signal: abandoned,
    })
    if (report.outcome === 'unjudged') throw unjudgedError(report, `${NAME}()`)
    for (const { id, reason } of report.stale)
      warnOnce(
        'EXPECT_CORS_STALE',
        `${NAME}(): the baseline accepts ${id} (${shown(reason)}), which is not found any more at ${report.url}: take it out`,
      )
    for (const note of report.outcome === 'clean' ? report.notes : [])
      warnOnce('EXPECT_CORS_AUDIT', `${NAME}(), ${report.url}: ${note}`)
    return {
      pass: report.outcome === 'clean',
      message: () => auditMessage(hintOf(this, NAME, 'endpoint', 'options'), report),
    }
  })
}
