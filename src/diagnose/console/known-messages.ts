/** What consoles print, as it is recognized again: the reverse of the writers beside this file. */

import type { Engine } from '../../engines/engine.js'
import { type BlockedAt, type CorsFailureCode, corsCheckCodes } from '../../fetch/failure.js'

/** Whose console it is. */
export type Voice = NonNullable<Engine['console']>

/** What looks like a CORS error but is not one. Each is a section of docs/looks-like-cors.md. */
export type LooksLikeCors =
  | 'failed-load'
  | 'no-response'
  | 'script-error'
  | 'local-network-access'
  | 'opaque-response-blocking'
  | 'tainted-canvas'
  | 'resource-policy'
  | 'content-security-policy'
  | 'extension'
  | 'dev-proxy'
  | 'untrusted-certificate'

/** A sentence that is known. Its named groups are what it tells: `url`, `origin`, `page`, `method`, `header`, `value`, `status`. */
export interface KnownMessage {
  /** Of the text with straight quotes and single spaces. */
  readonly pattern: RegExp
  /** Who prints it; null where several do. */
  readonly voice: Voice | null
  /** What it means, the likeliest first. */
  readonly codes?: readonly CorsFailureCode[]
  readonly looksLike?: LooksLikeCors
  readonly blockedAt?: BlockedAt
  /** Whether the request had credentials. */
  readonly credentials?: boolean
}

type Rest = Omit<KnownMessage, 'pattern' | 'voice' | 'codes'>

function chromium(pattern: RegExp, code: CorsFailureCode, rest: Rest = {}): KnownMessage {
  return { pattern, voice: 'chromium', codes: [code], ...rest }
}

function firefox(pattern: RegExp, codes: readonly CorsFailureCode[], rest: Rest = {}): KnownMessage {
  return { pattern, voice: 'firefox', codes, ...rest }
}

function webkit(pattern: RegExp, codes: readonly CorsFailureCode[], rest: Rest = {}): KnownMessage {
  return { pattern, voice: 'webkit', codes, ...rest }
}

function other(pattern: RegExp, looksLike: LooksLikeCors, voice: Voice | null = null): KnownMessage {
  return { pattern, voice, looksLike }
}

/** Chromium's local network access speaks of a CORS policy, and asks no server anything. */
const LOCAL_NETWORK: readonly KnownMessage[] = [
  other(
    /Permission was denied for this request to access the [`'](?<value>[\w -]+)[`'] address space/,
    'local-network-access',
    'chromium',
  ),
  other(
    /request client is not a secure context and the resource is in more-private address space [`'](?<value>[\w -]+)[`']/,
    'local-network-access',
    'chromium',
  ),
  other(
    /ERR_BLOCKED_BY_(?:LOCAL|PRIVATE)_NETWORK_ACCESS_CHECKS|Access-Control-Allow-(?:Private|Local)-Network/,
    'local-network-access',
    'chromium',
  ),
]

const CHROMIUM: readonly KnownMessage[] = [
  chromium(
    /No 'Access-Control-Allow-Origin' header is present on the requested resource/,
    'missing-allow-origin',
  ),
  chromium(
    /The 'Access-Control-Allow-Origin' header contains multiple values '(?<value>.*?)', but only one is allowed/,
    'multiple-allow-origin',
  ),
  chromium(
    /The 'Access-Control-Allow-Origin' header contains the invalid value '(?<value>.*?)'\./,
    'invalid-allow-origin',
  ),
  chromium(
    /The 'Access-Control-Allow-Origin' header has a value '(?<value>.*?)' that is not equal to the supplied origin/,
    'allow-origin-mismatch',
  ),
  chromium(
    /'Access-Control-Allow-Origin' header in the response must not be the wildcard '\*'/,
    'wildcard-allow-origin-with-credentials',
    { credentials: true },
  ),
  chromium(
    /The value of the 'Access-Control-Allow-Credentials' header in the response is '(?<value>.*?)' which must be 'true'/,
    'invalid-allow-credentials',
    { credentials: true },
  ),
  chromium(/Redirect is not allowed for a preflight request/, 'preflight-redirect', {
    blockedAt: 'preflight',
  }),
  chromium(/It does not have HTTP ok status/, 'preflight-status', { blockedAt: 'preflight' }),
  chromium(/Cannot parse Access-Control-Allow-Methods response header field/, 'invalid-allow-methods', {
    blockedAt: 'preflight',
  }),
  chromium(/Cannot parse Access-Control-Allow-Headers response header field/, 'invalid-allow-headers', {
    blockedAt: 'preflight',
  }),
  chromium(
    /Method (?<method>\S+) is not allowed by Access-Control-Allow-Methods in preflight response/,
    'method-not-allowed',
    { blockedAt: 'preflight' },
  ),
  chromium(
    /Request header field (?<header>\S+) is not allowed by Access-Control-Allow-Headers in preflight response/,
    'header-not-allowed',
    { blockedAt: 'preflight' },
  ),
  chromium(
    /contains a username and password, which is disallowed for cross-origin requests/,
    'redirect-with-credentials',
    {
      blockedAt: 'redirect',
    },
  ),
  chromium(
    /\(redirected from '[^']*'\) .*Cross origin requests are only supported for protocol schemes/,
    'redirect-to-unsupported-scheme',
    { blockedAt: 'redirect' },
  ),
  chromium(
    /Cross origin requests are only supported for protocol schemes|URL scheme "[^"]*" is not supported|Not allowed to load local resource: (?<url>\S+)|FTP is not supported\./,
    'unsupported-scheme',
    { blockedAt: 'request' },
  ),
  chromium(
    /Request mode is "same-origin" but the URL's origin is not same as the request origin (?<origin>\S+)\./,
    'same-origin-mode',
  ),
  chromium(
    /Unsafe attempt to load URL (?<url>\S+) from frame with URL (?<page>\S+)\. Domains, protocols/,
    'same-origin-mode',
    {
      blockedAt: 'redirect',
    },
  ),
  chromium(/Request mode is "no-cors" but the redirect mode is not "follow"/, 'no-cors-redirect-mode'),
  chromium(
    /Mixed Content: The page at '(?<page>[^']*)' was loaded over HTTPS, but requested an insecure [\w ]+? '(?<url>[^']*)'/,
    'mixed-content',
    { blockedAt: 'request' },
  ),
]

const FIREFOX: readonly KnownMessage[] = [
  // A redirected preflight is refused first, and then checked all the same.
  firefox(/\(Reason: CORS request external redirect not allowed\)/, ['preflight-redirect'], {
    blockedAt: 'preflight',
  }),
  firefox(/\(Reason: CORS header 'Access-Control-Allow-Origin' missing\)\. Status code: 3\d\d/, [
    'missing-allow-origin',
    'preflight-redirect',
  ]),
  firefox(/\(Reason: CORS header 'Access-Control-Allow-Origin' missing\)/, ['missing-allow-origin']),
  firefox(/\(Reason: Multiple CORS header 'Access-Control-Allow-Origin' not allowed\)/, [
    'multiple-allow-origin',
  ]),
  // An origin that is not the page's, and what is not an origin at all.
  firefox(/\(Reason: CORS header 'Access-Control-Allow-Origin' does not match '(?<value>.*?)'\)/, [
    'allow-origin-mismatch',
    'invalid-allow-origin',
    'multiple-allow-origin',
  ]),
  firefox(
    /\(Reason: Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\*'\)/,
    ['wildcard-allow-origin-with-credentials'],
    {
      credentials: true,
    },
  ),
  firefox(
    /\(Reason: expected 'true' in CORS header 'Access-Control-Allow-Credentials'\)/,
    ['invalid-allow-credentials'],
    {
      credentials: true,
    },
  ),
  firefox(/\(Reason: CORS preflight response did not succeed\)/, ['preflight-status'], {
    blockedAt: 'preflight',
  }),
  firefox(
    /\(Reason: invalid token '(?<value>.*?)' in CORS header 'Access-Control-Allow-Methods'\)/,
    ['invalid-allow-methods'],
    {
      blockedAt: 'preflight',
    },
  ),
  firefox(
    /\(Reason: invalid token '(?<value>.*?)' in CORS header 'Access-Control-Allow-Headers'\)/,
    ['invalid-allow-headers'],
    {
      blockedAt: 'preflight',
    },
  ),
  firefox(
    /\(Reason: Did not find method in CORS header 'Access-Control-Allow-Methods'\)/,
    ['method-not-allowed'],
    {
      blockedAt: 'preflight',
    },
  ),
  firefox(
    /\(Reason: header '(?<header>[^']*)' is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response\)/,
    ['header-not-allowed'],
    {
      blockedAt: 'preflight',
    },
  ),
  firefox(/\(Reason: CORS request not http\)/, ['unsupported-scheme', 'redirect-to-unsupported-scheme']),
  firefox(/Security Error: Content at (?<page>\S+) may not load data from (?<url>\S+?)\.(?:\s|$)/, [
    'same-origin-mode',
  ]),
  firefox(
    /Security Error: Content at (?<page>\S+) may not load or link to (?<url>\S+?)\.(?:\s|$)/,
    ['unsupported-scheme'],
    {
      blockedAt: 'request',
    },
  ),
  firefox(/Blocked loading mixed active content "(?<url>[^"]*)"/, ['mixed-content'], {
    blockedAt: 'request',
  }),
]

const WEBKIT: readonly KnownMessage[] = [
  webkit(
    /Origin (?<origin>\S+) is not allowed by Access-Control-Allow-Origin\.(?: Status code: (?<status>\d+))?/,
    ['missing-allow-origin', 'allow-origin-mismatch', 'invalid-allow-origin'],
  ),
  webkit(/Access-Control-Allow-Origin cannot contain more than one origin/, ['multiple-allow-origin']),
  webkit(
    /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true/,
    ['wildcard-allow-origin-with-credentials'],
    {
      credentials: true,
    },
  ),
  webkit(
    /Credentials flag is true, but Access-Control-Allow-Credentials is not "true"/,
    ['invalid-allow-credentials'],
    {
      credentials: true,
    },
  ),
  // It says so of a status that is not ok whatever else is wrong with that response.
  webkit(
    /Preflight response is not successful\. Status code: (?<status>3\d\d)/,
    ['preflight-redirect', 'preflight-status', ...corsCheckCodes],
    { blockedAt: 'preflight' },
  ),
  webkit(
    /Preflight response is not successful\.(?: Status code: (?<status>\d+))?/,
    ['preflight-status', ...corsCheckCodes],
    { blockedAt: 'preflight' },
  ),
  webkit(
    /Header Access-Control-Allow-Methods has an invalid value: (?<value>[^\n]*)/,
    ['invalid-allow-methods'],
    {
      blockedAt: 'preflight',
    },
  ),
  webkit(
    /Header Access-Control-Allow-Headers has an invalid value: (?<value>[^\n]*)/,
    ['invalid-allow-headers'],
    {
      blockedAt: 'preflight',
    },
  ),
  webkit(/Method (?<method>\S+) is not allowed by Access-Control-Allow-Methods\./, ['method-not-allowed'], {
    blockedAt: 'preflight',
  }),
  webkit(
    /Request header field (?<header>\S+) is not allowed by Access-Control-Allow-Headers\./,
    ['header-not-allowed'],
    {
      blockedAt: 'preflight',
    },
  ),
  webkit(/redirection URL (?<value>\S+) has credentials/, ['redirect-with-credentials'], {
    blockedAt: 'redirect',
  }),
  webkit(
    /not allowed to follow a cross-origin CORS redirection with non CORS scheme/,
    ['redirect-to-unsupported-scheme'],
    {
      blockedAt: 'redirect',
    },
  ),
  webkit(/Not allowed to follow a redirection while loading (?<url>\S+)/, ['redirect-mode-error'], {
    blockedAt: 'redirect',
  }),
  webkit(/Load cannot follow more than \d+ redirections/, ['too-many-redirects'], { blockedAt: 'redirect' }),
  webkit(/No-Cors mode requires follow redirect mode/, ['no-cors-redirect-mode'], { blockedAt: 'request' }),
  webkit(
    /\[blocked\] The page at (?<page>\S+) requested insecure content from (?<url>\S+?)\. This content was blocked/,
    ['mixed-content'],
    {
      blockedAt: 'request',
    },
  ),
  webkit(/Cross origin requests are only supported for HTTP\.|FTP URLs are disabled/, [
    'unsupported-scheme',
    'redirect-to-unsupported-scheme',
    'redirect-mode-error',
  ]),
  webkit(
    /Unsafe attempt to load URL (?<url>\S+) from origin (?<origin>\S+)\. Domains, protocols/,
    ['same-origin-mode'],
    {
      blockedAt: 'redirect',
    },
  ),
  webkit(/Not allowed to use restricted network port \d+: (?<url>\S+)/, ['bad-port'], {
    blockedAt: 'request',
  }),
]

const SHARED: readonly KnownMessage[] = [
  {
    pattern: /EventSource's response has a MIME type \("(?<value>[^"]*)"\) that is not "text\/event-stream"/,
    voice: null,
    codes: ['event-stream-content-type'],
    blockedAt: 'response',
  },
  firefox(
    /Firefox can't establish a connection to the server at (?<url>\S+?)\.(?:\s|$)/,
    ['event-stream-status', 'event-stream-content-type'],
    {
      blockedAt: 'response',
    },
  ),
]

const NOT_CORS: readonly KnownMessage[] = [
  other(/ERR_BLOCKED_BY_CLIENT/, 'extension', 'chromium'),
  other(
    /ERR_BLOCKED_BY_ORB|\bCORB\b|Cross-Origin Read Blocking|OpaqueResponseBlocking/,
    'opaque-response-blocking',
  ),
  other(/Tainted canvas|canvas has been tainted|The operation is insecure/i, 'tainted-canvas'),
  other(/ERR_BLOCKED_BY_RESPONSE|Cross-Origin-Resource-Policy/, 'resource-policy'),
  other(/Content[- ]Security[- ]Policy/i, 'content-security-policy'),
  other(
    /ERR_CERT_|ERR_SSL_|SEC_ERROR_|SSL_ERROR_|certificate for this server is invalid/,
    'untrusted-certificate',
  ),
  other(
    /http proxy error|Error occurred while (?:trying to proxy|proxying request)|Proxy error: Could not proxy/i,
    'dev-proxy',
  ),
  other(
    /\(Reason: CORS request did not succeed\)|ERR_(?:CONNECTION|NAME|ADDRESS|INTERNET|TIMED_OUT|EMPTY)\w*|Could not connect to the server|network connection was lost/,
    'no-response',
  ),
  other(/net::ERR_FAILED/, 'failed-load', 'chromium'),
  other(
    /(?<![\w.])(?:TypeError: )?(?:Failed to fetch|NetworkError when attempting to fetch resource|Load failed)\b|(?<![\w.])Network Error\b|ERR_NETWORK\b/,
    'script-error',
  ),
]

/** In the order in which they are looked for: what says most comes first. */
export const knownMessages: readonly KnownMessage[] = [
  ...LOCAL_NETWORK,
  ...CHROMIUM,
  ...FIREFOX,
  ...WEBKIT,
  ...SHARED,
  ...NOT_CORS,
]
