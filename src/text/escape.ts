/**
 * What no terminal shows as it is, and no reader sees: control, formatting, bidirectional, zero-width and other ignorable characters,
 * private and unassigned ones, lone surrogates, line separators, and every space but the common one.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]/gu

/** Text made harmless for a terminal and honest for a reader: what is not seen is escaped as in a JavaScript string. */
export function escapeControls(text: string): string {
  return text.replace(UNSEEN, escapeCharacter)
}

/** As {@link escapeControls}, with line breaks kept. */
export function escapeLines(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escapeCharacter(character)))
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) as number
  const digits = code.toString(16)
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`
}
