/** A file as a tree of places, whatever its format: where each key and value stands, and which keys stand twice. */

import type { DocumentPath, Mistake, Position } from './mistakes.js'

export interface DocumentNode {
  readonly position: Position
  readonly members: DocumentMember[]
  readonly items: DocumentNode[]
  /** What YAML's `<<` takes over from. */
  readonly merged: DocumentNode[]
}

interface DocumentMember {
  readonly key: string
  readonly position: Position
  readonly node: DocumentNode
}

/** What was read from a file. Where that did not work there are mistakes and no value. */
export interface ReadDocument {
  readonly value: unknown
  readonly root: DocumentNode | undefined
  readonly mistakes: readonly Mistake[]
}

export function documentNode(position: Position): DocumentNode {
  return { position, members: [], items: [], merged: [] }
}

/** A document that cannot be read. @param text follows "the contract" in a sentence */
export function unreadable(text: string, position: Position): ReadDocument {
  return { value: undefined, root: undefined, mistakes: [{ path: [], text, atKey: false, position }] }
}

/** Where a path leads to, or the last place on the way there. */
export function locate(root: DocumentNode, path: DocumentPath, atKey: boolean): Position {
  let node = root
  let { position } = root
  for (const [index, step] of path.entries()) {
    const member = memberOf(node, String(step))
    const next = member?.node ?? node.items[Number(step)]
    if (next === undefined) return position
    const isLast = index === path.length - 1
    // A list or an object that begins in the next line is found by its key.
    const besideKey = member === undefined || member.position.line >= next.position.line
    position = besideKey && isLast && !atKey ? next.position : (member?.position ?? next.position)
    node = next
  }
  return position
}

function memberOf(
  node: DocumentNode,
  key: string,
  seen = new Set<DocumentNode>(),
): DocumentMember | undefined {
  if (seen.has(node)) return undefined
  seen.add(node)
  const own = node.members.find((member) => member.key === key)
  if (own !== undefined) return own
  for (const other of node.merged) {
    const member = memberOf(other, key, seen)
    if (member !== undefined) return member
  }
  return undefined
}

/** Keys that stand twice in one object: what one of them says would be lost without a word. */
export function repeatedKeys(
  node: DocumentNode,
  path: DocumentPath = [],
  seen = new Set<DocumentNode>(),
): Mistake[] {
  if (seen.has(node)) return []
  seen.add(node)
  const mistakes: Mistake[] = []
  const known = new Map<string, Position>()
  for (const { key, position, node: child } of node.members) {
    const first = known.get(key)
    if (first === undefined) known.set(key, position)
    else
      mistakes.push({
        path: [...path, key],
        text: `appears twice, first on line ${first.line}; write it once`,
        atKey: true,
        position,
      })
    mistakes.push(...repeatedKeys(child, [...path, key], seen))
  }
  for (const [index, item] of node.items.entries())
    mistakes.push(...repeatedKeys(item, [...path, index], seen))
  return mistakes
}

/** The line and column of an offset in a text. */
export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return { line: before.length, column: (before.at(-1) as string).length + 1 }
}
