/** What a request of `node:http2` gets as its response: the headers object of its `response` event, or `{ headers }` of that. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { type Members, membersOf } from './shape.js'

export const http2Headers: Reader = (value) => {
  const headers = isHttp2(value) ? value : membersOf(value, 'headers')
  if (headers === undefined || !isHttp2(headers)) return undefined
  return {
    client: 'node:http2',
    status: headers[':status'],
    lines: readLines(headers),
    // Node keeps the first line only of some, such as Access-Control-Allow-Credentials and Access-Control-Max-Age.
    joinsLines: true,
  }
}

function isHttp2(headers: Members): boolean {
  return typeof headers[':status'] === 'number'
}
