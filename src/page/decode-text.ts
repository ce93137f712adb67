/** Text in a character encoding, as browsers decode it. */

/** The bytes 0x80 to 0x9F in windows-1252, which is what `iso-8859-1` and `us-ascii` stand for. @see https://encoding.spec.whatwg.org/#windows-1252 */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

/** Decodes bytes, in the encoding that a byte order mark names, else as UTF-8 where no encoding has that label. @see https://encoding.spec.whatwg.org/#decode */
export function decodeText(bytes: Uint8Array, label: string): string {
  const decoder = decoderOf(markedEncoding(bytes) ?? label)
  const text = decoder.decode(bytes)
  // Node reads windows-1252 as if it were ISO 8859-1.
  return decoder.encoding === 'windows-1252'
    ? text.replace(
        /[\u0080-\u009f]/g,
        (control: string) => WINDOWS_1252[control.charCodeAt(0) - 0x80] as string,
      )
    : text
}

/** @see https://encoding.spec.whatwg.org/#bom-sniff */
function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xff && second === 0xfe ? 'utf-16le' : null
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder()
  }
}
