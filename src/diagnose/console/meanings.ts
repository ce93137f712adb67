/** What a console's message means, and what to do about it, where nothing but the message is known. */

import type { CorsFailureCode } from '../../fetch/failure.js'
import type { LooksLikeCors } from './known-messages.js'

export interface Meaning {
  /** One sentence. */
  readonly means: string
  /** What to do, and where. */
  readonly change: string
}

const ON_SERVER = 'on the server'

/** Those that a console tells. */
export const codeMeanings: Readonly<Partial<Record<CorsFailureCode, Meaning>>> = {
  'missing-allow-origin': {
    means: 'The response has no Access-Control-Allow-Origin, so no page of another origin may read it.',
    change: `Add the page's origin to the list of allowed origins ${ON_SERVER}, for this path and for error responses too; where it is on the list, look for what responds before CORS does: authentication, a proxy, an error handler.`,
  },
  'multiple-allow-origin': {
    means: 'Access-Control-Allow-Origin has more than one value, and only one is allowed.',
    change:
      'Find the two layers that add it, usually a proxy and the app behind it, and let one of them do so; a list of origins has to be narrowed to the one that asked.',
  },
  'invalid-allow-origin': {
    means: 'The value of Access-Control-Allow-Origin is neither an origin nor `*`.',
    change: 'Write scheme, host and port alone, https://app.example.com: no path, no quotes, no pattern.',
  },
  'allow-origin-mismatch': {
    means: "Access-Control-Allow-Origin names an origin other than the page's.",
    change: `Add the page's origin to the list ${ON_SERVER}, and send the one that asked; where it is on the list, a cache has kept the response for another origin: send Vary: Origin.`,
  },
  'wildcard-allow-origin-with-credentials': {
    means: 'The request has credentials, so `*` does not count.',
    change:
      "Send the page's own origin and Access-Control-Allow-Credentials: true, or leave the credentials out of the call.",
  },
  'invalid-allow-credentials': {
    means:
      'The request has credentials, and the response does not say Access-Control-Allow-Credentials: true.',
    change: `Switch credentials on in the CORS rules ${ON_SERVER}, or leave them out of the call. The value is true, in lower case.`,
  },
  'preflight-redirect': {
    means:
      'The preflight, the OPTIONS request that a browser sends first, is redirected, which no browser follows.',
    change:
      'Call the final URL (https, the right host, with or without the trailing slash), or let CORS respond before whatever redirects.',
  },
  'preflight-status': {
    means: 'The preflight, the OPTIONS request that a browser sends first, gets a status that is not 2xx.',
    change: 'Let CORS respond to OPTIONS before authentication and before the router do.',
  },
  'invalid-allow-methods': {
    means: 'Access-Control-Allow-Methods of the preflight response cannot be parsed.',
    change: 'Separate the methods by commas: GET, PUT, DELETE.',
  },
  'invalid-allow-headers': {
    means: 'Access-Control-Allow-Headers of the preflight response cannot be parsed.',
    change: 'Separate the header names by commas: content-type, authorization.',
  },
  'method-not-allowed': {
    means: 'The preflight response does not allow the method.',
    change: `Add it to the allowed methods ${ON_SERVER}, in upper case. With credentials, \`*\` does not count.`,
  },
  'header-not-allowed': {
    means: 'The preflight response does not allow a header that the page sets.',
    change: `Add it to the allowed request headers ${ON_SERVER}. \`*\` covers neither Authorization nor, with credentials, any header.`,
  },
  'redirect-with-credentials': {
    means: 'The server redirects to a URL with a user name or password in it.',
    change: 'Redirect to a URL without them.',
  },
  'redirect-to-unsupported-scheme': {
    means: 'The server redirects to a URL that is not http(s).',
    change: 'Redirect to an http(s) URL, or give the URL to the page as data.',
  },
  'redirect-mode-error': {
    means: "The server redirects, and the call says redirect: 'error'.",
    change: 'Call the final URL, or leave that option out.',
  },
  'too-many-redirects': {
    means: 'The redirects do not end.',
    change: 'See where they lead: often http to https and back, or a login page that needs a login.',
  },
  'same-origin-mode': {
    means: "The call says mode: 'same-origin', and the URL is of another origin.",
    change: "Leave that option out, or call a URL of the page's own origin.",
  },
  'no-cors-redirect-mode': {
    means: "The call says mode: 'no-cors' and a redirect mode, which do not go together.",
    change: 'Leave both out: a response to no-cors cannot be read anyway.',
  },
  'unsupported-scheme': {
    means: 'The URL is not http(s).',
    change:
      'Check the base URL of the client, a variable that was not filled in. A page that is opened as a file has no origin: serve it.',
  },
  'mixed-content': {
    means: 'An https page calls an http URL.',
    change: 'Call https; no header of the server helps.',
  },
  'bad-port': {
    means: 'Browsers do not connect to this port.',
    change: 'Serve the API at another port.',
  },
  'event-stream-status': {
    means: 'An EventSource requires status 200.',
    change: 'See what the server responds with: often 401, 404 or a redirect to a login page.',
  },
  'event-stream-content-type': {
    means: 'An EventSource requires Content-Type: text/event-stream.',
    change: 'Send that type; often an error page or a login page is sent instead.',
  },
}

/** What no CORS header changes. */
export const looksLikeMeanings: Readonly<Record<LooksLikeCors, Meaning>> = {
  'failed-load': {
    means:
      'This line says only that the load has failed; where CORS is the reason, the line above it says so.',
    change: 'Paste the line above, the one that begins with "Access to …".',
  },
  'no-response': {
    means: 'No response came: CORS was never judged.',
    change:
      'Check that the server is up, that the URL and port are right, and that its certificate is trusted. Firefox prints this line after every failed preflight too: then the line above says why.',
  },
  'script-error': {
    means: 'This is all that a script gets to know: browsers keep the reason from it.',
    change:
      'Paste what the console says above it. Where the console says nothing, no response came: the server is down, a certificate is not trusted, an extension blocks it.',
  },
  'local-network-access': {
    means:
      "This is Local Network Access, not CORS: a public page calls this machine or a local network, which needs the user's permission and an https page. The server is not asked.",
    change:
      'Serve the page over https and let the user grant the permission, or serve the API from a public address. No header of the server helps.',
  },
  'opaque-response-blocking': {
    means:
      'This is Opaque Response Blocking: an element without crossorigin loads what is neither script, style, image nor media.',
    change:
      'Fetch data with fetch() and CORS headers; of a script, a style or an image check the Content-Type and the URL (often an HTML error page).',
  },
  'tainted-canvas': {
    means:
      'An image from another origin was drawn that was loaded without CORS: the canvas can no longer be read.',
    change:
      'Set crossorigin="anonymous" on the image before its src, and send Access-Control-Allow-Origin with it. An image that was cached without CORS needs another URL.',
  },
  'resource-policy': {
    means: 'This is Cross-Origin-Resource-Policy (or Cross-Origin-Embedder-Policy), not CORS.',
    change:
      'Send Cross-Origin-Resource-Policy: cross-origin with what other sites may embed, or load it with crossorigin.',
  },
  'content-security-policy': {
    means: "This is the page's own Content Security Policy: nothing was sent.",
    change: "Add the API's origin to connect-src of the page's policy. No header of the API helps.",
  },
  extension: {
    means: 'An extension of the browser, usually an ad blocker, has blocked the request.',
    change: 'Try a window without extensions; rename what an ad blocker takes for tracking.',
  },
  'dev-proxy': {
    means:
      "The development server's proxy gets no response from the API: the browser asked its own origin, and CORS is not involved.",
    change:
      "Check the proxy's target and that the API is up. Production has no such proxy: test the API's CORS there.",
  },
  'untrusted-certificate': {
    means: "The server's certificate is not trusted: no request was sent.",
    change: 'Open the URL in a tab to see why; trust the development certificate on this machine.',
  },
}
