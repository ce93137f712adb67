/** What each engine's console prints about a block. */
import type { Profile } from '../../engines/profiles.js'
import { escapeControls, redactText } from '../../verdict/redact.js'
import { blockedCaseOf, type DiagnosisSubject } from '../subject.js'
import { chromium } from './chromium.js'
import { firefox } from './firefox.js'
import { type ConsoleOptions, type ConsoleWriter, consoleCaseOf } from './options.js'
import { webkit } from './webkit.js'

export type { ConsoleOptions } from './options.js'

/** The standard has no console. */
const WRITERS: Readonly<Record<Profile, ConsoleWriter>> = {
  standard: () => null,
  chromium,
  firefox,
  webkit,
  webkitgtk: webkit,
}

/**
 * What an engine's console prints about a block, word for word, so that it can be searched for; several lines are joined by a line
 * break. Null where it prints nothing about CORS. Its generic line about a failed load is left out.
 *
 * @example consoleMessage(journey, 'firefox')
 * // 'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/. (Reason: …).'
 */
export function consoleMessage(
  subject: DiagnosisSubject,
  engine?: Profile,
  options: ConsoleOptions = {},
): string | null {
  const blocked = blockedCaseOf(subject)
  if (blocked === null) return null
  const text = WRITERS[engine ?? blocked.verdict.engine](consoleCaseOf(blocked, options))
  return text === null || options.redact === false
    ? text
    : redactText(text).split('\n').map(escapeControls).join('\n')
}
