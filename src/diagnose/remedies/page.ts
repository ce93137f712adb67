/** What the page's side can do, and what does not help although it is often suggested. */

import { shown } from '../../text/shown.js'
import { type BlockedCase, isFromHttpCache, isObserved } from '../case.js'
import { evidenceOf } from '../evidence.js'
import { redirectKind } from '../explain/why-redirected.js'
import { isSpeltByPage, listedInAnotherCase, permittedMethods } from '../permission.js'
import { type Remedy, single, singles, text } from './remedy.js'

/** The fixes on the page's side for this block; the most fitting first. */
export function pageRemedies(found: BlockedCase): Remedy[] {
  const own = OWN_MISTAKES[found.code]
  if (own !== undefined) return [{ for: 'page', ...own }]
  if (isSpeltByPage(found)) return [spellMethod(found)]
  const remedies: Remedy[] = []
  const direct = askDirectly(found)
  if (direct !== null) remedies.push(direct)
  if (isFromHttpCache(found)) remedies.push(RENEW)
  const simple = makeSimple(found)
  if (simple !== null) remedies.push(simple)
  remedies.push(...proxies(found), NO_HELP)
  return remedies
}

/** Only a few methods are put in upper case: the page has to write the others as the server does. */
function spellMethod(found: BlockedCase): Remedy {
  const list = permittedMethods(found)
  const listedAs = list.missing.map((method) => listedInAnotherCase(list, method) ?? method)
  return {
    for: 'page',
    title: `Write the method as the server lists it: ${listedAs.map((method) => `method: ${single(shown(method))}`).join(', ')}`,
  }
}

type OwnMistake = Omit<Remedy, 'for'>

/** Where the page's own call is wrong, nothing else will help. */
const OWN_MISTAKES: Readonly<Partial<Record<BlockedCase['code'], OwnMistake>>> = {
  'same-origin-mode': { title: "Leave out mode: 'same-origin'" },
  'no-cors-redirect-mode': {
    title: "Leave out mode: 'no-cors': with it a page cannot read the response anyway",
  },
  'method-in-no-cors-mode': {
    title: "Leave out mode: 'no-cors', and let the server allow the request by CORS",
  },
  'unsupported-scheme': { title: 'Ask for an http or https URL' },
  'mixed-content': { title: "Serve the API over https, or reach it through the page's own https origin" },
  'bad-port': { title: 'Serve the API on a port that browsers do not reserve' },
  'stream-needs-http2': { title: 'Serve the API over HTTP/2, or send the body as a Blob or string' },
  'invalid-url': { title: 'Fix the URL' },
  'url-with-credentials': {
    title: 'Send the user name and password as a header',
    snippet: "headers: { Authorization: 'Basic ' + btoa(user + ':' + password) }",
  },
  'invalid-method': { title: 'Use an HTTP method' },
  'forbidden-method': { title: 'Use another method: no page can send this one' },
  'invalid-request-header': { title: "Fix the header's name or value" },
  'keepalive-quota': { title: 'Send less at a time, or without keepalive' },
  'not-in-http-cache': { title: "Use cache: 'force-cache'" },
  'proxy-authentication-required': { title: 'Have the server respond with 401 or 403 instead of 407' },
  'conflicting-header-lines': { title: 'Have the server send that header once' },
  'invalid-referrer': { title: 'Fix the referrer' },
  'only-if-cached-mode': { title: "Use cache: 'force-cache'" },
  'stream-body-with-keepalive': { title: 'Send the body as a Blob, string, FormData or bytes' },
  'stream-body-unsupported': { title: 'Send the body as a Blob, string, FormData or bytes' },
  'stream-body-in-no-cors-mode': { title: 'Send the body as a Blob, string, FormData or bytes' },
  'body-with-get-or-head': { title: 'Use POST, or put the values into the URL' },
  'redirect-mode-error': { title: "Ask for the URL the redirect leads to, or leave out redirect: 'error'" },
  'redirect-stream-body': {
    title: 'Ask for the URL the redirect leads to, or send a body that can be sent twice',
  },
  'too-many-redirects': { title: 'Fix the redirect loop on the server' },
  'redirect-invalid-location': { title: 'Fix the Location header on the server' },
  'redirect-to-unsupported-scheme': { title: 'Have the server redirect to an http or https URL' },
  'redirect-with-credentials': { title: 'Have the server redirect to a URL without a user name or password' },
  'redirect-with-credentials-outside-cors': {
    title: 'Have the server redirect to a URL without a user name or password',
  },
  'resource-policy': {
    title:
      'Have the server send Cross-Origin-Resource-Policy: cross-origin, or allow the page by CORS and ask with it',
  },
  'preloaded-without-cors': {
    title: 'Give the <link rel="preload"> the crossorigin attribute of the element',
  },
  'element-status': { title: 'Fix the URL, or what the server has there' },
  'element-content-type': { title: 'Have the server send the Content-Type of what it is' },
  'event-stream-status': { title: 'Have the server respond to an EventSource with status 200' },
  'event-stream-content-type': {
    title: 'Have the server respond to an EventSource with Content-Type: text/event-stream',
  },
}

/** After a redirect between foreign origins, and for a redirected preflight: skip the redirect. */
export const ASK_DIRECTLY: Remedy = {
  for: 'page',
  title: 'Ask for the URL that the redirect leads to, at once',
}

/** Where the redirect is for people, and not for scripts. */
export const NO_LOGIN: Remedy = {
  for: 'server',
  title:
    'Have the server respond with 401 and its CORS headers where it redirects to the login, so that the page can open the login itself',
}

/** What the browser's HTTP cache keeps can be replaced, or kept with CORS from the start. */
const RENEW: Remedy = {
  for: 'page',
  title:
    "Until then: ask with cache: 'reload', which replaces what the browser keeps; and put crossorigin on the element that asks for the same URL",
}

function askDirectly(found: BlockedCase): Remedy | null {
  const { hop, url } = found.verdict
  const redirected = hop.url !== url || found.code === 'preflight-redirect'
  const { redirect } = evidenceOf(found)
  const isLogin = redirect !== null && redirectKind(redirect) === 'login'
  if (!redirected || isLogin) return null
  return ASK_DIRECTLY
}

/** Where only headers of the page's own choosing make the request preflighted. */
function makeSimple(found: BlockedCase): Remedy | null {
  const { reasons, required } = found.verdict.preflight
  if (!required || found.blockedAt !== 'preflight') return null
  const names: string[] = []
  for (const reason of reasons) {
    if (reason.kind !== 'header' || reason.name === 'authorization') return null
    names.push(reason.name)
  }
  if (names.length === 0) return null
  const json = names.length === 1 && names[0] === 'content-type'
  const title = json
    ? 'Or send it without a preflight: as a form (URLSearchParams, FormData) or as text/plain, if the server accepts that'
    : `Or send it without a preflight: leave out ${names.join(', ')}`
  return { for: 'page', title }
}

/** A page that reaches the API through its own origin needs no CORS at all. */
function proxies(found: BlockedCase): Remedy[] {
  const { hop, origin } = found.verdict
  if (isObserved(found) || !URL.canParse(hop.url) || origin === 'null') return []
  const target = new URL(hop.url)
  const first = shown(`/${target.pathname.split(/[/;]/)[1] ?? ''}`)
  const remedies: Remedy[] = []
  if (/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin)) {
    remedies.push(
      {
        for: 'vite',
        title:
          "While developing: let the dev server pass requests on, so that they stay on the page's origin",
        snippet: text(
          '// vite.config.js; the page then asks for a path without a host',
          `server: { proxy: { ${single(first)}: { target: ${single(target.origin)}, changeOrigin: true } } }`,
        ),
      },
      {
        for: 'webpack',
        title: 'The same with webpack-dev-server',
        snippet: text(
          '// webpack.config.js',
          `devServer: { proxy: [{ context: ${singles([first])}, target: ${single(target.origin)}, changeOrigin: true }] }`,
        ),
      },
    )
  }
  remedies.push({
    for: 'proxy',
    title: `Or serve the API on the page's own origin (${shown(origin)}${first} → ${target.origin}): then there is no CORS`,
  })
  return remedies
}

const NO_HELP: Remedy = {
  for: 'page',
  title:
    "What does not help: mode: 'no-cors' (the response stays unreadable), JSONP (runs the server's code in the page), a browser extension or --disable-web-security (helps on one machine only)",
}
