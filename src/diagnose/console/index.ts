/** What each engine's console prints. */
import type { DiagnosisSubject } from '../subject.js'

export interface ConsoleOptions {
  /** Whether secrets in URLs are redacted. Default true. */
  readonly redact?: boolean | undefined
}

export function consoleMessage(_subject: DiagnosisSubject, _options: ConsoleOptions = {}): string | null {
  return null
}
