/** YAML with the place of each key and value. The package `yaml` is an optional peer, loaded when there is a file for it. */

import { createRequire } from 'node:module'
import { shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import {
  type DocumentNode,
  documentNode,
  type ReadDocument,
  repeatedKeys,
  unreadable,
} from './document-tree.js'
import type { Position } from './mistakes.js'

type Yaml = typeof import('yaml')
type Node = import('yaml').Node
type Document = import('yaml').Document
type LineCounter = import('yaml').LineCounter

/** @param file as messages name it */
export function readYaml(text: string, file: string): ReadDocument {
  const yaml = loadYaml(file)
  // Keys that stand twice are told as those of JSON are, with their path.
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
  })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem?.code === 'MULTIPLE_DOCS')
    return unreadable(
      'has several documents in it; leave one, without ---',
      positionOf(lines, problem.pos[0]),
    )
  if (problem !== undefined)
    return unreadable(
      `is not valid YAML: ${shown(problem.message)}${hintFor(text, problem.pos[0])}`,
      positionOf(lines, problem.pos[0]),
    )
  if (document.contents === null) return unreadable('is empty', { line: 1, column: 1 })
  const root = new TreeBuilder(yaml, document, lines).node(document.contents as Node)
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }), root, mistakes: repeatedKeys(root) }
  } catch (error) {
    return unreadable(`is not valid YAML: ${shown((error as Error).message)}`, root.position)
  }
}

function loadYaml(file: string): Yaml {
  try {
    return createRequire(import.meta.url)('yaml') as Yaml
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new CorsUsageError(
      `${shown(file)} is YAML, which the package "yaml" reads, and it is not installed: run \`npm install --save-dev yaml\`, or write the contract as JSON`,
    )
  }
}

/** In YAML, what stands for any origin is the start of an alias. */
function hintFor(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 40), offset + 1)
  return /\*\s*$/.test(before) || text[offset] === '*' ? "; write '*' in quotes" : ''
}

/** A key as the value has it; `<<` is a symbol to the package. */
function nameOf(key: unknown): string {
  return typeof key === 'symbol' ? (key.description ?? '') : String(key)
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

class TreeBuilder {
  readonly #yaml: Yaml
  readonly #document: Document
  readonly #lines: LineCounter
  /** An anchor's node is one, however often it is named; it may even name itself. */
  readonly #known = new Map<Node, DocumentNode>()

  constructor(yaml: Yaml, document: Document, lines: LineCounter) {
    this.#yaml = yaml
    this.#document = document
    this.#lines = lines
  }

  node(given: Node): DocumentNode {
    const { isAlias, isMap, isSeq } = this.#yaml
    if (isAlias(given)) {
      const anchored = given.resolve(this.#document)
      // What is wrong with what an alias stands for is wrong where that is written; the alias itself has a place too.
      return anchored === undefined
        ? documentNode(this.#position(given))
        : { ...this.node(anchored), position: this.#position(given) }
    }
    const known = this.#known.get(given)
    if (known !== undefined) return known
    const built = documentNode(this.#position(given))
    this.#known.set(given, built)
    if (isMap(given)) this.#fill(built, given.items as readonly { key: unknown; value: unknown }[])
    if (isSeq(given)) for (const item of given.items) built.items.push(this.node(item as Node))
    return built
  }

  #fill(built: DocumentNode, pairs: readonly { readonly key: unknown; readonly value: unknown }[]): void {
    const { isScalar, isSeq, isNode } = this.#yaml
    for (const { key, value } of pairs) {
      const position = isNode(key) ? this.#position(key) : built.position
      const child = isNode(value) ? this.node(value) : documentNode(position)
      const name = isScalar(key) ? nameOf(key.value) : String(key)
      if (name !== '<<') built.members.push({ key: name, position, node: child })
      else if (isSeq(value)) built.merged.push(...child.items)
      else built.merged.push(child)
    }
  }

  #position(node: Node): Position {
    return positionOf(this.#lines, node.range?.[0] ?? 0)
  }
}
