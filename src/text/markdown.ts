/** Markdown in which nothing that came from outside is markup. */

import { escapeLines } from './shown.js'

/** A block of code whose fence is longer than any run of back quotes in it. */
export function fenced(code: string): string {
  const runs = code.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)))
  return `${fence}\n${escapeLines(code)}\n${fence}`
}

/**
 * Prose with its code spans kept, and all else literal: what a server sent must not become markup. Where back quotes do not pair up or
 * stand side by side, a value had one in it, and none of them is taken for a code span.
 */
export function inline(prose: string): string {
  const parts = escapeLines(prose).replace(/\n/g, ' ').split('`')
  if (parts.length % 2 === 0 || prose.includes('``')) return parts.map(plainMarkdown).join('\\`')
  return parts.map((part, index) => (index % 2 === 1 ? `\`${part}\`` : plainMarkdown(part))).join('')
}

/** Prose of which nothing is markup; URLs as code. */
export function plainMarkdown(prose: string): string {
  return prose
    .split(/(https?:\/\/[^\s,;()]*[^\s,;():.])/)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replace(/[\\*_{}[\]<>#|~!&]/g, '\\$&')))
    .join('')
}
