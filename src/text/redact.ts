/** Secrets stay out of everything that is shown. */

/** What stands where a secret was. */
export const REDACTED = '[redacted]'

const SECRET_WORD = /token|key|secret/i
const SECRET_HEADER = /^(?:proxy-)?authorization$|^(?:set-)?cookie2?$|token|key|secret/i

/** Whether values of this header are never shown. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name)
}

/** A URL without user info. */
export function redactUserInfo(url: URL): string {
  const { href } = url
  if (!href.includes('@') || (url.username === '' && url.password === '')) return href
  const copy = new URL(href)
  copy.username = ''
  copy.password = ''
  return copy.href.replace('//', `//${REDACTED}@`)
}

/** A URL as it may be shown: without user info, and with the values of secret query parameters replaced. */
export function redactUrl(url: string | URL): string {
  if (!URL.canParse(String(url))) return String(url)
  const shown = redactUserInfo(new URL(url))
  return shown.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, separator: string, name: string) =>
    SECRET_WORD.test(name) ? `${separator}${name}=${REDACTED}` : whole,
  )
}

/**
 * Secrets in running text and in what is no parsable URL (a relative or broken `Location`): user info and values of secret parameters.
 * @example redactText('/login?token=abc') // '/login?token=[redacted]'
 */
export function redactText(text: string): string {
  return text
    .replace(
      /([?&;]\s*)([^=&#;\s]*(?:token|key|secret)[^=&#;\s]*)=([^&#\s,'"`\u2019)]*)/gi,
      `$1$2=${REDACTED}`,
    )
    .replace(/([\\/]{2})(?:[^ \n/?#\\,]|,(?! ))+@/g, `$1${REDACTED}@`)
}

/** The value of a `Location`, or another text that is meant to be a URL, as it may be shown; otherwise as it came. */
export function redactLocation(value: string): string {
  const text = redactText(value)
  if (!text.includes('@') || text.includes(`${REDACTED}@`) || !URL.canParse(text)) return text
  // `https:user@host` and the like hold user info too.
  return redactUserInfo(new URL(text))
}

/** Text from a server, made harmless for a terminal: control characters and bytes that are no printable text are escaped. */
export function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0)
    return code <= 0xff
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
