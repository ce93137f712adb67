/** What became of a request, as plain data. */
import { alignEngines } from '../diagnose/engines.js'
import { explainCors } from '../diagnose/explain.js'
import { isSecretHeader, REDACTED, redactLocation, redactText, redactUrl } from '../text/redact.js'
import { escapeControls } from '../text/shown.js'
import type { ExplainArguments } from './arguments.js'
import type { ExplainedMessage } from './explain-message.js'
import { type Explained, isLetThrough } from './explain-request.js'

/** Plain data, with secrets redacted as in text. */
export function jsonReport({ runs, notes, sent }: Explained, args: ExplainArguments): string {
  const verdicts = runs.map(({ journey }) => journey.verdict)
  return stringify({
    url: redactUrl(args.url),
    origin: args.origin,
    method: args.method,
    credentials: args.credentials,
    /** Whether the request itself was to be sent: where not, its preflight alone decides. */
    sent,
    allowed: verdicts.every((verdict) => isLetThrough(verdict, sent)),
    difference: alignEngines(verdicts).line,
    engines: runs.map(({ engine, journey: { verdict, exchanges } }) => ({
      engine,
      outcome: verdict.outcome,
      code: verdict.code ?? null,
      blockedAt: verdict.blockedAt ?? null,
      ...explainCors({ verdict, exchanges }, { server: args.server }),
      verdict,
      exchanges,
    })),
    notes,
  })
}

/** What a console's message means, as plain data. */
export function jsonMessage({ read, causes, command, fillIn }: ExplainedMessage): string {
  const { voice, codes: _, ...told } = read
  return stringify({ engine: voice, ...told, causes, command: command ?? null, fillIn: fillIn ?? null })
}

/** Why nothing could be judged. */
export function jsonError(error: { readonly name: string; readonly message: string }): string {
  return stringify({ error: { name: error.name, message: error.message } })
}

function stringify(data: unknown): string {
  const text = JSON.stringify(redacted(data), null, 2)
  // JSON leaves some characters as they are that a terminal acts on.
  return text.split('\n').map(escapeForJson).join('\n')
}

function escapeForJson(line: string): string {
  return line.replace(/[^\n]/gu, (character) => {
    const escaped = escapeControls(character)
    return escaped === character
      ? character
      : Array.from({ length: character.length }, (_, at) => unit(character, at)).join('')
  })
}

function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
}

const WHOLE_URL = /^(?:[a-z][a-z\d+.-]*:|[\\/])\S*$/i

/** Secrets replaced, wherever they are: header lines by their name, the rest by its look. */
function redacted(data: unknown): unknown {
  if (typeof data === 'string') return WHOLE_URL.test(data) ? redactLocation(data) : redactText(data)
  if (Array.isArray(data)) {
    const [name, value] = data as unknown[]
    if (data.length === 2 && typeof name === 'string' && typeof value === 'string' && isSecretHeader(name))
      return [name, REDACTED]
    return data.map(redacted)
  }
  if (typeof data !== 'object' || data === null) return data
  const { name, header = name, value } = data as { name?: unknown; header?: unknown; value?: unknown }
  const isSecret = typeof header === 'string' && typeof value === 'string' && isSecretHeader(header)
  return Object.fromEntries(
    Object.entries(data).map(([key, each]) => [key, isSecret && key === 'value' ? REDACTED : redacted(each)]),
  )
}
