/** Words for what the engines let through and the Fetch Standard does not. */
import type { Profile } from '../engines/profiles.js'
import type { Warning } from '../fetch/fetch-context.js'
import { quoted } from '../text/shown.js'
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
