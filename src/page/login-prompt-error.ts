import { deviationsOf, engineOf } from '../engines/profiles.js'
import { argument, quoted, shownUrl } from '../text/shown.js'
import { hasBrand } from '../text/usage-error.js'
import type { Journey, Verdict } from '../verdict/verdict.js'

const BRAND = Symbol.for('expect-cors.LoginPromptError')

/**
 * What a page's script would still be waiting for: the browser asks the user for a name and a password. No browser rejects here, nor does a test do well to
 * wait; so this says it. Recognised by brand, as {@link CorsError} is.
 */
export class LoginPromptError extends Error {
  override readonly name = 'LoginPromptError'
  readonly [BRAND] = true
  readonly verdict: Verdict
  readonly journey: Journey

  constructor(journey: Journey) {
    const { engine, hop, prompt, origin: page } = journey.verdict
    const { origin } = new URL(hop.url)
    // DEVIATION: logins are known to pages of one site.
    const elsewhere =
      page === origin || !deviationsOf(engine).login.partitioned
        ? ''
        : ', which pages of that site alone have here'
    super(
      `${engineOf(engine).name} asks the user for a name and a password for ${shownUrl(hop.url)} (realm ${quoted(prompt?.realm ?? '')}), and the script gets nothing until they answer. Say what they answered before with openPage(…, { logins: { ${argument(origin)}: { username, password } } })${elsewhere}; or have the server respond to scripts without a WWW-Authenticate that names Basic`,
    )
    this.verdict = journey.verdict
    this.journey = journey
    Object.defineProperties(this, { verdict: { enumerable: false }, journey: { enumerable: false } })
  }
}

/** Whether a value is a {@link LoginPromptError} of any copy of this package. */
export function isLoginPromptError(value: unknown): value is LoginPromptError {
  return hasBrand(value, BRAND)
}
