/** Playwright's `APIResponse`, whose facts are methods. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { call, hasMethods } from './shape.js'

export const playwrightResponse: Reader = (value) => {
  if (!hasMethods(value, 'status', 'headersArray')) return undefined
  const headers = call(value, 'headersArray')
  const url = hasMethods(value, 'url') ? call(value, 'url') : undefined
  return {
    client: 'Playwright',
    status: call(value, 'status'),
    // That of a page's Response is a promise.
    lines: Array.isArray(headers) ? readLines(headers) : undefined,
    joinsLines: false,
    url: typeof url === 'string' ? url : undefined,
    followedRedirects: 'unseen',
  }
}
