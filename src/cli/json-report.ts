/** What became of a request, as plain data. */
import { alignEngines } from '../diagnose/engines.js'
import { explainCors } from '../diagnose/explain.js'
import { shownJson } from '../text/json.js'
import { redactUrl } from '../text/redact.js'
import type { ExplainArguments } from './arguments.js'
import type { ExplainedMessage } from './explain-message.js'
import { type Explained, isLetThrough } from './explain-request.js'

/** Plain data, with secrets redacted as in text. */
export function jsonReport({ runs, notes, sent }: Explained, args: ExplainArguments): string {
  const verdicts = runs.map(({ journey }) => journey.verdict)
  return shownJson({
    url: redactUrl(args.url),
    origin: args.origin,
    method: args.method,
    credentials: args.credentials,
    /** Whether the request itself was to be sent: where not, its preflight alone decides. */
    sent,
    allowed: verdicts.every((verdict) => isLetThrough(verdict, sent)),
    difference: alignEngines(verdicts).line,
    engines: runs.map(({ engine, journey: { verdict, exchanges, related } }) => ({
      engine,
      outcome: verdict.outcome,
      code: verdict.code ?? null,
      blockedAt: verdict.blockedAt ?? null,
      ...explainCors({ verdict, exchanges, related }, { server: args.server }),
      verdict,
      exchanges,
      related,
    })),
    notes,
  })
}

/** What a console's message means, as plain data. */
export function jsonMessage({ read, causes, command, fillIn }: ExplainedMessage): string {
  const { voice, codes: _, ...told } = read
  return shownJson({ engine: voice, ...told, causes, command: command ?? null, fillIn: fillIn ?? null })
}

/** Why nothing could be judged. */
export function jsonError(error: { readonly name: string; readonly message: string }): string {
  return shownJson({ error: { name: error.name, message: error.message } })
}
