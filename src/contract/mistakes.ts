/** What is wrong with a contract: where in the document, what, and the fix. All of it is said in one error. */

import { grouped, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'

/** The way to a value: keys, and positions in lists. */
export type DocumentPath = readonly (string | number)[]

export interface Mistake {
  readonly path: DocumentPath
  /** What is wrong and what to write instead: what follows the path in a sentence. */
  readonly text: string
  /** Whether the key itself is wrong, and not what it holds. */
  readonly atKey: boolean
  /** Where it is known already. */
  readonly position?: Position
}

/** Where a document's text has a value. Both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What a contract was read from, as messages name it. */
export interface ContractSource {
  /** `defineCorsContract()`, or the file. */
  readonly name: string
  /** What it is. @default 'contract' */
  readonly noun?: string
  /** In a file. */
  readonly locate?: (path: DocumentPath, atKey: boolean) => Position | undefined
}

/** What is wrong with a document, each thing once: what is wrong with a contract is wrong in each of its environments. */
export class Mistakes {
  readonly #found = new Map<string, Mistake>()

  get all(): readonly Mistake[] {
    return [...this.#found.values()]
  }

  add(mistake: Mistake): void {
    const key = JSON.stringify([mistake.path, mistake.text, mistake.position])
    if (!this.#found.has(key)) this.#found.set(key, mistake)
  }
}

/** A place in a contract that is being checked; what is wrong there is added to one list for the whole document. */
export class Place {
  readonly path: DocumentPath
  readonly #mistakes: Mistakes

  constructor(mistakes: Mistakes, path: DocumentPath = []) {
    this.path = path
    this.#mistakes = mistakes
  }

  at(...keys: DocumentPath): Place {
    return new Place(this.#mistakes, [...this.path, ...keys])
  }

  /** @param text follows the path in a sentence: `must be …`, or begins with a colon */
  refuse(text: string): void {
    this.#mistakes.add({ path: this.path, text, atKey: false })
  }

  refuseKey(text: string): void {
    this.#mistakes.add({ path: this.path, text, atKey: true })
  }
}

/**
 * A path as a script would write it.
 * @example pathText(['routes', 'PUT /orders/:id', 'maxAge']) // "routes['PUT /orders/:id'].maxAge"
 */
function pathText(path: DocumentPath): string {
  let text = ''
  for (const key of path) {
    if (/^\d+$/.test(String(key))) text += `[${key}]`
    else if (/^[a-z_$][\w$]*$/i.test(String(key))) text += text === '' ? key : `.${key}`
    else text += `['${shown(String(key))}']`
  }
  return text
}

/** As many mistakes as one error tells. */
const MOST_MISTAKES = 50

/** One error that tells all mistakes; those of a file in its order. */
export function contractError(
  mistakes: readonly Mistake[],
  { name, noun = 'contract', locate }: ContractSource,
): CorsUsageError {
  const placed = mistakes.map((mistake) => ({
    said: sentence(mistake, noun),
    position: mistake.position ?? locate?.(mistake.path, mistake.atKey),
  }))
  placed.sort(({ position: a }, { position: b }) => (a && b ? a.line - b.line || a.column - b.column : 0))
  const lines = placed
    .slice(0, MOST_MISTAKES)
    .map(({ said, position }) => (position ? `${name}:${position.line}:${position.column}: ${said}` : said))
  if (lines.length < placed.length) lines.push(`… and ${grouped(placed.length - lines.length)} more`)
  const [only] = placed
  if (placed.length === 1) return new CorsUsageError(only?.position ? `${lines[0]}` : `${name}: ${lines[0]}`)
  return new CorsUsageError(
    [`${name}: ${grouped(placed.length)} mistakes in the ${noun}`, ...lines.map((line) => `  ${line}`)].join(
      '\n',
    ),
  )
}

function sentence({ path, text }: Mistake, noun: string): string {
  const what = path.length === 0 ? `the ${noun}` : pathText(path)
  return text.startsWith(':') ? `${what}${text}` : `${what} ${text}`
}
