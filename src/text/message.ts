/** The one place every message goes through: whatever a server or a caller put into it, it stays short, harmless and free of secrets. */
import { redactText } from './redact.js'
import { cutMiddle, escapeLines, grouped } from './shown.js'

/** Lines of a message at most. */
const MOST_LINES = 100
/** A line of what was exchanged, which starts with `>`, `<`, `✗` or `→`, and a line of words. */
const LONGEST_LINE = 200
const LONGEST_SENTENCE = 1000
/** As much as 100 lines of 200 characters hold. */
const MOST_CHARACTERS = MOST_LINES * LONGEST_LINE

/** Lines that are left where many are not: those that decide. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours stand before them
const DECIDES = /^(?:\s|\x1b\[\d+m)*[✗→]/
const EXCHANGED = /^\s*[><✗→] /

/** The message of an error, as it may be shown. */
export function errorMessage(text: string): string {
  return bounded(escapeLines(redactText(text)))
}

/**
 * An error that another one names as its cause, which runners print whole: itself where its texts may be shown as they are, else one like it
 * with texts that may.
 */
export function harmlessError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? errorMessage(error) : error
  const { message, stack, cause } = error
  // A client may add what it could not read.
  const texts = Object.entries({ ...error, message, stack }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const changed = texts
    .map(([name, text]) => [name, errorMessage(text)] as const)
    .filter(([name, text]) => text !== (error as unknown as Record<string, unknown>)[name])
  const below = cause === undefined ? cause : harmlessError(cause)
  if (changed.length === 0 && below === cause) return error
  const values = [...changed, ...(below === cause ? [] : [['cause', below] as const])]
  return Object.create(
    error,
    Object.fromEntries(values.map(([name, value]) => [name, { value, configurable: true, writable: true }])),
  ) as Error
}

/**
 * A message within its bound: long lines cut in the middle; of many lines the first, the last and those that decide, with what was left out
 * said in between.
 */
export function bounded(message: string): string {
  if (message.length <= LONGEST_LINE) return message
  const lines = message.split('\n').map(cutLine)
  const short = lines.length <= MOST_LINES ? lines : fewer(lines, MOST_LINES)
  const text = short.join('\n')
  return text.length <= MOST_CHARACTERS
    ? text
    : fewer(lines, Math.floor(MOST_LINES / 4))
        .map((line) => cutMiddle(line, LONGEST_LINE * 2))
        .join('\n')
}

function cutLine(line: string): string {
  // Room for the words that say how much was cut.
  return cutMiddle(line, EXCHANGED.test(line) ? LONGEST_LINE : LONGEST_SENTENCE)
}

/** The first half of what is shown, the last quarter, and the first lines that decide between them. */
function fewer(lines: readonly string[], most: number): string[] {
  const head = Math.floor(most / 2)
  const tail = lines.length - Math.floor(most / 4)
  let deciding = Math.floor(most / 8)
  const shown: string[] = []
  let left = 0
  const sayLeft = (): void => {
    if (left > 0) shown.push(`… ${grouped(left)} ${left === 1 ? 'line' : 'lines'} left out …`)
    left = 0
  }
  for (const [index, line] of lines.entries()) {
    const kept = index < head || index >= tail || (DECIDES.test(line) && deciding-- > 0)
    if (!kept) {
      left += 1
      continue
    }
    sayLeft()
    shown.push(line)
  }
  sayLeft()
  return shown
}
