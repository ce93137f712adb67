/** What an installed page says of a request that was blocked: the code that asked may swallow the error, or never see one. */
import { diagnosis } from '../diagnose/diagnosis.js'
import type { CorsUsageError } from '../text/usage-error.js'
import { type CorsError, isCorsError } from './cors-error.js'

/**
 * @param onBlocked is told of what was blocked, instead of the console
 */
export function sayTo(
  onBlocked: ((error: CorsError) => void) | undefined,
): (error: CorsError | CorsUsageError) => void {
  return (error) => {
    if (!isCorsError(error)) console.error(`expect-cors: ${error.message}`)
    else if (onBlocked === undefined) console.error(words(error))
    else tell(onBlocked, error)
  }
}

/** As the engine's console has it; the standard has no console. Then the reason, which no console tells. */
function words({ journey, message }: CorsError): string {
  const { consoleMessage, summary } = diagnosis().explainCors(journey)
  return `${consoleMessage ?? summary}\n${message}`
}

/** What it throws is nobody's answer to the request. */
function tell(onBlocked: (error: CorsError) => void, error: CorsError): void {
  try {
    onBlocked(error)
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown
    })
  }
}
