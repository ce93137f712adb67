/** JSON with the place of each key and value, which `JSON.parse` does not tell. @see https://www.rfc-editor.org/rfc/rfc8259 */

import { literal } from '../text/shown.js'
import {
  type DocumentNode,
  documentNode,
  positionIn,
  type ReadDocument,
  repeatedKeys,
  unreadable,
} from './document-tree.js'

const BLANK = /[ \t\r\n]*/y
const SCALAR = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null/y
/** More than any contract; a reader that calls itself has an end. */
const DEEPEST = 200

export function readJson(text: string): ReadDocument {
  const reader = new JsonReader(text)
  try {
    const { node, value } = reader.read()
    return { value, root: node, mistakes: repeatedKeys(node) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return unreadable(`is not valid JSON: ${error.message}`, positionIn(text, reader.offset))
  }
}

interface Read {
  readonly node: DocumentNode
  readonly value: unknown
}

class JsonReader {
  offset = 0
  readonly #text: string
  /** Where the last known line starts. */
  #line = 1
  #lineStart = 0
  #counted = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Read {
    const read = this.#value(0)
    if (this.#next() !== '') throw new SyntaxError(`nothing may follow the value; found ${this.#found()}`)
    return read
  }

  #value(depth: number): Read {
    const first = this.#next()
    if (depth > DEEPEST) throw new SyntaxError('it is nested too deeply')
    const node = documentNode(this.#position())
    if (first === '{') return { node, value: this.#object(node, depth) }
    if (first === '[') return { node, value: this.#array(node, depth) }
    return { node, value: this.#scalar('a value') }
  }

  #object(node: DocumentNode, depth: number): unknown {
    const entries: [string, unknown][] = []
    this.offset += 1
    for (let first = true; this.#next() !== '}'; first = false) {
      if (!first) this.#expect(',')
      if (this.#next() !== '"')
        throw new SyntaxError(`expected a key in double quotes; found ${this.#found()}`)
      const position = this.#position()
      const key = this.#scalar('a key') as string
      this.#expect(':')
      const { node: child, value } = this.#value(depth + 1)
      node.members.push({ key, position, node: child })
      entries.push([key, value])
    }
    this.offset += 1
    return Object.fromEntries(entries)
  }

  #array(node: DocumentNode, depth: number): unknown {
    const items: unknown[] = []
    this.offset += 1
    for (let first = true; this.#next() !== ']'; first = false) {
      if (!first) this.#expect(',')
      const { node: child, value } = this.#value(depth + 1)
      node.items.push(child)
      items.push(value)
    }
    this.offset += 1
    return items
  }

  #scalar(what: string): unknown {
    SCALAR.lastIndex = this.offset
    const token = SCALAR.exec(this.#text)?.[0]
    if (token === undefined) throw new SyntaxError(`expected ${what}; found ${this.#found()}`)
    let value: unknown
    try {
      value = JSON.parse(token)
    } catch {
      throw new SyntaxError(`${literal(token)} is not a JSON ${token.startsWith('"') ? 'string' : 'number'}`)
    }
    this.offset += token.length
    return value
  }

  #expect(character: string): void {
    if (this.#next() !== character)
      throw new SyntaxError(`expected ${character} here; found ${this.#found()}`)
    this.offset += 1
  }

  /** The next character that is not blank; empty at the end. */
  #next(): string {
    BLANK.lastIndex = this.offset
    this.offset += BLANK.exec(this.#text)?.[0].length ?? 0
    return this.#text[this.offset] ?? ''
  }

  #found(): string {
    const rest = this.#text.slice(this.offset, this.offset + 20).split(/[\r\n]/)[0] as string
    if (this.offset >= this.#text.length) return 'the end of the file'
    return rest.startsWith('//') || rest.startsWith('/*')
      ? 'a comment, which JSON does not have'
      : literal(rest)
  }

  #position(): { line: number; column: number } {
    for (; this.#counted < this.offset; this.#counted += 1)
      if (this.#text[this.#counted] === '\n') {
        this.#line += 1
        this.#lineStart = this.#counted + 1
      }
    return { line: this.#line, column: this.offset - this.#lineStart + 1 }
  }
}
