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
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colors stand before them
const DECIDES = /^(?:\s|\x1b\[\d+m)*[✗→]/
const EXCHANGED = /^\s*[><✗→] /

/** The message of an error, as it may be shown. */
export function errorMessage(text: string): string {
  return bounded(escapeLines(redactText(text)))
}

/** What every error tells, its own or its class's. */
const TOLD = ['name', 'message', 'stack', 'code']
/** Causes of causes beyond this are left out; an error may be its own. */
const DEEPEST_CAUSE = 8

/**
 * What another error names as its cause, which runners print whole: itself where it holds nothing but texts that may be shown as they are,
 * else an error like it with such texts alone. What else a client adds, a request with its headers say, is left out.
 */
export function harmlessError(error: unknown, depth = 0): unknown {
  if (typeof error === 'string') return errorMessage(error)
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return error
  if (depth > DEEPEST_CAUSE) return undefined
  const members: PropertyDescriptorMap = {}
  let isHarmless = true
  for (const key of new Set([...TOLD, ...Reflect.ownKeys(error)])) {
    const value = memberOf(error, key)
    const shown = isShown(key) ? harmlessMember(key, value, depth) : undefined
    if (shown !== value) isHarmless = false
    const enumerable = Object.getOwnPropertyDescriptor(error, key)?.enumerable === true
    if (shown !== undefined)
      members[key as string] = { value: shown, enumerable, configurable: true, writable: true }
  }
  if (isHarmless) return error
  // Told by its brand: it may be of another realm.
  const isError = Object.prototype.toString.call(error) === '[object Error]'
  return Object.create(isError ? Object.getPrototypeOf(error) : Error.prototype, members)
}

function memberOf(error: object, key: PropertyKey): unknown {
  try {
    return (error as Record<PropertyKey, unknown>)[key]
  } catch {
    return undefined
  }
}

function isShown(key: PropertyKey): boolean {
  return typeof key === 'symbol' || errorMessage(`${String(key)}=x`) === `${String(key)}=x`
}

function harmlessMember(key: PropertyKey, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return errorMessage(value)
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
  if (key === 'cause') return harmlessError(value, depth + 1)
  if (key !== 'errors' || !Array.isArray(value)) return undefined
  const errors = value.map((each: unknown) => harmlessError(each, depth + 1))
  return errors.every((each, index) => each === value[index]) ? value : errors
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
