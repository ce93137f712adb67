/**
 * What two scanners would say, by the rules that they publish. They derive what they send from the URL that is scanned, and know of no trusted origin.
 * @see https://github.com/chenjj/CORScanner common/corscheck.py
 * @see https://github.com/s0md3v/Corsy core/tests.py
 */

/** Asks with an Origin, without a cookie, and gives the header lines of the response by their names in lower case. */
export type AskScanned = (origin: string) => Promise<Readonly<Record<string, string>>>

const ALLOW = 'access-control-allow-origin'
const SPECIAL = [...'_-"{}+^!~`;|&\'()*,$=']
const THIRD_PARTIES = [
  'https://github.com',
  'https://gitlab.com',
  'https://pastebin.com',
  'http://jsbin.com',
  'https://codepen.io',
  'https://jsfiddle.net',
  'http://whatever.s3.amazonaws.com',
]

/** In its order, to the first that it finds. @param host of the URL, below `domain` */
export async function corScanner(ask: AskScanned, host: string, domain: string): Promise<string | null> {
  const tests: readonly (readonly [name: string, origins: readonly string[]])[] = [
    ['reflect_origin', ['https://evil.com']],
    ['prefix_match', [`https://${host}.evil.com`]],
    ['suffix_match', [`https://evil${domain}`]],
    ['trust_null', ['null']],
    ['include_match', [`https://${domain.slice(1)}`]],
    ['not_escape_dot', [`https://${host.replace(/\.([^.]*)$/, 'a$1')}`]],
    ['custom_third_parties', THIRD_PARTIES],
    ['special_characters_bypass', SPECIAL.map((character) => `https://${host}${character}.evil.com`)],
    ['trust_any_subdomain', [`https://evil.${host}`]],
    ['https_trust_http', [`http://${host}`]],
  ]
  for (const [name, origins] of tests)
    for (const origin of origins) {
      const allowed = (await ask(origin))[ALLOW]
      // It leaves out the port, and compares without case.
      if (allowed?.toLowerCase().replace(/(\/\/[^/:]+):.*$/, '$1') === origin.toLowerCase()) return name
    }
  return null
}

/** In its order, to the first that it finds; nothing where its own origin gets no header. Where it has example.com, which is trusted here, another name stands. */
export async function corsy(ask: AskScanned, host: string): Promise<string | null> {
  const allowed = async (origin: string): Promise<string | undefined> => (await ask(origin))[ALLOW]
  if ((await allowed(`https://${host}`)) === undefined) return null
  const tests = [
    ['origin reflected', 'https://corsy.example'],
    ['post-domain wildcard', `https://${host}.corsy.example`],
    ['pre-domain wildcard', `https://d3v${host}`],
    ['null origin allowed', 'null'],
    ['unrecognized underscore', `https://${host}_.corsy.example`],
    ...(host.split('.').length > 2 ? [['unescaped regex', `https://${host.replace('.', 'x')}`]] : []),
  ] as const
  for (const [name, origin] of tests) if ((await allowed(origin as string)) === origin) return name as string
  const last = await allowed(`http://${host}`)
  if (last?.startsWith('http://') === true) return 'http origin allowed'
  if (last === '*') return 'wildcard value'
  const other = last === undefined || !URL.canParse(last) ? null : new URL(last).hostname
  return other !== null && other !== host ? 'third party allowed' : null
}
