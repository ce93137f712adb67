// One or more cases for each failure code: a page's request, and the responses that make browsers refuse it. The pages of
// docs/errors/ are made of them (scripts/docs-errors.mjs); everything they quote is what the package says of these cases.

const ACAO = 'Access-Control-Allow-Origin'
const ACAC = 'Access-Control-Allow-Credentials'
const ACAM = 'Access-Control-Allow-Methods'
const ACAH = 'Access-Control-Allow-Headers'

export const APP = 'https://app.example.com'
export const API = 'https://api.example.com'

const allowed = [[ACAO, APP]]
const credentialed = [
  [ACAO, APP],
  [ACAC, 'true'],
]
const json = { 'Content-Type': 'application/json' }
const put = { method: 'PUT' }
const include = { credentials: 'include' }
const redirect = (location, status = 302) => ({ status, headers: [...allowed, ['Location', location]] })
const stream = () => new ReadableStream()

/** What a page of code shows for a body that is no text. */
export const STREAM = 'new ReadableStream({ … })'

/**
 * @typedef {object} ErrorCase
 * @property {string} [when] what tells this case from the others of its code
 * @property {object} [request] what differs from a plain GET
 * @property {() => unknown} [stream] makes the body, where it is a stream
 * @property {{ status: number, headers: string[][] }} [preflight] the response to the preflight; default: what the request needs
 * @property {{ status: number, headers: string[][] }} [response] the response to the request
 * @property {boolean} [again] whether it is also the response to where it redirects
 *
 * @typedef {object} ErrorPage
 * @property {string} group
 * @property {string} what in half a line, for the index
 * @property {string} why what happens, and what usually is behind it
 * @property {string[]} [chromium] names in DevTools and in `CorsError`
 * @property {ErrorCase[]} cases
 */

/** @type {Record<string, ErrorPage>} */
export const errorPages = {
  'missing-allow-origin': {
    group: 'The CORS check',
    what: 'the response has no `Access-Control-Allow-Origin`',
    why: `The response does not say that any other origin may read it, so no page of another origin may. Usual causes: the CORS middleware is not mounted for
this path, or after the route that responds; the page's origin is not on the server's list; an error response (401, 404, 500, or a proxy's 502) is written
by something that knows nothing of CORS; the header's name is misspelt. A redirect needs the header as well, each one of them.`,
    chromium: ['MissingAllowOriginHeader', 'PreflightMissingAllowOriginHeader'],
    cases: [
      { when: 'on the response', response: { status: 200, headers: [['Content-Type', 'application/json']] } },
      { when: 'on the preflight', request: put, preflight: { status: 204, headers: [] } },
      { when: 'on an error response', response: { status: 500, headers: [] } },
      { when: 'on a redirect', response: { status: 302, headers: [['Location', '/login']] } },
    ],
  },
  'multiple-allow-origin': {
    group: 'The CORS check',
    what: '`Access-Control-Allow-Origin` has more than one value',
    why: `Only one value is allowed: the origin that asked, or \`*\`. Usual causes: a proxy and the app behind it both add the header, so that it comes on two
lines; or the server sends its whole list of allowed origins. The server has to pick the one that asked.`,
    chromium: ['MultipleAllowOriginValues', 'PreflightMultipleAllowOriginValues'],
    cases: [
      { when: 'on two lines', response: { status: 200, headers: [...allowed, ...allowed] } },
      { when: 'a list', response: { status: 200, headers: [[ACAO, `${APP}, https://admin.example.com`]] } },
      {
        when: 'on the preflight',
        request: put,
        preflight: { status: 204, headers: [...allowed, [ACAO, '*']] },
      },
    ],
  },
  'invalid-allow-origin': {
    group: 'The CORS check',
    what: '`Access-Control-Allow-Origin` is not an origin',
    why: `The value is neither an origin (scheme, host and, where it is not the default, port) nor a lone \`*\`. Usual causes: the scheme was left out; quotes
were written around it; a placeholder of the configuration was never filled in; it is empty because a variable is.`,
    chromium: ['InvalidAllowOriginValue', 'PreflightInvalidAllowOriginValue'],
    cases: [
      { when: 'without a scheme', response: { status: 200, headers: [[ACAO, 'app.example.com']] } },
      { when: 'in quotes', response: { status: 200, headers: [[ACAO, `"${APP}"`]] } },
      { when: 'empty', response: { status: 200, headers: [[ACAO, '']] } },
    ],
  },
  'allow-origin-mismatch': {
    group: 'The CORS check',
    what: '`Access-Control-Allow-Origin` names another origin',
    why: `Browsers compare the value with the page's origin byte for byte. Usual causes: a slash at the end, \`http\` instead of \`https\`, a port too many or too
few, \`www.\`; a pattern such as \`https://*.example.com\`, which no browser knows; the server always sends the first origin of its list; a cache kept the
response that another origin got, because \`Vary: Origin\` is missing. After a redirect from one foreign origin to another the browser sends \`Origin: null\`.`,
    chromium: ['AllowOriginMismatch', 'PreflightAllowOriginMismatch'],
    cases: [
      { when: 'a slash at the end', response: { status: 200, headers: [[ACAO, `${APP}/`]] } },
      { when: 'another origin', response: { status: 200, headers: [[ACAO, 'https://admin.example.com']] } },
      { when: 'a pattern', response: { status: 200, headers: [[ACAO, 'https://*.example.com']] } },
      {
        when: 'on the preflight',
        request: put,
        preflight: { status: 204, headers: [[ACAO, 'http://app.example.com']] },
      },
    ],
  },
  'wildcard-allow-origin-with-credentials': {
    group: 'The CORS check',
    what: '`Access-Control-Allow-Origin: *`, and the request has credentials',
    why: `With \`credentials: 'include'\` (axios and XMLHttpRequest: \`withCredentials\`) the wildcard does not count: the server has to name the page's origin
and say \`Access-Control-Allow-Credentials: true\`. If the page needs no cookies, leave the credentials out on its side instead. Do not make the server
repeat whatever origin asks: then every site may read your users' data.`,
    chromium: ['WildcardOriginNotAllowed', 'PreflightWildcardOriginNotAllowed'],
    cases: [
      { when: 'on the response', request: include, response: { status: 200, headers: [[ACAO, '*']] } },
      {
        when: 'on the preflight',
        request: { ...put, ...include },
        preflight: {
          status: 204,
          headers: [
            [ACAO, '*'],
            [ACAC, 'true'],
          ],
        },
      },
    ],
  },
  'invalid-allow-credentials': {
    group: 'The CORS check',
    what: '`Access-Control-Allow-Credentials` is not `true`',
    why: `The page asks with credentials, and the server has to agree with exactly \`true\`, in lower case. Usual causes: the option is off; it is set on the
preflight response only; \`True\` or \`1\`; two layers both add the header, which reads \`true, true\`.`,
    chromium: ['InvalidAllowCredentials', 'PreflightInvalidAllowCredentials'],
    cases: [
      { when: 'absent', request: include, response: { status: 200, headers: allowed } },
      {
        when: 'in another case',
        request: include,
        response: { status: 200, headers: [...allowed, [ACAC, 'True']] },
      },
      {
        when: 'twice',
        request: include,
        response: { status: 200, headers: [...credentialed, [ACAC, 'true']] },
      },
    ],
  },
  'preflight-redirect': {
    group: 'The preflight',
    what: 'the preflight is redirected',
    why: `A browser never follows a redirect of a preflight. Usual causes: \`http\` is moved to \`https\`; a slash is added or dropped; the request is sent to a
login page, because authentication runs before CORS.`,
    chromium: ['PreflightDisallowedRedirect'],
    cases: [
      { when: 'to a trailing slash', request: put, preflight: redirect('/orders/', 301) },
      { when: 'to a login', request: put, preflight: redirect('/login') },
    ],
  },
  'preflight-status': {
    group: 'The preflight',
    what: 'the preflight gets a status other than 200 to 299',
    why: `Before anything else a preflight needs a status from 200 to 299, whatever its headers say. 401 or 403: authentication runs before CORS, and preflights
never carry credentials. 404 or 405: nothing responds to OPTIONS at this path. 5xx: the handler, or a server behind a proxy, fails.`,
    chromium: ['PreflightInvalidStatus'],
    cases: [
      { when: '401', request: put, preflight: { status: 401, headers: allowed } },
      { when: '405', request: put, preflight: { status: 405, headers: [...allowed, ['Allow', 'GET, PUT']] } },
    ],
  },
  'invalid-allow-methods': {
    group: 'The preflight',
    what: '`Access-Control-Allow-Methods` does not parse',
    why: 'The value has to be a list of methods with commas between them. One element that is no method spoils the whole list.',
    chromium: ['InvalidAllowMethodsPreflightResponse'],
    cases: [{ request: put, preflight: { status: 204, headers: [...allowed, [ACAM, 'GET PUT']] } }],
  },
  'invalid-allow-headers': {
    group: 'The preflight',
    what: '`Access-Control-Allow-Headers` does not parse',
    why: 'The value has to be a list of header names with commas between them. One element that is not a valid header name spoils the whole list.',
    chromium: ['InvalidAllowHeadersPreflightResponse'],
    cases: [
      {
        request: { method: 'POST', headers: json },
        preflight: { status: 204, headers: [...allowed, [ACAH, 'Content-Type; Authorization']] },
      },
    ],
  },
  'method-not-allowed': {
    group: 'The preflight',
    what: '`Access-Control-Allow-Methods` does not list the method',
    why: `Every method but GET, HEAD and POST has to be listed, in the same case as the page sends it: \`patch\` is sent in lower case. Usual causes: a default
list (Fastify's allows only GET, HEAD and POST); \`*\`, which does not count with credentials; \`Allow\`, which is another header.`,
    chromium: ['MethodDisallowedByPreflightResponse'],
    cases: [
      {
        when: 'not listed',
        request: put,
        preflight: { status: 204, headers: [...allowed, [ACAM, 'GET, HEAD, POST']] },
      },
      {
        when: '`patch`',
        request: { method: 'patch' },
        preflight: { status: 204, headers: [...allowed, [ACAM, 'PATCH']] },
      },
      {
        when: '`*` with credentials',
        request: { ...put, ...include },
        preflight: { status: 204, headers: [...credentialed, [ACAM, '*']] },
      },
    ],
  },
  'header-not-allowed': {
    group: 'The preflight',
    what: '`Access-Control-Allow-Headers` does not list a request header',
    why: `Headers that a form could not send need permission by name: \`Content-Type: application/json\`, \`Authorization\`, and whatever begins with \`X-\`. Usual
causes: the header is new and nobody added it; a library or a tracing agent adds one; \`*\`, which does not count with credentials, and which by the
standard never covers \`Authorization\`.`,
    chromium: ['HeaderDisallowedByPreflightResponse'],
    cases: [
      {
        when: '`Content-Type: application/json`',
        request: { method: 'POST', headers: json },
        preflight: { status: 204, headers: [...allowed, [ACAH, 'X-Requested-With']] },
      },
      {
        when: 'no list at all',
        request: { headers: { Authorization: 'Bearer abc' } },
        preflight: { status: 204, headers: allowed },
      },
      {
        when: '`*` with credentials',
        request: { method: 'POST', headers: json, ...include },
        preflight: { status: 204, headers: [...credentialed, [ACAH, '*']] },
      },
    ],
  },
  'redirect-with-credentials': {
    group: 'Redirects',
    what: 'a redirect leads to a URL with a user name or password',
    why: 'Across origins browsers do not follow a redirect to a URL that holds a user name or password.',
    chromium: ['RedirectContainsCredentials'],
    cases: [{ response: redirect('https://user:pass@api.example.com/orders/') }],
  },
  'redirect-with-credentials-outside-cors': {
    group: 'Redirects',
    what: 'the same without CORS, where only Chromium refuses it',
    why: `Within one origin, and with \`mode: 'no-cors'\`, the standard follows a redirect to a URL that holds a user name or password; Chromium does not.`,
    cases: [
      { request: { url: `${APP}/orders` }, response: redirect('https://user:pass@app.example.com/orders/') },
    ],
  },
  'redirect-to-unsupported-scheme': {
    group: 'Redirects',
    what: 'a redirect leads to another scheme than http and https',
    why: 'A fetch follows redirects only to http and https. Usual causes: a link into an app (`myapp://`), or a login that ends in `data:` or `javascript:`.',
    chromium: ['CorsDisabledScheme'],
    cases: [{ response: redirect('myapp://orders') }],
  },
  'redirect-invalid-location': {
    group: 'Redirects',
    what: 'the `Location` of a redirect does not parse',
    why: 'The redirect says where it leads in a way that is no URL. Usual causes: a template that was not filled in; two layers that both add the header.',
    cases: [{ response: redirect('https://') }],
  },
  'redirect-mode-error': {
    group: 'Redirects',
    what: "the page asked with `redirect: 'error'`, and is redirected",
    why: "With `redirect: 'error'` the page itself asks that no redirect be followed.",
    cases: [{ request: { redirect: 'error' }, response: redirect('/orders/') }],
  },
  'too-many-redirects': {
    group: 'Redirects',
    what: 'more than 20 redirects',
    why: 'Browsers follow 20 redirects. Usual cause: a loop, between http and https, with and without a slash, or between a login and the page it leads back to.',
    cases: [{ response: redirect('/orders'), again: true }],
  },
  'redirect-stream-body': {
    group: 'Redirects',
    what: 'a body that is a stream would have to be sent again',
    why: 'A stream can be read once. After a redirect other than 303 the body would be sent again, so the request fails.',
    cases: [
      {
        request: {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain' },
          httpVersion: '2',
          duplex: 'half',
        },
        stream,
        response: redirect('/orders/', 307),
      },
    ],
  },
  'same-origin-mode': {
    group: 'The request itself',
    what: "`mode: 'same-origin'`, and the URL is of another origin",
    why: "With `mode: 'same-origin'` the page itself asks that nothing of another origin be read. No header of a server can change that.",
    chromium: ['DisallowedByMode'],
    cases: [{ request: { mode: 'same-origin' } }],
  },
  'no-cors-redirect-mode': {
    group: 'The request itself',
    what: "`mode: 'no-cors'` with a `redirect` other than `'follow'`",
    why: "`mode: 'no-cors'` goes only with `redirect: 'follow'`, and the response is unreadable even then.",
    cases: [{ request: { mode: 'no-cors', redirect: 'error' } }],
  },
  'unsupported-scheme': {
    group: 'The request itself',
    what: 'the URL has a scheme that pages cannot fetch',
    why: 'Pages fetch http and https (and `data:` and `blob:`). Usual cause: a page opened from disk, whose relative URLs are `file:`.',
    chromium: ['CorsDisabledScheme'],
    cases: [{ request: { url: 'ftp://files.example.com/orders' } }],
  },
  'mixed-content': {
    group: 'The request itself',
    what: 'a page on https asks for http',
    why: 'What a page on https loads has to come over https, too. Browsers refuse it before CORS comes into play. Of `http://localhost` engines differ: WebKit refuses it as well.',
    cases: [{ request: { url: 'http://api.example.com/orders' } }],
  },
  'bad-port': {
    group: 'The request itself',
    what: 'the port is reserved for another protocol',
    why: 'Browsers refuse some ports that other protocols use (22, 25, 6000, 6667, …), so that pages cannot speak to those servers.',
    cases: [{ request: { url: `${API}:6667/orders` } }],
  },
  'not-in-http-cache': {
    group: 'The request itself',
    what: "`cache: 'only-if-cached'`, and the response is not in the cache",
    why: "With `cache: 'only-if-cached'` nothing is sent: what is not in the browser's HTTP cache is a network error.",
    cases: [{ request: { url: `${APP}/orders`, mode: 'same-origin', cache: 'only-if-cached' } }],
  },
  'stream-needs-http2': {
    group: 'The request itself',
    what: 'the body is a stream, and the server speaks HTTP/1.1',
    why: 'A body that is a stream is sent over HTTP/2 or later only.',
    cases: [
      {
        request: {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain' },
          httpVersion: '1.1',
          duplex: 'half',
        },
        stream,
        preflight: { status: 204, headers: allowed },
      },
    ],
  },
  'resource-policy': {
    group: 'The request itself',
    what: '`Cross-Origin-Resource-Policy` keeps a response from a request without CORS',
    why: "A server that says `Cross-Origin-Resource-Policy: same-origin` or `same-site` keeps what it sends from pages of other origins, or of other sites, that ask without CORS: `<img>`, `<script>` and the like without `crossorigin`, and `fetch` with `mode: 'no-cors'`. A redirect is judged like a response. Requests with CORS and frames are not concerned.",
    cases: [
      {
        when: 'of an image',
        element: { as: 'image' },
        response: { status: 200, headers: [['Cross-Origin-Resource-Policy', 'same-origin']] },
      },
      {
        when: 'of a `fetch`',
        request: { mode: 'no-cors' },
        response: { status: 200, headers: [['Cross-Origin-Resource-Policy', 'same-origin']] },
      },
    ],
  },
  'conflicting-header-lines': {
    group: 'The request itself',
    what: 'two different lines of a header that can be one only',
    why: 'A response with two different lines of `Content-Disposition` or `Location` could mean either, and some browsers refuse it as a whole. Usual cause: a proxy and the app behind it both add one.',
    cases: [
      {
        response: {
          status: 200,
          headers: [
            ...allowed,
            ['Content-Disposition', 'inline'],
            ['Content-Disposition', 'attachment; filename=orders.csv'],
          ],
        },
      },
    ],
  },
  'invalid-url': {
    group: "The page's own call",
    what: 'the URL does not parse',
    why: 'What the page asks for is no URL. Usual cause: a base URL from the configuration that is empty or lacks its scheme.',
    cases: [{ request: { url: 'https://' } }],
  },
  'url-with-credentials': {
    group: "The page's own call",
    what: 'the URL holds a user name or password',
    why: '`fetch` refuses URLs with a user name or password in them.',
    cases: [{ request: { url: 'https://user:pass@api.example.com/orders' } }],
  },
  'invalid-method': {
    group: "The page's own call",
    what: 'the method is none',
    why: 'A method is one word of letters, digits and a few signs.',
    cases: [{ request: { method: 'GET /orders' } }],
  },
  'forbidden-method': {
    group: "The page's own call",
    what: '`CONNECT`, `TRACE` or `TRACK`',
    why: 'Browsers never let a page send these methods.',
    cases: [{ request: { method: 'TRACE' } }],
  },
  'method-in-no-cors-mode': {
    group: "The page's own call",
    what: "`mode: 'no-cors'` with a method other than GET, HEAD and POST",
    why: "`mode: 'no-cors'` sends only what a form could send, and the response stays unreadable: it is not a way around CORS.",
    cases: [{ request: { mode: 'no-cors', method: 'PUT' } }],
  },
  'invalid-request-header': {
    group: "The page's own call",
    what: 'a request header has no valid name or value',
    why: 'Header names are single words; values hold no line breaks and no characters beyond U+00FF. Usual cause: a token that was read from a file with its line break, or copied with a typographic character.',
    cases: [{ request: { headers: { 'X-Trace': 'a\nb' } } }],
  },
  'proxy-authentication-required': {
    group: 'Responses',
    what: 'a status 407 that no proxy gave',
    why: 'A 407 is for proxies. Chromium takes one that a server gives for a network error, whatever its headers; Firefox and WebKit let it through.',
    cases: [
      { response: { status: 407, headers: [['Access-Control-Allow-Origin', 'https://app.example.com']] } },
    ],
  },
  'invalid-referrer': {
    group: "The page's own call",
    what: 'the `referrer` is not a valid URL',
    why: "`referrer` takes a URL of the page's own origin, absolute or relative; one of another origin stands for the page, and an empty one for none.",
    cases: [{ request: { referrer: 'https://:443' } }],
  },
  'only-if-cached-mode': {
    group: "The page's own call",
    what: "`cache: 'only-if-cached'` without `mode: 'same-origin'`",
    why: "`cache: 'only-if-cached'` goes only with `mode: 'same-origin'`.",
    cases: [{ request: { cache: 'only-if-cached' } }],
  },
  'stream-body-unsupported': {
    group: "The page's own call",
    what: 'the body is a stream, which this browser cannot upload',
    why: 'WebKit cannot upload a `ReadableStream`.',
    cases: [{ request: { method: 'POST', duplex: 'half' }, stream }],
  },
  'keepalive-quota': {
    group: 'The request itself',
    what: 'more than 64 KiB under way with `keepalive: true` or in beacons',
    why: 'The bodies of requests that outlive their page may come to 65,536 bytes together, in Chromium and WebKit; `sendBeacon` returns `false` then. Firefox has no limit.',
    cases: [{ request: { method: 'POST', keepalive: true, body: 'x' }, keepaliveBytes: 65537 }],
  },
  'stream-body-with-keepalive': {
    group: "The page's own call",
    what: 'the body of a request with `keepalive: true`, or of a beacon, is a stream',
    why: 'What outlives its page cannot come from its script.',
    cases: [{ request: { method: 'POST', keepalive: true, duplex: 'half' }, stream }],
  },
  'stream-body-in-no-cors-mode': {
    group: "The page's own call",
    what: "the body is a stream, and the mode is `'no-cors'`",
    why: "A stream needs a preflight, and `mode: 'no-cors'` never sends one.",
    cases: [{ request: { method: 'POST', mode: 'no-cors', duplex: 'half' }, stream }],
  },
  'body-with-get-or-head': {
    group: "The page's own call",
    what: 'a GET or HEAD request with a body',
    why: 'Pages cannot send a body with GET or HEAD.',
    cases: [{ request: { body: '{}' } }],
  },
  'event-stream-status': {
    group: 'EventSource',
    what: 'the response to an EventSource has a status other than 200',
    why: 'An `EventSource` takes only 200. This is not CORS: the headers were right.',
    cases: [{ request: { initiator: 'eventsource' }, response: { status: 204, headers: allowed } }],
  },
  'event-stream-content-type': {
    group: 'EventSource',
    what: 'the response to an EventSource is no `text/event-stream`',
    why: 'An `EventSource` takes only `Content-Type: text/event-stream`. This is not CORS: the headers were right. Usual cause: an error page in HTML or JSON.',
    cases: [
      {
        request: { initiator: 'eventsource' },
        response: { status: 200, headers: [...allowed, ['Content-Type', 'text/html']] },
      },
    ],
  },
  'element-status': {
    group: 'Elements',
    what: 'the response to an element has an error status',
    why: 'A script, style sheet, font or text track loads only from a response with a status from 200 to 299, an image from any with an image in it. This is not CORS: the headers were right, or none were needed.',
    cases: [{ element: { as: 'script' }, response: { status: 404, headers: [] } }],
  },
  'element-content-type': {
    group: 'Elements',
    what: 'the response to an element has a type that the element does not take',
    why: 'A module script needs a JavaScript type, a style sheet `text/css`; a classic script takes anything but images, audio, video and `text/csv`. This is not CORS. Usual cause: an error page in HTML, or a server that does not know the file name extension.',
    cases: [
      {
        when: 'a module script',
        element: { as: 'module' },
        response: { status: 200, headers: [...allowed, ['Content-Type', 'text/html']] },
      },
      {
        when: 'a classic script',
        element: { as: 'script' },
        response: { status: 200, headers: [['Content-Type', 'image/png']] },
      },
    ],
  },
  'preloaded-without-cors': {
    group: 'Elements',
    what: 'WebKit: an element with `crossorigin` after a preload without it',
    why: 'WebKit takes the preload for what the element asks for. Where the `<link rel="preload">` has no `crossorigin` and the element does, it asks again, and fails although the server allows it; a style sheet loads, and its rules cannot be read. The other engines ask again and use what they get.',
    cases: [
      {
        element: { as: 'image', crossorigin: 'anonymous', preload: null },
        response: { status: 200, headers: [...allowed, ['Content-Type', 'image/png']] },
      },
    ],
  },
}
