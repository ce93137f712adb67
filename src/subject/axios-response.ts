/** A response of axios, over any of its adapters. */
import { countsRedirects, sentBy } from './incoming-message.js'
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { hasMethods, membersOf, stringOf } from './shape.js'

export const axiosResponse: Reader = (value) => {
  const config = membersOf(value, 'config')
  if (typeof value.status !== 'number' || config === undefined || !('data' in value) || !('headers' in value))
    return undefined
  const request = membersOf(value, 'request')
  const sent = request?.headers
  const base = {
    client: 'axios',
    status: value.status,
    url: stringOf(config, 'url'),
    sentMethod: stringOf(config, 'method')?.toUpperCase(),
  }
  if (hasMethods(request, 'getAllResponseHeaders')) {
    return {
      ...base,
      lines: readLines(value.headers),
      joinsLines: true,
      filtered:
        "axios read it through the test environment's XMLHttpRequest, which shows what a page's script may see; give axios { adapter: 'http' }",
    }
  }
  // The http adapter: the ClientRequest holds its IncomingMessage.
  const incoming = request === undefined ? undefined : membersOf(request, 'res')
  if (Array.isArray(incoming?.rawHeaders)) {
    return {
      ...base,
      lines: readLines(incoming.rawHeaders),
      joinsLines: false,
      ...sentBy(request),
      followedRedirects: countsRedirects(request),
    }
  }
  // The fetch adapter keeps the Request, but not the Response, which would tell whether it was redirected.
  const follows = config.maxRedirects !== 0 && (stringOf(request, 'redirect') ?? 'follow') === 'follow'
  return {
    ...base,
    lines: readLines(value.headers),
    joinsLines: true,
    sent: readLines(sent),
    followedRedirects: follows && 'unseen',
  }
}
