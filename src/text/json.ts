import { isSecretHeader, REDACTED, redactLocation, redactText } from './redact.js'
import { escapeControls } from './shown.js'

/** Plain data as JSON that may be shown: secrets redacted, and what no reader sees escaped. */
export function shownJson(data: unknown): string {
  const text = JSON.stringify(redacted(data), null, 2)
  // JSON leaves some characters as they are that a terminal acts on.
  return text.split('\n').map(escapeForJson).join('\n')
}

function escapeForJson(line: string): string {
  return line.replace(/[^\n\x20-\x7e]/gu, (character) => {
    const escaped = escapeControls(character)
    return escaped === character
      ? character
      : Array.from({ length: character.length }, (_, at) => unit(character, at)).join('')
  })
}

function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
}

const WHOLE_URL = /^(?:[a-z][a-z\d+.-]*:|[\\/])\S*$/i

/** Secrets replaced, wherever they are: header lines by their name, the rest by its look. */
function redacted(data: unknown): unknown {
  if (typeof data === 'string') return WHOLE_URL.test(data) ? redactLocation(data) : redactText(data)
  if (Array.isArray(data)) {
    const [name, value] = data as unknown[]
    if (data.length === 2 && typeof name === 'string' && typeof value === 'string' && isSecretHeader(name))
      return [name, REDACTED]
    return data.map(redacted)
  }
  if (typeof data !== 'object' || data === null) return data
  const { name, header = name, value } = data as { name?: unknown; header?: unknown; value?: unknown }
  const isSecret = typeof header === 'string' && typeof value === 'string' && isSecretHeader(header)
  return Object.fromEntries(
    Object.entries(data).map(([key, each]) => [key, isSecret && key === 'value' ? REDACTED : redacted(each)]),
  )
}
