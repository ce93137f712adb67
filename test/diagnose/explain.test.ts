import { describe, expect, test } from 'vitest'
import { explainCors } from '../../src/diagnose/explain.js'
import { ALLOWS, API, APP, journey, type Sample } from './sample.js'

const ACAO = 'Access-Control-Allow-Origin'
const ACAC = 'Access-Control-Allow-Credentials'
const ACAM = 'Access-Control-Allow-Methods'
const ACAH = 'Access-Control-Allow-Headers'

const say = (sample: Sample): string => explainCors(journey(sample)).explanation
const get = (...lines: [string, string][]): string => say({ response: [200, lines] })
const put = (sample: Sample): string => say({ method: 'PUT', ...sample })

describe('Access-Control-Allow-Origin', () => {
  test('is missing', () =>
    expect(get(['Content-Type', 'text/plain'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either \`https://app.example.com\` is not on the server's list, or no CORS rules run for this path."`,
    ))
  test('is missing, and the server looked at the origin', () =>
    expect(get(['Vary', 'Accept, Origin'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; \`Vary: Origin\` shows that the CORS rules ran, so \`https://app.example.com\` is not on the server's list, or a proxy in between drops \`Origin\` or this header."`,
    ))
  test('is misspelt', () =>
    expect(get(['Access-Control-Allow-Origins', '*'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; it has \`Access-Control-Allow-Origins\` instead, a name no browser knows."`,
    ))
  test('is missing on a 401', () =>
    expect(say({ response: [401, []] })).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 401) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either no CORS rules ran for this 401 (authentication runs before them, or they leave out errors or this path), or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
    ))
  test('is missing on a 403', () =>
    expect(say({ response: [403, []] })).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 403) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either \`https://app.example.com\` is not on the server's list, or no CORS rules ran for this 403 (they leave out what is refused before them or this path, or there are none)."`,
    ))
  test('is missing on a 500', () =>
    expect(say({ response: [500, []] })).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 500) has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it; either no CORS rules ran for this 500 (they leave out error responses or this path, or there are none), or the CORS rules throw because \`https://app.example.com\` is not on the server's list."`,
    ))
  test('is missing on a redirect', () =>
    expect(say({ response: [302, [['Location', '/login']]] })).toMatchInlineSnapshot(
      `"The redirect (status 302) in response to GET https://api.example.com/orders has no Access-Control-Allow-Origin header, so the browser does not follow it: every redirect of a cross-origin request has to pass the CORS check itself; either the server redirects before its CORS rules run, or they leave out this path (it leads to a login, where no request of a script can log in: have the server respond with 401 and CORS headers instead), or \`https://app.example.com\` is not on the server's list."`,
    ))
  test('is missing on a preflight', () =>
    expect(put({ preflight: [204, []] })).toMatchInlineSnapshot(
      `"The preflight response (status 204) has no Access-Control-Allow-Origin header, so the browser does not send PUT https://api.example.com/orders for https://app.example.com; either \`https://app.example.com\` (or \`PUT\`) is not on the server's list, or something responds to OPTIONS there without CORS rules."`,
    ))
  test('is missing on a preflight behind a login', () =>
    expect(put({ preflight: [401, []] })).toMatchInlineSnapshot(
      `"The preflight response (status 401) has no Access-Control-Allow-Origin header, so the browser does not send PUT https://api.example.com/orders for https://app.example.com; either authentication runs before CORS, and preflights never carry credentials, or \`https://app.example.com\` is not on the server's list (some CORS rules pass a request on that they refuse)."`,
    ))
  test('ends in a slash', () =>
    expect(get([ACAO, `${APP}/`])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://app.example.com/\`, but the origin that asked is \`https://app.example.com\`; it ends in a slash, which an origin never has."`,
    ))
  test('has another scheme', () =>
    expect(get([ACAO, 'http://app.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: http://app.example.com\`, but the origin that asked is \`https://app.example.com\`; the scheme differs: \`http\` is not \`https\`, so the server does not have this origin on its list, or a cache kept the response to that one (there is no \`Vary: Origin\`)."`,
    ))
  test('has another host', () =>
    expect(get([ACAO, 'https://admin.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://admin.example.com\`, but the origin that asked is \`https://app.example.com\`; the host differs: \`admin.example.com\` is not \`app.example.com\`, so the server does not have this origin on its list, or a cache kept the response to that one (there is no \`Vary: Origin\`)."`,
    ))
  test('has another host, and says that it varies', () =>
    expect(get([ACAO, 'https://admin.example.com'], ['Vary', 'Origin'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://admin.example.com\`, but the origin that asked is \`https://app.example.com\`; the host differs: \`admin.example.com\` is not \`app.example.com\`, so the server does not have this origin on its list."`,
    ))
  test('has another port', () =>
    expect(get([ACAO, `${APP}:8443`])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://app.example.com:8443\`, but the origin that asked is \`https://app.example.com\`; it names the port \`8443\`, and the page's origin has none, so the server does not have this origin on its list, or a cache kept the response to that one (there is no \`Vary: Origin\`)."`,
    ))
  test('names the default port', () =>
    expect(get([ACAO, `${APP}:443`])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://app.example.com:443\`, but the origin that asked is \`https://app.example.com\`; it names the port \`443\`, which browsers leave out because it is the default."`,
    ))
  test('has another case', () =>
    expect(get([ACAO, 'https://App.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://App.example.com\`, but the origin that asked is \`https://app.example.com\`; it differs in upper and lower case, and browsers compare byte for byte."`,
    ))
  test('has a path', () =>
    expect(get([ACAO, `${APP}/orders`])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://app.example.com/orders\`, but the origin that asked is \`https://app.example.com\`; it goes on with \`/orders\`, and an origin ends after host and port."`,
    ))
  test('has user info', () =>
    expect(get([ACAO, 'https://me@app.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://[redacted]@app.example.com\`, but the origin that asked is \`https://app.example.com\`; it contains a user name, which an origin never has."`,
    ))
  test('has or lacks www', () =>
    expect(get([ACAO, 'https://www.app.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://www.app.example.com\`, but the origin that asked is \`https://app.example.com\`; the host differs: one has \`www.\`, the other does not, so the server does not have this origin on its list, or a cache kept the response to that one (there is no \`Vary: Origin\`)."`,
    ))
  test('names the server itself', () =>
    expect(get([ACAO, API])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://api.example.com\`, but the origin that asked is \`https://app.example.com\`; it names the server's own origin, and it has to name the page's."`,
    ))
  test('is null', () =>
    expect(get([ACAO, 'null'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: null\`, but the origin that asked is \`https://app.example.com\`; \`null\` stands for pages without an origin, and some servers send it to refuse, so the server does not have this origin on its list."`,
    ))
  test('is a pattern', () =>
    expect(get([ACAO, 'https://*.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://*.example.com\`, but the origin that asked is \`https://app.example.com\`; \`*.example.com\` is a pattern, and browsers support no pattern other than a lone \`*\`."`,
    ))
  test('is a placeholder', () =>
    expect(get([ACAO, '%0'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: %0\`, which is not the origin that asked, \`https://app.example.com\`; it looks like a placeholder of the server that was never filled in."`,
    ))
  test('is in quotes', () =>
    expect(get([ACAO, '"*"'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: "*"\`, which is not the origin that asked, \`https://app.example.com\`; the quotes around it count as part of the value."`,
    ))
  test('is empty', () =>
    expect(get([ACAO, ''])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has an empty Access-Control-Allow-Origin header, and it has to hold the origin that asked, \`https://app.example.com\`, or a lone \`*\`; either this origin is not on the server's list, or what the header is filled in from is empty, such as a variable that is not set."`,
    ))
  test('has no scheme', () =>
    expect(get([ACAO, 'app.example.com'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: app.example.com\`, which is not the origin that asked, \`https://app.example.com\`; it has no scheme such as \`https://\`."`,
    ))
  test('came on two lines', () =>
    expect(get([ACAO, APP], [ACAO, '*'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has Access-Control-Allow-Origin on two lines (\`https://app.example.com\` and \`*\`), and only one is allowed: two layers, such as a proxy and the app behind it, probably both add it."`,
    ))
  test('is a list', () =>
    expect(get([ACAO, `${APP}, https://admin.example.com`])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has several values in Access-Control-Allow-Origin (\`https://app.example.com, https://admin.example.com\`), and only one is allowed: either the server lists every origin it allows, where it has to send just the one that asked, or two layers, such as a proxy and the app behind it, both add it."`,
    ))
  test('is a list, or two lines that a client joined', () => {
    const { verdict } = journey({ response: [200, [[ACAO, `${APP}, ${APP}`]]] })
    expect(explainCors(verdict).explanation).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has several values in Access-Control-Allow-Origin (\`https://app.example.com, https://app.example.com\`), and only one is allowed: two layers, such as a proxy and the app behind it, both add it."`,
    )
  })
  test('is refused to a page without an origin', () =>
    expect(say({ origin: 'null', response: [200, [[ACAO, APP]]] })).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: https://app.example.com\`, but the origin that asked is \`null\`; a sandboxed frame, a \`data:\` document or a file has no origin of its own, so the server does not have this origin on its list."`,
    ))
})

describe('credentials', () => {
  const include = (...lines: [string, string][]): string =>
    say({ credentials: 'include', response: [200, lines] })
  test('and a wildcard', () =>
    expect(include([ACAO, '*'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: *\`, which does not count for a request with credentials (\`credentials: 'include'\`): the server has to name the origin, \`https://app.example.com\`."`,
    ))
  test('are not allowed', () =>
    expect(include([ACAO, APP])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has no Access-Control-Allow-Credentials header, and the page asks with credentials (\`credentials: 'include'\`), so it has to say \`Access-Control-Allow-Credentials: true\`."`,
    ))
  test('are allowed with TRUE', () =>
    expect(include([ACAO, APP], [ACAC, 'TRUE'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Credentials: TRUE\`, and the page asks with credentials (\`credentials: 'include'\`), so it has to be exactly \`true\`; browsers compare it byte for byte, in lower case."`,
    ))
  test('are allowed with 1', () =>
    expect(include([ACAO, APP], [ACAC, '1'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Credentials: 1\`, and the page asks with credentials (\`credentials: 'include'\`), so it has to be exactly \`true\`."`,
    ))
  test('are allowed twice', () =>
    expect(include([ACAO, APP], [ACAC, 'true'], [ACAC, 'true'])).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has Access-Control-Allow-Credentials on two lines (\`true\` and \`true\`), which a browser reads as \`true, true\` and not as \`true\`: two layers, such as a proxy and the app behind it, probably both add it."`,
    ))
  test('of an XMLHttpRequest', () =>
    expect(
      say({ initiator: 'xhr', credentials: 'include', response: [200, [[ACAO, '*']]] }),
    ).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders (status 200) has \`Access-Control-Allow-Origin: *\`, which does not count for a request with credentials (\`withCredentials\`): the server has to name the origin, \`https://app.example.com\`."`,
    ))
})

describe('the preflight', () => {
  const answer = (...lines: [string, string][]): Sample => ({ preflight: [204, [...ALLOWS, ...lines]] })
  const status = (code: number): string => put({ preflight: [code, ALLOWS] })
  test('is answered 401', () =>
    expect(status(401)).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/orders) gets status 401, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but authentication still refuses OPTIONS, and preflights never carry credentials."`,
    ))
  test('is answered 403', () =>
    expect(status(403)).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/orders) gets status 403, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but either OPTIONS goes on to something that refuses it, though the CORS rules should respond to preflights themselves, or they are set to respond with this status."`,
    ))
  test('is answered 404', () =>
    expect(status(404)).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/orders) gets status 404, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but OPTIONS goes on to the routes, none of which handles it at this path; the CORS rules should respond to preflights themselves."`,
    ))
  test('is answered 405', () =>
    expect(status(405)).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/orders) gets status 405, and a browser accepts only 200 to 299 before it sends PUT: its CORS headers are there, but OPTIONS goes on to the routes, none of which handles it at this path; the CORS rules should respond to preflights themselves."`,
    ))
  test('is answered 500', () =>
    expect(status(500)).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/orders) gets status 500, and a browser accepts only 200 to 299 before it sends PUT: the server fails on OPTIONS: its handler or its CORS set-up throws."`,
    ))
  const moved = (url: string, to: string): string =>
    put({ origin: 'http://app.example.com', url, preflight: [301, [['Location', to]]] })
  test('is moved to https', () =>
    expect(moved('http://api.example.com/a', 'https://api.example.com/a')).toMatchInlineSnapshot(
      `"The preflight (OPTIONS http://api.example.com/a) is redirected to https://api.example.com/a (status 301), and a browser never follows a redirect of a preflight; the server moves http to https: have the page ask https at once."`,
    ))
  test('is moved to a trailing slash', () =>
    expect(moved(`${API}/a`, '/a/')).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/a) is redirected to https://api.example.com/a/ (status 301), and a browser never follows a redirect of a preflight; the server adds a trailing slash: have the page ask for the URL with it, or serve both."`,
    ))
  test('is sent to a login', () =>
    expect(moved(`${API}/a`, '/login?token=abc')).toMatchInlineSnapshot(
      `"The preflight (OPTIONS https://api.example.com/a) is redirected to https://api.example.com/login?token=[redacted] (status 301), and a browser never follows a redirect of a preflight; it leads to a login, so authentication runs before CORS, and preflights never carry credentials."`,
    ))
  test('does not list the method', () =>
    expect(put(answer([ACAM, 'GET, POST']))).toMatchInlineSnapshot(
      `"The preflight response does not allow \`PUT\`: Access-Control-Allow-Methods is \`GET, POST\`, which does not list it."`,
    ))
  test('lists no method', () =>
    expect(put(answer(['Allow', 'PUT']))).toMatchInlineSnapshot(
      `"The preflight response does not allow \`PUT\`: it has no Access-Control-Allow-Methods header (its \`Allow\` header is ignored)."`,
    ))
  test('lists PATCH for patch', () =>
    expect(put({ method: 'patch', ...answer([ACAM, 'PATCH']) })).toMatchInlineSnapshot(
      `"The preflight response does not allow \`patch\`: Access-Control-Allow-Methods is \`PATCH\`, and browsers compare methods byte for byte, upper and lower case included; browsers send \`patch\` just as the page wrote it (only DELETE, GET, HEAD, OPTIONS, POST and PUT are put in upper case), so have the page write \`PATCH\`."`,
    ))
  test('lists put for PUT', () =>
    expect(put(answer([ACAM, 'put']))).toMatchInlineSnapshot(
      `"The preflight response does not allow \`PUT\`: Access-Control-Allow-Methods is \`put\`, and browsers compare methods byte for byte, upper and lower case included; list \`PUT\` instead of \`put\`."`,
    ))
  test('lists * for a method, with credentials', () =>
    expect(put({ credentials: 'include', ...answer([ACAM, '*']) })).toMatchInlineSnapshot(
      `"The preflight response does not allow \`PUT\`: Access-Control-Allow-Methods is \`*\`, and \`*\` does not count for a request with credentials, so it has to list \`PUT\`."`,
    ))
  test('lists methods with spaces', () =>
    expect(put(answer([ACAM, 'GET PUT']))).toMatchInlineSnapshot(
      `"The preflight response has \`Access-Control-Allow-Methods: GET PUT\`, in which \`GET PUT\` is not a method: separate with commas, not spaces, and one such element spoils the whole list."`,
    ))

  const post = (headers: Record<string, string>, ...lines: [string, string][]): string =>
    say({ method: 'POST', headers, ...answer(...lines) })
  const json = { 'Content-Type': 'application/json' }
  test('does not list Content-Type', () =>
    expect(post(json, [ACAH, 'X-Requested-With'])).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`content-type\`: Access-Control-Allow-Headers is \`X-Requested-With\`, which does not list it; a browser asks for it because \`content-type: application/json\` is not one of the three types a form can send."`,
    ))
  test('lists no header', () =>
    expect(post({ 'X-Api-Key': 'abc' })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`x-api-key\`: it has no Access-Control-Allow-Headers header; a browser asks for it because \`x-api-key\` is not one of the headers a page may send without a preflight."`,
    ))
  test('is due because of a byte', () =>
    expect(post({ Accept: 'a"b' })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`accept\`: it has no Access-Control-Allow-Headers header; a browser asks for it because the value of \`accept: a"b\` holds \`"\` (0x22) at position 2, which needs a preflight."`,
    ))
  test('is due because of a length', () =>
    expect(post({ Accept: 'a'.repeat(129) })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`accept\`: it has no Access-Control-Allow-Headers header; a browser asks for it because the value of \`accept\` is 129 bytes long, and more than 128 need a preflight."`,
    ))
  test('is due because of a range', () =>
    expect(post({ Range: 'bytes=0-1,3-4' })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`range\`: it has no Access-Control-Allow-Headers header; a browser asks for it because \`range: bytes=0-1,3-4\` is not a single range such as \`bytes=0-1023\`."`,
    ))
  test('is due because of a byte beyond ASCII', () =>
    expect(post({ 'Content-Language': 'äö' })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`content-language\`: it has no Access-Control-Allow-Headers header; a browser asks for it because the value of \`content-language: äö\` holds \`ä\` (0xe4) at position 1, which needs a preflight."`,
    ))
  test('spells a header differently', () =>
    expect(post(json, [ACAH, 'ContentType'])).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`content-type\`: Access-Control-Allow-Headers is \`ContentType\`, and the \`ContentType\` it lists is spelt differently."`,
    ))
  test('has a misspelt list', () =>
    expect(post(json, ['Access-Control-Allow-Header', 'Content-Type'])).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`content-type\`: it has \`Access-Control-Allow-Header\` where Access-Control-Allow-Headers should be, a name no browser knows."`,
    ))
  test('lists headers with semicolons', () =>
    expect(post(json, [ACAH, 'Accept; Range'])).toMatchInlineSnapshot(
      `"The preflight response has \`Access-Control-Allow-Headers: Accept; Range\`, in which \`Accept; Range\` is not a header name: separate with commas, not semicolons, and one such element spoils the whole list."`,
    ))
  test('lists * for Authorization', () =>
    expect(
      say({ engine: 'standard', headers: { Authorization: 'Bearer abc' }, ...answer([ACAH, '*']) }),
    ).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`authorization\`: Access-Control-Allow-Headers is \`*\`, and \`*\` does not cover \`Authorization\`, which always has to be listed by name."`,
    ))
  test('lists * with credentials', () =>
    expect(say({ headers: json, credentials: 'include', ...answer([ACAH, '*']) })).toMatchInlineSnapshot(
      `"The preflight response does not allow the request header \`content-type\`: Access-Control-Allow-Headers is \`*\`, and \`*\` does not count for a request with credentials, so it has to list \`content-type\`."`,
    ))
})

describe('what is not CORS', () => {
  test('mixed content', () =>
    expect(say({ url: 'http://api.example.com/' })).toMatchInlineSnapshot(
      `"The page was loaded over https and http://api.example.com/ is http: browsers block that before CORS comes into play, so serve the API over https."`,
    ))
  test('a reserved port', () =>
    expect(say({ url: 'https://api.example.com:6667/' })).toMatchInlineSnapshot(
      `"Browsers refuse port 6667 of https://api.example.com:6667/, which is reserved for another protocol: serve the API on another port."`,
    ))
  test('same-origin mode', () =>
    expect(say({ mode: 'same-origin' })).toMatchInlineSnapshot(
      `"The page asked with \`mode: 'same-origin'\`, and https://api.example.com/orders is not of the origin \`https://app.example.com\`: nothing the server sends can allow that."`,
    ))
  test('a method in no-cors mode', () =>
    expect(say({ mode: 'no-cors', method: 'PUT' })).toMatchInlineSnapshot(
      `"The page asked with \`mode: 'no-cors'\`, which goes only with GET, HEAD and POST, and not with \`PUT\`: leave out the mode and let the server allow it by CORS."`,
    ))
  test('a forbidden method', () =>
    expect(say({ method: 'TRACE' })).toMatchInlineSnapshot(
      `"Browsers never let a page send \`TRACE\` (CONNECT, TRACE and TRACK are forbidden), whatever the server allows."`,
    ))
  test('a header that is none', () =>
    expect(say({ headers: { 'X-Api-Key': 'a\nb' } })).toMatchInlineSnapshot(
      `"The page sets the header \`X-Api-Key\` to \`[redacted]\`, which is not a header value (no line breaks, no characters beyond U+00FF)."`,
    ))
  test('user info', () =>
    expect(say({ url: 'https://me:secret@api.example.com/' })).toMatchInlineSnapshot(
      `"The URL https://[redacted]@api.example.com/ has a user name or password in it, and \`fetch\` refuses such a URL: send an \`Authorization\` header instead."`,
    ))
  test('an event stream of another type', () =>
    expect(
      say({ initiator: 'eventsource', response: [200, [...ALLOWS, ['Content-Type', 'text/html']]] }),
    ).toMatchInlineSnapshot(
      `"The response to GET https://api.example.com/orders has Content-Type: \`text/html\`, and an EventSource accepts only \`text/event-stream\`; CORS is not what fails here."`,
    ))
})

describe('what is not blocked', () => {
  test('is allowed', () => {
    const explained = explainCors(journey({ response: [200, ALLOWS] }))
    expect(explained).toEqual({
      summary: 'allowed GET https://api.example.com/orders from https://app.example.com',
      explanation: 'https://app.example.com may read the response to GET https://api.example.com/orders.',
      causes: [],
      consoleMessage: null,
      remedies: [],
      docs: [],
    })
  })
  test('is not decided', () =>
    expect(say({ method: 'PUT' })).toMatchInlineSnapshot(
      `"What is known does not decide whether https://app.example.com may read the response to PUT https://api.example.com/orders: a browser sends a preflight first, and its response is missing."`,
    ))
  test('is opaque', () =>
    expect(say({ mode: 'no-cors', response: [200, []] })).toMatchInlineSnapshot(
      `"https://app.example.com gets an opaque response to GET https://api.example.com/orders: neither its status nor its headers nor its body can be read."`,
    ))
})

test('the whole explanation of a block', () => {
  const explained = explainCors(
    journey({ url: `${API}/orders?token=abc`, response: [200, [[ACAO, '*']]], credentials: 'include' }),
  )
  expect(explained.summary).toMatchInlineSnapshot(
    `"blocked: wildcard-allow-origin-with-credentials on the response to GET https://api.example.com/orders?token=[redacted] from https://app.example.com"`,
  )
  expect(explained.consoleMessage).toMatchInlineSnapshot(
    `"Access to fetch at 'https://api.example.com/orders?token=[redacted]' from origin 'https://app.example.com' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'."`,
  )
  expect(explained.docs).toMatchInlineSnapshot(`
    [
      "node_modules/expect-cors/docs/errors/wildcard-allow-origin-with-credentials.md",
      "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS/Errors/CORSNotSupportingCredentials",
      "https://fetch.spec.whatwg.org/#concept-cors-check",
    ]
  `)
  expect(explained.remedies.map((remedy) => remedy.title)).toMatchInlineSnapshot(`
    [
      "Have the server send these lines to this origin, and leave what it sends to others as it is. The server was not recognized: name it with \`--server\`, or with \`configure({ server })\` in tests, to see how",
      "Or serve the API on the page's own origin (https://app.example.com/orders → https://api.example.com): then there is no CORS",
      "What does not help: mode: 'no-cors' (the response stays unreadable), JSONP (runs the server's code in the page), a browser extension or --disable-web-security (helps on one machine only)",
    ]
  `)
})
