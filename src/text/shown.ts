/** Pieces of text that every message is made of: values quoted, escaped, cut and redacted alike. */
import { isSecretHeader, REDACTED, redactLocation, redactText, redactUrl } from './redact.js'

/**
 * What no terminal shows as it is, and no reader sees: control, formatting, bidirectional, zero-width and other ignorable characters,
 * private and unassigned ones, lone surrogates, line separators, and every space but the common one.
 */
const UNSEEN = String.raw`[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]`

let unseen: RegExp | undefined

/** Made with the first message: as a literal, its Unicode classes would be a tenth of what importing the package costs. */
function unseenCharacters(): RegExp {
  unseen ??= new RegExp(UNSEEN, 'gu')
  return unseen
}

/** Text made harmless for a terminal and honest for a reader: what is not seen is escaped as in a JavaScript string. */
export function escapeControls(text: string): string {
  return text.replace(unseenCharacters(), escapeCharacter)
}

/** As {@link escapeControls}, with line breaks kept. */
export function escapeLines(text: string): string {
  return text.replace(unseenCharacters(), (character) =>
    character === '\n' ? character : escapeCharacter(character),
  )
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number
  const digits = code.toString(16)
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`
}

/** The longest value shown whole. */
const LONGEST_VALUE = 160

/**
 * Cuts a long text in the middle and says how long it was.
 * @example cutMiddle('aaaa…', 40) // 'aaaaaaaaaaaaaaaaaaaa … [2,048 characters] … aaaaaaaa'
 */
export function cutMiddle(text: string, longest = LONGEST_VALUE): string {
  if (text.length <= longest) return text
  const half = Math.floor(longest / 2)
  const end = Math.floor(half / 2)
  return `${text.slice(0, half)} … [${grouped(text.length)} characters] … ${text.slice(-end)}`
}

/** A number with commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** Text from outside, already redacted, as it may be shown: cut in the middle and escaped, where escapes may make it long again. */
function harmless(redacted: string): string {
  return cutMiddle(escapeControls(cutMiddle(redacted)))
}

/** Text from a server or a page, as it may be shown: secrets redacted, unseen characters escaped, cut in the middle. */
export function shown(text: string): string {
  return harmless(redactText(text))
}

/** A value in back quotes, so that white space at its ends is seen. */
export function quoted(text: string): string {
  return `\`${shown(text)}\``
}

/** A string that was given, which may be meant as a URL: `"…"`. */
export function literal(text: string): string {
  return `"${harmless(redactLocation(text)).replaceAll('"', '\\"')}"`
}

/** An argument as the user wrote it, or is to write it: `'…'`. */
export function argument(text: string): string {
  return `'${harmless(redactLocation(text))}'`
}

/** A header's value as it may be shown: secrets redacted. */
export function shownValue(name: string, value: string): string {
  return isSecretHeader(name) ? REDACTED : shown(value)
}

/** A URL, or what was meant to be one, as it may be shown: no user info, no values of secret parameters. */
export function shownUrl(url: string | URL): string {
  return harmless(redactUrl(url))
}

/** As many things as a sentence names. */
const LONGEST_LIST = 12

/** Things in a row, separated by commas; of many the first, and how many there are besides. */
export function row(items: readonly string[]): string {
  if (items.length <= LONGEST_LIST) return items.join(', ')
  return `${items.slice(0, LONGEST_LIST).join(', ')}, … ${grouped(items.length - LONGEST_LIST)} more`
}

/**
 * Words in a row; of many the first, and how many there are besides.
 * @example listed(['a', 'b', 'c']) // 'a, b and c'
 */
export function listed(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('')
  if (items.length > LONGEST_LIST)
    return `${items.slice(0, LONGEST_LIST).join(', ')} ${conjunction} ${grouped(items.length - LONGEST_LIST)} more`
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const

/** How many there are: `1,200 cells`. */
export function numberOf(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** A small number in words: `two`. */
export function counted(count: number): string {
  return NUMBERS[count] ?? String(count)
}

/** A first letter in upper case. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
