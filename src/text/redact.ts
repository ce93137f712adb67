/**
 * Secrets stay out of everything that is shown. Much of what is read here was written by a server, so that every pattern is linear: it takes
 * whole runs of characters, none of which it looks at twice.
 */

/** What stands where a secret was. */
export const REDACTED = '[redacted]'

const SECRET_NAME =
  /token|key|secret|passw(?:or)?d|passphrase|pwd|jwt|signature|^sig$|authori[sz]ation|cookie/i

/** Whether values of this header are never shown. */
export function isSecretHeader(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** Whether the value of a parameter or member of this name is never shown; the name may be percent-encoded. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.includes('%') ? percentDecoded(name) : name)
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

/** A URL as it may be shown: without user info, and with the values of secret parameters replaced, in path, query and fragment. */
export function redactUrl(url: string | URL): string {
  return redactLocation(String(url))
}

/**
 * What is meant to be a URL, absolute or not, parsable or not, as it may be shown; all else as it came.
 * @example redactLocation('/login;token=abc/next#access_token=def') // '/login;token=[redacted]/next#access_token=[redacted]'
 */
export function redactLocation(value: string): string {
  if (!SUSPECT.test(value)) return value
  return redactText(redactParameters(redactBroken(withoutUserInfo(value))))
}

/** `https:user@host` and what has white space in it hold user info too, which the parser alone finds. */
function withoutUserInfo(value: string): string {
  if (!value.includes('@')) return value
  if (!URL.canParse(value)) return value.replace(BROKEN_USER_INFO, `$1${REDACTED}@`)
  const url = new URL(value)
  return url.username === '' && url.password === '' ? value : redactUserInfo(url)
}

const BROKEN_USER_INFO = /^(\s*(?:[a-z][a-z\d+.-]*:)?[\\/]{2,})[^\\/?#]*@/i

/** `user:password@host`, of which the user looks like a scheme; but an address, or a version of a package. */
const NO_SCHEME = /^["'`(<]?(?!(?:mailto|sips?|xmpp|acct|npm|jsr|node):)[^:@]+:[^@]*@(?=[a-z[])/i

/** What a text needs to hold a secret that is known by its look. */
const SUSPECT = /[@=:%]|bearer|basic|eyJ/i

/**
 * Secrets in running text: user info of URLs; values of secret parameters, header lines and members of JSON; credentials after their scheme;
 * all of these in percent-encoded form too.
 * @example redactText('GET /login?token=abc failed') // 'GET /login?token=[redacted] failed'
 */
export function redactText(text: string): string {
  return SUSPECT.test(text) ? redactPlain(redactEncoded(text)) : text
}

/** Wherever it stands, in a path too: its start is that of an object in JSON, in base64url. @see https://www.rfc-editor.org/rfc/rfc7519#section-3.1 */
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)*/g

function redactPlain(text: string): string {
  return redactCredentials(redactNamed(redactUserInfoIn(text))).replace(JSON_WEB_TOKEN, REDACTED)
}

/** Runs that hold a secret once they are decoded are replaced whole. */
function redactEncoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:[^\s\\/?#&;=,:"'`<>(){}|]|:(?=%)|(?<=%..):)+/g, (run) => {
    if (!run.includes('%')) return run
    const decoded = percentDecoded(run)
    return decoded !== run && redactPlain(decoded) !== decoded ? REDACTED : run
  })
}

/** Percent-decoded as often as anybody nests a URL in another. */
function percentDecoded(text: string): string {
  let decoded = text
  for (let times = 0; times < 3; times++) {
    const next = decoded.replace(/%[\da-f]{2}/gi, (code) =>
      String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    )
    if (next === decoded) break
    decoded = next
  }
  return decoded
}

/** `user:password@`, after two slashes or a scheme that needs none. */
function redactUserInfoIn(text: string): string {
  if (!text.includes('@')) return text
  return text.replace(/\S+/g, redactBroken).replace(/[^\s\\/?#]+/g, (run, offset: number) => {
    const at = run.lastIndexOf('@')
    if (at < 0) return run
    if (/[\\/:][\\/]$/.test(text.slice(Math.max(0, offset - 2), offset))) return REDACTED + run.slice(at)
    const scheme = /^["'`(<]?(?:https?|wss?|ftp):/i.exec(run)?.[0]
    if (scheme !== undefined) return `${scheme}//${REDACTED}${run.slice(at)}`
    return NO_SCHEME.test(run) ? REDACTED + run.slice(at) : run
  })
}

/** What follows two slashes, up to the path. */
const AUTHORITY = /[\\/]{2}([^[\\/?#@]*)(?=[\\/?#])/g

/** User info up to the last `@`, of a URL that does not parse: its password has `/`, `?` or `#` in it, so that the start looks like a port. */
function redactBroken(url: string): string {
  const at = url.lastIndexOf('@')
  if (at < 0) return url
  for (const { 1: authority = '', index } of url.slice(0, at).matchAll(AUTHORITY)) {
    if (authority.includes(':') && !/:\d*$/.test(authority))
      return url.slice(0, index + 2) + REDACTED + url.slice(at)
  }
  return url
}

/** Parameters of what is one URL as a whole: in the path up to the next `;` or `/`, in query and fragment up to the next `&`. */
function redactParameters(url: string): string {
  if (!url.includes('=')) return url
  const path = url.search(/[?#]/)
  const end = path < 0 ? url.length : path
  return (
    replaceValues(url.slice(0, end), /[^;=\\/]+/g, /[^;\\/]+/y) +
    replaceValues(url.slice(end), /[^?&#;=]+/g, /[^&#]+/y)
  )
}

/** Replaces what follows a secret name and `=`. */
function replaceValues(text: string, names: RegExp, value: RegExp): string {
  let shown = ''
  let from = 0
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    if (text[names.lastIndex] !== '=' || !isSecretName(found[0])) continue
    value.lastIndex = names.lastIndex + 1
    if (!value.test(text)) continue
    shown += text.slice(from, names.lastIndex + 1) + REDACTED
    from = value.lastIndex
    names.lastIndex = from
  }
  return shown + text.slice(from)
}

const NAMES = /[^\s=&#;?"'`<>,:{}()|\\]+/g
/** Between a name and its value: `=`, `": "`, `\":\"`, `=>`. */
const SEPARATOR = /(\\{0,4}["'])?\s{0,4}(=>?|:)(\s{0,4})(?:[[({]{0,4}\s?(\\{0,4}["']))?/y
/** A quote, comma or semicolon in the midst of a word is part of it. */
const WORD = /(?:[^\s&#"'`\u2019<>,;]|["'](?=\w)|[,;](?!\s|$))+/y

/** `name=value`, `Name: value` and `"name": "value"` in running text. */
function redactNamed(text: string): string {
  let shown = ''
  let from = 0
  NAMES.lastIndex = 0
  for (let found = NAMES.exec(text); found !== null; found = NAMES.exec(text)) {
    const after = NAMES.lastIndex
    if (!isSecretName(found[0])) continue
    SEPARATOR.lastIndex = after
    const separator = SEPARATOR.exec(text)
    if (separator === null || !isNaming(found[0], separator)) continue
    const start = SEPARATOR.lastIndex
    if (PLACEHOLDER.test(text.slice(start, start + REDACTED.length))) continue
    if (isVariable(found[0], text, start)) continue
    const end = valueEnd(text, start, found, separator)
    if (end === start) continue
    shown += text.slice(from, start) + REDACTED
    from = end
    NAMES.lastIndex = end
  }
  return shown + text.slice(from)
}

/** Whether what follows a name is its value, and not a port, a path or the rest of a sentence. */
function isNaming(name: string, [, closing, sign, space, opening]: RegExpExecArray): boolean {
  if (closing !== undefined) return opening !== undefined || sign === '='
  if (sign !== ':') return true
  // An error's name before its message, and a file's before what is wrong in it.
  if (/(?:error|exception|\.(?:json|ya?ml))$/i.test(name)) return false
  return space !== '' || !/[/.@]/.test(name)
}

function valueEnd(text: string, start: number, name: RegExpExecArray, separator: RegExpExecArray): number {
  const [, closing, sign, , opening] = separator
  if (opening !== undefined) return endOfQuoted(text, start, opening)
  const isLine = sign === ':' && closing === undefined && /authori[sz]ation|cookie|-/i.test(name[0])
  if (!isLine) {
    WORD.lastIndex = start
    return WORD.test(text) ? WORD.lastIndex : start
  }
  const quote = text[name.index - 1]
  const line = quote === '"' || quote === "'" || quote === '`' ? LINES[quote] : LINES.none
  line.lastIndex = start
  return line.test(text) ? line.lastIndex : start
}

/** A header line up to its end, or to the quote that it stands in. */
const LINES = { '"': /[^"\r\n]+/y, "'": /[^'\r\n]+/y, '`': /[^`\r\n]+/y, none: /[^`\r\n]+/y } as const
const QUOTED = { '"': /(?:[^"\\]|\\.)*/sy, "'": /(?:[^'\\]|\\.)*/sy } as const

function endOfQuoted(text: string, start: number, opening: string): number {
  if (opening !== '"' && opening !== "'") {
    const end = text.indexOf(opening, start)
    return end < 0 ? text.length : end
  }
  const value = QUOTED[opening]
  value.lastIndex = start
  return value.test(text) ? value.lastIndex : start
}

/** What only stands for a value: redacted already, or part of an example. */
const PLACEHOLDER = /^(?:\[redacted\]|…|\$|<|Bearer …)/

/** The environment variable that a command takes a secret from, `AUTHORIZATION` for `authorization`: what stands for its value, `authorization=@AUTHORIZATION`. */
export function variableFor(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}

function isVariable(name: string, text: string, start: number): boolean {
  const reference = `@${variableFor(name)}`
  return text.startsWith(reference, start) && !/[^\s"',}]/.test(text.charAt(start + reference.length))
}

/** What follows `Bearer` or `Basic` where it names the scheme and not credentials. */
const PROSE =
  /^(?:auth|authentication|authorization|tokens?|credentials?|schemes?|headers?|\[redacted\]|…|\$|<)/i

/** `Bearer abc`, wherever it stands; but not a challenge, `Bearer realm="…"`. */
function redactCredentials(text: string): string {
  return text.replace(
    /\b(Bearer|Basic)(\s{1,8})([^\s,;"'`<>)]+)/gi,
    (whole, scheme: string, space: string, credentials: string, offset: number) => {
      const rest = text.slice(offset + whole.length, offset + whole.length + 1)
      if (PROSE.test(credentials) || /^[a-z_]+=["']?[^=]/i.test(credentials + rest)) return whole
      if (/^basic$/i.test(scheme) && /^[a-z]*[.:]?$/.test(credentials)) return whole
      return `${scheme}${space}${REDACTED}`
    },
  )
}
