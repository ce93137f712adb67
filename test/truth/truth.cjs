// What every client, every kind of app and every runner must say of the same servers. Without a framework, so that each runner can load it.
const fs = require('node:fs')
const path = require('node:path')

const read = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, name), 'utf8'))

/** Servers, each with an assertion. */
exports.behaviours = read('behaviours.json')

/** What each assertion comes to: on a response whose lines are apart, on one whose client joined them, on the server itself. */
exports.answers = read('answers.json')

exports.ORIGIN = 'https://app.example.com'

/** The arguments with which an endpoint is asked: it has to know for which page. */
exports.endpointArgs = ({ matcher, args }) => {
  if (matcher === 'toVaryOnOrigin') return [{ origin: exports.ORIGIN }]
  const takesOptions = ['toExposeHeader', 'toAllowMethod', 'toAllowRequestHeader', 'toCachePreflightFor']
  if (!takesOptions.includes(matcher)) return args
  return [
    args[0],
    { origin: exports.ORIGIN, ...(matcher === 'toCachePreflightFor' ? { method: 'PUT' } : {}) },
  ]
}

/** The headers with which a client asks, so that the response can be judged. */
exports.sentHeaders = ({ method, matcher, args }) => ({
  origin: exports.ORIGIN,
  ...(method === 'OPTIONS'
    ? {
        'access-control-request-method': matcher === 'toAllowMethod' ? args[0] : 'PUT',
        'access-control-request-headers': 'content-type,x-a',
      }
    : {}),
})

/** A listener of node:http that behaves so. */
exports.listener = (behaviour) => (request, response) => {
  request.resume()
  const lines = new Map()
  for (const [name, value] of behaviour.headers) lines.set(name, [...(lines.get(name) ?? []), value])
  for (const [name, values] of lines) response.setHeader(name, values.length === 1 ? values[0] : values)
  response.statusCode = behaviour.status
  response.end()
}

/** A Fetch Response of a server that behaves so. */
exports.fetchResponse = ({ status, headers }, ResponseClass = Response, HeadersClass = Headers) => {
  const list = new HeadersClass()
  for (const [name, value] of headers) list.append(name, value)
  return new ResponseClass(null, { status, headers: list })
}

/** `holds`, or the first line of the message, which says why not; an error that is no verdict stays one. */
exports.outcome = async (assertion) => {
  try {
    await assertion()
    return 'holds'
  } catch (error) {
    return said(error)
  }
}

/** The same of a response, where the assertion is synchronous. */
exports.outcomeNow = (assertion) => {
  try {
    assertion()
    return 'holds'
  } catch (error) {
    return said(error)
  }
}

function said(error) {
  if (error.name === 'CorsUsageError' || error.name === 'CorsNetworkError') throw error
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colors
  const text = error.message.replace(/\u001b\[\d+m/g, '')
  // Bun says the matcher's name above.
  const lines = text.replace(/^expect\(received\)(?:\.not)?\.\w+\(\)\n\n/, '').split('\n')
  if (!lines.slice(1).some((line) => /expect\(.*\)(\.\w+)*\.to[A-Z]\w+\(/.test(line))) throw error
  // Where more is known of the request, it is said: what was asked, and the URL.
  return lines[0]
    .replace(/^[A-Z]+ \/\S*(?: from \S+)?: (.)/, (_, first) => first.toUpperCase())
    .replace(/^The response to [A-Z]+ https?:\S+/, 'This response')
    .replace(/ \([A-Z]+ https?:[^\s)]+\)/, '')
}
