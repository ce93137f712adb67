/** What an installed page says of a request that was blocked: the code that asked may swallow the error, or never see one. */
import { diagnosis } from '../diagnose/diagnosis.js'
import type { CorsUsageError } from '../text/usage-error.js'
import { type CorsError, isCorsError } from './cors-error.js'
import type { LoginPromptError } from './login-prompt-error.js'
import type { CallWatcher } from './page-fetch.js'

/**
 * Says what is blocked.
 * @param onBlocked is told of it, instead of the console
 */
export function watchFor(onBlocked: ((error: CorsError) => void) | undefined): () => CallWatcher {
  const watcher: CallWatcher = {
    failed(error) {
      if (onBlocked === undefined || !isCorsError(error)) sayOnConsole(error)
      else tell(onBlocked, error)
    },
    ended() {},
  }
  return () => watcher
}

/** On the console, as the engine would. */
export function sayOnConsole(error: CorsError | CorsUsageError | LoginPromptError): void {
  console.error(
    isCorsError(error) && error.verdict.outcome === 'blocked'
      ? words(error)
      : `expect-cors: ${error.message}`,
  )
}

/** As the engine's console has it; the standard has no console. Then the reason, which no console tells. */
function words({ journey, message }: CorsError): string {
  const { consoleMessage, summary } = diagnosis().explainCors(journey)
  return `${consoleMessage ?? summary}\n${message}`
}

/** What it throws has nothing to do with the request. */
function tell(onBlocked: (error: CorsError) => void, error: CorsError): void {
  try {
    onBlocked(error)
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown
    })
  }
}
