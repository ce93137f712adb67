/** HTML and XML in which nothing that came from outside is markup. */

import { escapeLines } from './shown.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text for an element or a quoted attribute of HTML or XML. What XML 1.0 does not allow, and what no reader sees, is escaped as in a JavaScript
 * string.
 */
export function escapedMarkup(text: string): string {
  return escapeLines(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

/** As {@link escapedMarkup}, of prose: what stands in back quotes is `<code>`. */
export function proseMarkup(prose: string): string {
  const parts = prose.split('`')
  // Back quotes that do not pair up are part of a value.
  if (parts.length % 2 === 0 || prose.includes('``')) return escapedMarkup(prose)
  return parts
    .map((part, index) => (index % 2 === 1 ? `<code>${escapedMarkup(part)}</code>` : escapedMarkup(part)))
    .join('')
}
