/** The kinds of findings: what each is called, and what is said of it wherever nothing better is known. */

import type { AuditFindingId } from './audit-report.js'

/** What is said of a kind. */
export interface FindingClass {
  /** In a few words, of the server. */
  readonly title: string
  /** Why it matters. */
  readonly risk: string
  /** The rule in the server that would do this. */
  readonly cause: string
  readonly fix: string
  /** Whether it is about an origin that must not get in. */
  readonly isOfOrigins?: true
}

const LIST =
  'Compare the whole Origin with the origins of a list: `allowed.includes(origin)`, where `allowed` is an array'

export const findingClasses: Readonly<Record<AuditFindingId, FindingClass>> = {
  'reflected-origin': {
    title: 'Any origin is let in',
    isOfOrigins: true,
    risk: 'Every page on the web reads the response.',
    cause:
      'Access-Control-Allow-Origin repeats the Origin of the request without checking it: `origin: true`, `$http_origin`, `allow_origin_regex=".*"`.',
    fix: `${LIST}.`,
  },
  'null-origin': {
    title: 'The origin `null` is let in',
    isOfOrigins: true,
    risk: 'Every page can send `Origin: null`, from a sandboxed frame or a `data:` document.',
    cause: '`null` is on the list of allowed origins, or is what the server sends when it means to refuse.',
    fix: 'Take `null` off the list, and send no Access-Control-Allow-Origin at all when you refuse.',
  },
  'prefix-match': {
    title: 'Origins that begin with a trusted one are let in',
    isOfOrigins: true,
    risk: 'Anyone who has a domain can create such an origin under it.',
    cause: 'The rule looks at the beginning alone: `origin.startsWith(…)`, a regular expression without `$`.',
    fix: `${LIST}; a regular expression needs \`$\` at its end.`,
  },
  'suffix-match': {
    title: 'Origins that end like a trusted one are let in',
    isOfOrigins: true,
    risk: 'Anyone who registers such a domain gets in.',
    cause:
      'The rule looks at the end alone: `origin.endsWith(…)` without the dot before the domain, a regular expression without `^`.',
    fix: `${LIST}; for subdomains compare with the dot, \`host.endsWith('.example.com')\`.`,
  },
  'substring-match': {
    title: 'Origins that share a part with a trusted one are let in',
    isOfOrigins: true,
    risk: 'Anyone who registers such a domain gets in.',
    cause:
      'The rule looks for one text within the other: `origin.includes(…)`, a regular expression without `^` and `$`, or a list that is kept as one string, `"https://app.example.com".includes(origin)`.',
    fix: `${LIST}, and split a list that is one string.`,
  },
  'unescaped-dot': {
    title: 'A dot stands for any character',
    isOfOrigins: true,
    risk: 'Anyone who registers the domain with another character in its place gets in.',
    cause: 'A dot of a regular expression is not escaped: `/^https:\\/\\/app.example\\.com$/`.',
    fix: `Escape every dot, \`\\.\`, or better: ${LIST[0]?.toLowerCase()}${LIST.slice(1)}.`,
  },
  'special-characters': {
    title: 'A special character ends the name',
    isOfOrigins: true,
    risk: 'Some browsers open pages at such names, which anyone can create under a domain of their own.',
    cause:
      'The rule takes a character that does not belong in a domain name for its end: `/^https:\\/\\/app\\.example\\.com[^a-z.-]?/`, or a home-made URL parser.',
    fix: `${LIST}.`,
  },
  'insecure-scheme': {
    title: 'The http origin is let in as well',
    isOfOrigins: true,
    risk: 'Anyone on the network between can serve a page at the http origin, and read what TLS protects.',
    cause: 'The rule does not look at the scheme: `https?://`, a comparison of hosts.',
    fix: 'Compare the scheme too: `https://`.',
  },
  'other-port': {
    title: 'Every port of a trusted host is let in',
    isOfOrigins: true,
    risk: 'Whatever else runs on that host reads the response.',
    cause: 'The rule does not look at the port: `(:\\d+)?`, a comparison of host names.',
    fix: 'Compare the port too; if every port is meant to be let in, say `allowPorts: true`.',
  },
  'any-subdomain': {
    title: 'Subdomains that nobody listed are let in',
    isOfOrigins: true,
    risk: 'One that is taken over, or has a script injected, reads the response.',
    cause: "The rule is about the domain: `endsWith('.example.com')`, `*.example.com`.",
    fix: 'List the subdomains; if every one of them is meant to be let in, say `allowSubdomains: true`.',
  },
  'public-suffix': {
    title: 'Sites of others under a public suffix are let in',
    isOfOrigins: true,
    risk: 'Anyone can register a name there, next to yours.',
    cause:
      "The rule is about a domain under which anyone can get a name: `endsWith('.github.io')`, `*.co.uk`.",
    fix: `${LIST}.`,
  },
  'third-party': {
    title: 'Pages of a shared host are let in',
    isOfOrigins: true,
    risk: 'Anyone can publish a page there.',
    cause: 'A host where anyone can publish is on the list: a preview, a playground.',
    fix: 'Take it off the list, or list the exact origins that are yours.',
  },
  'cookie-dependent': {
    title: 'Who is let in depends on whether there is a cookie',
    isOfOrigins: true,
    risk: 'A check without a cookie does not see it.',
    cause:
      'With a cookie, `*` is replaced by the Origin of the request: `allow_origins=["*"]` with `allow_credentials=True`.',
    fix: 'List the origins instead of `*` where credentials are allowed.',
  },
  'preflight-disagrees': {
    title: 'Preflight and response disagree',
    isOfOrigins: true,
    risk: 'What one of them refuses the other allows.',
    cause:
      'Two places write CORS headers: a proxy and the application, or a handler of OPTIONS and the middleware.',
    fix: 'Have one place decide for both.',
  },
  'wildcard-with-credentials': {
    title: '`*` together with credentials',
    risk: 'Browsers refuse it: with cookies nobody gets in.',
    cause:
      "Access-Control-Allow-Origin is `*` where Access-Control-Allow-Credentials is `true`: `origin: '*', credentials: true`.",
    fix: 'List the origins where credentials are needed; leave Access-Control-Allow-Credentials out where they are not.',
  },
  'literal-wildcard': {
    title: 'A wildcard that is literal with credentials',
    risk: 'With cookies it stands for nothing but the name `*`.',
    cause:
      'Allow-Methods, Allow-Headers or Expose-Headers is `*` where Access-Control-Allow-Credentials is `true`.',
    fix: 'List the names.',
  },
  'duplicate-lines': {
    title: 'A CORS header is sent twice',
    risk: 'Browsers refuse two values, even where they are the same.',
    cause: 'A proxy and the application both add it.',
    fix: 'Have one of them add it.',
  },
  'authenticated-preflight': {
    title: 'The preflight needs authentication',
    risk: 'Preflights carry neither cookies nor Authorization, so every one of them fails.',
    cause: 'Authentication runs before CORS.',
    fix: 'Have CORS run first, or let OPTIONS pass.',
  },
  'errors-without-cors': {
    title: 'Error responses without CORS headers',
    risk: 'Pages see a network error, and not what went wrong.',
    cause: 'Errors are made where CORS does not reach: before the middleware, by a proxy, without `always`.',
    fix: 'Have the CORS headers added to every response.',
  },
  'max-age': {
    title: 'Access-Control-Max-Age out of bounds',
    risk: 'Browsers do not read it as it is meant.',
    cause: 'Its value is not a number of seconds, or more than any browser takes.',
    fix: 'Send seconds, at most 86400.',
  },
  'non-canonical-origin': {
    title: 'An allowed origin that no browser sends',
    risk: 'No Origin equals it, so it lets nobody in.',
    cause: 'Access-Control-Allow-Origin has a path, a trailing slash, upper case or a default port.',
    fix: 'Write it as browsers send it: scheme, host, and a port that is not the default.',
  },
  'misspelt-header': {
    title: 'A misspelt CORS header',
    risk: 'Browsers do not know it.',
    cause: 'A name such as Access-Control-Allow-Origins.',
    fix: 'Correct its name.',
  },
  vary: {
    title: 'Vary does not name Origin',
    risk: 'A cache gives one origin what was meant for another.',
    cause: 'The response differs from origin to origin, and does not say so.',
    fix: 'Send `Vary: Origin` with every response, those without CORS headers too.',
  },
  'resource-policy': {
    title: 'Cross-Origin-Resource-Policy contradicts CORS',
    risk: 'It keeps from pages that load without CORS what CORS lets them read.',
    cause: 'Cross-Origin-Resource-Policy is `same-origin` or `same-site` on what other origins may read.',
    fix: 'Send `cross-origin`, or leave it out.',
  },
}
