/** What each engine's console prints about a block. */
import { engineOf, type Profile } from '../../engines/profiles.js'
import { redactText, redactUrl } from '../../text/redact.js'
import { escapeLines } from '../../text/shown.js'
import { blockedCaseOf, caseOf, type Judged } from '../case.js'
import { chromium, unusedPreload } from './chromium-console.js'
import { type ConsoleOptions, type ConsoleWriter, consoleCaseOf } from './console-case.js'
import { firefox } from './firefox-console.js'
import type { Voice } from './known-messages.js'
import { webkit } from './webkit-console.js'

export type { ConsoleOptions } from './console-case.js'

/** Who says of a preload that a request makes no use of it. */
const NOTES: Readonly<Partial<Record<Voice, typeof unusedPreload>>> = {
  chromium: unusedPreload,
}

const WRITERS: Readonly<Record<Voice, ConsoleWriter>> = { chromium, firefox, webkit }

/**
 * What an engine's console prints about a block, or about a preload that was of no use, word for word but for secrets, which are redacted, so that it can be searched for; several
 * lines are joined by a line break. Null where it prints nothing about CORS. Its generic line about a failed load is left out.
 *
 * @param judged a verdict, or a journey, which knows more
 * @param engine default: the one whose verdict it is
 * @example consoleMessage(journey, 'firefox')
 * // 'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/. (Reason: …).'
 */
export function consoleMessage(
  judged: Judged,
  engine?: Profile,
  options: ConsoleOptions = {},
): string | null {
  const text = consoleText(judged, engine, { ...options, redact: true })
  return text === null ? null : escapeLines(redactText(text))
}

/** The same with every character as the console has it where secrets are not redacted. */
export function consoleText(
  judged: Judged,
  engine: Profile | undefined,
  options: ConsoleOptions & { readonly redact: boolean },
): string | null {
  const { verdict } = caseOf(judged)
  const { console: voice } = engineOf(engine ?? verdict.engine)
  if (voice === null) return null
  const blocked = blockedCaseOf(judged)
  const refusal = blocked === null ? null : WRITERS[voice](consoleCaseOf(blocked, options))
  const { preloadMismatch, url } = verdict
  const note =
    preloadMismatch === undefined
      ? undefined
      : NOTES[voice]?.(preloadMismatch, options.redact ? redactUrl(url) : url)
  const lines = [note, refusal].filter((line) => typeof line === 'string')
  return lines.length === 0 ? null : lines.join('\n')
}
