/** Words for what is not blocked: what the engines let through and the Fetch Standard does not, and what waits for a login. */
import { deviationsOf, engineOf, type Profile } from '../engines/profiles.js'
import type { Warning } from '../fetch/fetch-context.js'
import { argument, quoted, shownUrl } from '../text/shown.js'
import type { Verdict } from '../verdict/verdict.js'
import { engineNames } from './engines.js'

/**
 * A warning in words, for an assertion that holds.
 *
 * @param matcher the name of the assertion that holds all the same
 * @example warningText('toAllowPreflight', ['chromium', 'firefox', 'webkit'], warning)
 * // 'toAllowPreflight holds in Chromium, Firefox and WebKit, but in the Fetch Standard `*` in Access-Control-Allow-Headers does not cover …'
 */
export function warningText(matcher: string, engines: readonly Profile[], warning: Warning): string {
  return `${matcher} holds in ${engineNames(engines)}, but in the Fetch Standard ${STRICTER[warning.code](warning)} (${warning.section}). configure({ strict: true }) applies the standard; { strict: false } silences this warning.`
}

const STRICTER: Readonly<Record<Warning['code'], (warning: Warning) => string>> = {
  'wildcard-does-not-cover-authorization': () =>
    '`*` in Access-Control-Allow-Headers does not cover `Authorization`: list it by name',
  'standard-requires-preflight': ({ header }) =>
    header === undefined
      ? 'a preflight is sent, which the engines leave out'
      : `${quoted(header)} makes a preflight needed, which the engines leave out`,
  'empty-duplicate-line': ({ header = 'the header', value }) =>
    `the empty second line of ${header} counts${value === undefined ? '' : `, so its value is ${quoted(value)}`}: send it once`,
}

/**
 * Who asks for what, and how a test says what the user answered.
 * @example loginPromptText(verdict) // 'Chromium asks the user for a name and a password for https://api.example.com/orders (realm `orders`), and …'
 */
export function loginPromptText({ engine, hop, prompt, origin: page }: Verdict): string {
  const { origin } = new URL(hop.url)
  // DEVIATION: logins are known to pages of one site.
  const elsewhere =
    page === origin || !deviationsOf(engine).login.partitioned
      ? ''
      : ', which pages of that site alone have here'
  return `${engineOf(engine).name} asks the user for a name and a password for ${shownUrl(hop.url)} (realm ${quoted(prompt?.realm ?? '')}), and the script gets nothing until they answer. Say what they answered before with openPage(…, { logins: { ${argument(origin)}: { username, password } } })${elsewhere}; or have the server respond to scripts without a WWW-Authenticate that names Basic`
}
