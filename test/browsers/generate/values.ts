/** Header values as servers and pages write them, and as nobody should. */
import type { Random } from './random.js'

const upper = (text: string): string => text.toUpperCase()

/** A word in another spelling. */
export function respelled(random: Random, text: string): string {
  return random.pick([upper, (word: string) => word.toLowerCase(), alternating])(text)
}

function alternating(text: string): string {
  return [...text].map((char, index) => (index % 2 === 0 ? char.toLowerCase() : char.toUpperCase())).join('')
}

/** White space around a value, or nothing. */
export function padded(random: Random, text: string): string {
  return random.weighted([
    [8, text],
    [1, ` ${text}`],
    [1, `${text} `],
    [1, `\t${text}\t`],
    [1, `\t \t${text} \t`],
  ])
}

/** Values of `Access-Control-Allow-Origin`: each entry is a list of header lines. */
export function allowOriginLines(random: Random, origin: string): string[] {
  const url = new URL(origin)
  const { protocol, host, hostname } = url
  const others = ['https://evil.example', 'http://api.test:18080', `${protocol}//sub.${host}`, 'null']
  const spelled: readonly (() => string)[] = [
    () => `${origin}/`,
    () => `${origin}/index.html`,
    () => `${origin}?`,
    () => `${origin}#top`,
    () => `${protocol}//me:pw@${host}`,
    () => `${protocol}//@${host}`,
    () => `${protocol}//${hostname}.:${url.port || '80'}`,
    () => `${protocol}//${hostname}:0${url.port || '443'}`,
    () => `${protocol}//${hostname}:${url.port === '' ? (protocol === 'http:' ? 80 : 443) : '65535'}`,
    () => `${protocol}//${hostname}`,
    () => `${protocol}//${hostname}:`,
    () => `${protocol === 'http:' ? 'https:' : 'http:'}//${host}`,
    () => `${protocol}//*.${host}`,
    () => `${protocol}//*`,
    () => `*.${host}`,
    () => `*:${url.port}`,
    () => host,
    () => `//${host}`,
    () => protocol,
    () => upper(protocol) + origin.slice(protocol.length),
    () => `${protocol}//${upper(host)}`,
    () => `${origin}\u00a0`,
    () => `\u00a0${origin}`,
    () => `${origin}\u000b`,
    () => `\u000c${origin}`,
    () => `${origin}\u00fc`,
    () => `"${origin}"`,
    () => `<${origin}>`,
    () => `[${origin}]`,
    () => encodeURIComponent(origin),
    () => `${origin};`,
    () => `${origin} ${random.pick(others)}`,
    () => `${origin}, ${random.pick(others)}`,
    () => `${random.pick(others)},${origin}`,
    () => `${origin},${origin}`,
    () => `, ${origin}`,
    () => `${origin} ,`,
    () => `${origin}|${random.pick(others)}`,
    () => `*,${origin}`,
    () => `${origin}, *`,
    () => '"*"',
    () => '*;',
    () => '\\*',
    () => '*\u000b',
    () => '%2A',
    () => '.*',
    () => '* *',
    () => 'any',
    () => 'all',
    () => 'none',
    () => 'false',
    () => 'undefined',
    () => 'NULL',
    () => 'Null',
    () => '"null"',
    () => 'null,null',
    () => 'about:blank',
    () => 'blob:null',
    () => 'data:',
    () => '',
    () => ',',
  ]
  return random.weighted<() => string[]>([
    [5, () => [padded(random, origin)]],
    [4, () => [padded(random, '*')]],
    [2, () => [padded(random, 'null')]],
    [2, () => ['{{origin}}']],
    [2, () => [random.pick(others)]],
    [14, () => [random.pick(spelled)()]],
    [1, () => []],
    [1, () => [origin, origin]],
    [1, () => ['*', '*']],
    [1, () => ['', padded(random, origin)]],
    [1, () => [origin, '']],
    [1, () => [' ', '', '*']],
    [1, () => random.sample([origin, '*', 'null', ...others], 2)],
  ])()
}

/** Values of `Access-Control-Allow-Credentials`. */
export function allowCredentialsLines(random: Random): string[] {
  const odd = ['TRUE', 'True', 'tRUE', 'true;', 'true, ', ',true', '"true"', "'true'", 'true x', 'true\u00a0']
  const more = [
    'true\u000b',
    'truE',
    't',
    'tru',
    'truetrue',
    '1',
    'yes',
    'on',
    '*',
    '',
    'false',
    'null',
    '?1',
    'true,false',
  ]
  return random.weighted<() => string[]>([
    [6, () => [padded(random, 'true')]],
    [6, () => [random.pick([...odd, ...more])]],
    [1, () => ['true', 'true']],
    [1, () => ['false', 'true']],
    [1, () => ['true', '']],
    [1, () => ['', 'true']],
    [2, () => []],
  ])()
}

/** A comma-separated list of names as the header would carry it, well-formed or not. */
export function listLines(random: Random, names: readonly string[], extra: readonly string[]): string[] {
  const some = random.sample([...names, ...random.sample(extra, random.int(0, 2))], 9)
  const joined = (separator: string) => some.join(separator)
  return random.weighted<() => string[]>([
    [8, () => [joined(', ')]],
    [3, () => [joined(',')]],
    [2, () => some],
    [1, () => [joined(' , ')]],
    [1, () => [joined('\t,\t')]],
    [1, () => [`,${joined(',,')},`]],
    [1, () => [`${joined(', ')},`]],
    [1, () => ['', joined(', ')]],
    [1, () => [joined(' ')]],
    [1, () => [joined('; ')]],
    [1, () => [joined('|')]],
    [1, () => [`"${joined(', ')}"`]],
    [1, () => [`[${joined(', ')}]`]],
    [1, () => [joined(', ').toUpperCase()]],
    [1, () => [joined(', ').toLowerCase()]],
    [1, () => [respelled(random, joined(', '))]],
    [1, () => [`${joined(', ')}, {bad}`]],
    [1, () => [`${joined(', ')}, a b`]],
    [1, () => [`${joined(', ')};q=1`]],
    [1, () => [`${joined(', ')}, \u00e9`]],
    [1, () => [`${joined(',\u000b')}`]],
    [1, () => [`${joined('\u00a0,')}`]],
    [2, () => ['*']],
    [1, () => [`*, ${joined(', ')}`]],
    [1, () => [`${joined(', ')}, *`]],
    [1, () => [padded(random, '*')]],
    [1, () => ['*', joined(', ')]],
    [1, () => ['**']],
    [1, () => ['"*"']],
    [1, () => ['']],
    [1, () => [',']],
    [1, () => []],
    [1, () => [some.slice(1).join(', ')]],
    [1, () => [some.map((name) => `${name}x`).join(', ')]],
    [1, () => [some.map((name) => name.slice(0, -1)).join(', ')]],
  ])()
}

/** Values of `Access-Control-Max-Age`: a list of header lines. */
export function maxAgeLines(random: Random): string[] {
  const odd = [
    '-5',
    '+60',
    '60.9',
    '.5',
    '60 ',
    ' 60',
    '6 0',
    '60,',
    ',60',
    '60, 60',
    '60;',
    '"60"',
    '0x3c',
    '1e3',
    'one',
    '',
  ]
  const more = [
    '-',
    '00',
    '000060',
    '-0',
    '60\u00a0',
    '60\u000b',
    '2147483648',
    '4294967296',
    '18446744073709551616',
  ]
  return random.weighted<() => string[]>([
    [6, () => [random.pick(['60', '600', '7200', '86400', '5', '3600'])]],
    [2, () => ['0']],
    [2, () => [random.pick(['1', '2', '3'])]],
    [8, () => [random.pick([...odd, ...more])]],
    [1, () => ['60', '60']],
    [1, () => ['0', '60']],
    [1, () => ['', '60']],
    [4, () => []],
  ])()
}

/** Request methods for `fetch` and `XMLHttpRequest`. */
export function method(random: Random): string {
  const known = [
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
    'OPTIONS',
    'QUERY',
    'PROPFIND',
    'REPORT',
    'M-SEARCH',
  ]
  return random.weighted<() => string>([
    [8, () => random.pick(known)],
    [5, () => respelled(random, random.pick(known))],
    [1, () => random.pick(['UNICORN', 'x', 'a.b', "it's", '1', '*', 'Patch', 'pOST', 'LINK', 'unlink'])],
    [1, () => random.pick(['TRACE', 'Connect', 'track', 'a b', '', 'G\u00c9T', 'PUT,', '"GET"'])],
  ])()
}

const repeat = (text: string, length: number): string => text.repeat(length).slice(0, length)

/** Request headers a page may set, safelisted and not, with values on both sides of every limit. */
export function requestHeader(random: Random): [string, string] {
  const length = random.pick([60, 120, 127, 128, 129, 200])
  const [name, value] = random.weighted<() => [string, string]>([
    [4, () => ['Accept', acceptValue(random)]],
    [4, () => [random.pick(['Accept-Language', 'Content-Language']), languageValue(random)]],
    [5, () => ['Content-Type', contentType(random)]],
    [3, () => ['Range', rangeValue(random)]],
    [
      3,
      () => [
        random.pick(['Accept', 'Accept-Language', 'Content-Language']),
        repeat('abc;q=1 ', length).trim(),
      ],
    ],
    [1, () => ['Content-Type', `text/plain;p=${repeat('z', length - 13)}`]],
    [1, () => ['Range', `bytes=${repeat('9', random.pick([3, 10, 18, 19, 20]))}-`]],
    [
      5,
      () => [
        random.pick(['X-Trace-Id', 'x-csrf-token', 'X-Api-Version', 'Idempotency-Key', 'x_under']),
        'v1',
      ],
    ],
    [3, () => ['Authorization', random.pick(['Bearer q', 'Basic dTpw', 'token', ''])]],
    [2, () => clientHint(random)],
    [2, () => [random.pick(['If-None-Match', 'If-Match', 'If-Modified-Since']), '"tag"']],
    [2, () => [random.pick(['Cache-Control', 'Pragma']), 'no-cache']],
    [2, () => [random.pick(['baggage', 'tracestate', 'sentry-trace', 'newrelic', 'x-b3-traceid']), 'k=v']],
    [2, () => forbidden(random)],
    [2, () => override(random)],
    [
      1,
      () => [
        random.pick(['Origin-Agent', 'Accept-Patch', 'Priority', 'Early-Data', 'Forwarded', 'Prefer']),
        'u=1',
      ],
    ],
    [
      1,
      () => [random.pick(['Last-Event-ID', 'Upgrade-Insecure-Requests', 'Service-Worker', 'Ping-To']), '1'],
    ],
    [1, () => [random.pick(["x'y", 'a`b', '~', '0', 'x.y']), 'v']],
    [1, () => [random.pick(['X-Long']), repeat('long', 500)]],
    [
      1,
      () => [
        'X-Text',
        random.pick([
          '',
          ' ',
          '\ttab\t',
          'a\tb',
          '\u00e4',
          'caf\u00e9 \u00b5',
          '"q',
          'a,b',
          '\u0001',
          '\u007f',
        ]),
      ],
    ],
    [1, () => [random.pick(['X Space', 'X:Y', '\u00fc', 'x\n', '']), 'v']],
    [1, () => ['X-Bad', random.pick(['a\nb', 'a\r\nb: c', 'a\u0000b', '\u20ac'])]],
  ])()
  return [random.chance(0.2) ? respelled(random, name) : name, value]
}

function acceptValue(random: Random): string {
  const fine = ['*/*', 'application/json, text/plain;q=0.5', 'image/webp', "it's", 'a~b', '', 'caf\u00e9']
  const unsafe = [...'"(){}<>?@[]\\:\u007f'].map((char) => `x${char}y`)
  return random.pick([...fine, ...unsafe, 'a\u0001b', 'a\tb', '\t', 'x/y;v="1"'])
}

function languageValue(random: Random): string {
  const fine = ['de', 'de-CH, fr;q=0.8', '*', 'zh-Hant-TW', 'a.b-c;d=e,*', '', '1', 'en,,de']
  const unsafe = [
    'en/us',
    'en+us',
    'en_GB',
    "en'",
    'en!',
    'en\tde',
    '"de"',
    '\u00df',
    'en@eu',
    'a#b',
    'x&y',
    '%65n',
  ]
  return random.pick([...fine, ...unsafe])
}

/** Media types: the three safelisted ones in many spellings, and others. */
export function contentType(random: Random): string {
  const simple = random.pick(['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'])
  const tails = [
    '',
    ';charset=utf-8',
    '; charset=UTF-16',
    ' ;a=b',
    ';',
    '; ',
    ';a',
    ';=b',
    ';a="b',
    ';a="b c"',
    ';a=b;a=c',
  ]
  const unsafe = [
    ';a=(b)',
    ';a=b@c',
    ';a={b}',
    ';a=[b]',
    ';a=b?',
    ';a=b:c',
    ';a=<b>',
    ';a=b\\c',
    ';a=\u00e9',
    ';a=\u0001',
  ]
  const broken = [
    `${simple}/`,
    `/${simple}`,
    simple.replace('/', ' /'),
    simple.replace('/', '/ '),
    `${simple},`,
    'text/',
    '/plain',
  ]
  const other = [
    'application/json',
    'text/html',
    'text/plain2',
    'text/xml',
    'application/graphql',
    'multipart/mixed',
    '*/*',
  ]
  return random.weighted<() => string>([
    [5, () => simple + random.pick(tails)],
    [3, () => simple + random.pick(unsafe)],
    [2, () => respelled(random, simple) + random.pick(tails)],
    [2, () => random.pick(broken)],
    [3, () => random.pick(other) + random.pick(tails)],
    [1, () => `${simple}, ${random.pick([simple, ...other])}`],
    [1, () => padded(random, simple)],
    [1, () => ''],
  ])()
}

function rangeValue(random: Random): string {
  const from = random.int(0, 300)
  const to = from + random.int(-2, 500)
  return random.pick([
    `bytes=${from}-${to}`,
    `bytes=${from}-`,
    `bytes=-${from}`,
    `Bytes=${from}-${to}`,
    `bytes=${from} - ${to}`,
    `bytes= ${from}-${to}`,
    `bytes =${from}-`,
    `bytes=0${from}-0${to}`,
    `bytes=${from}-${to},${to + 1}-`,
    `bytes=${from}`,
    `bytes=${to + 1}-${from}`,
    `bytes=+${from}-${to}`,
    `bytes=a-b`,
    'bytes=-',
    'bytes=',
    'bytes',
    '',
    `items=${from}-${to}`,
    `${from}-${to}`,
    ` bytes=${from}-${to}`,
    `bytes=${from}-\t${to}`,
    `bytes=${from}-${to};`,
  ])
}

function clientHint(random: Random): [string, string] {
  const values: Readonly<Record<string, readonly string[]>> = {
    DPR: ['1', '1.5', '2.', '.5', '-1', '1e1', 'x', ''],
    'Device-Memory': ['0.25', '8', '8x', '08'],
    'Viewport-Width': ['320', '320.5', '-1', ' 320'],
    Width: ['10', '0', '1.0', 'ten'],
    RTT: ['50', '0', '50ms'],
    Downlink: ['10', '0.4', '1,5'],
    ECT: ['2g', 'slow-2g', '5g', '4G'],
    'Save-Data': ['on', 'On', 'off', '1'],
    'Sec-CH-UA': ['"x"'],
  }
  const name = random.pick(Object.keys(values))
  return [name, random.pick(values[name] as readonly string[])]
}

function forbidden(random: Random): [string, string] {
  const names = [
    'Cookie',
    'Cookie2',
    'Host',
    'Referer',
    'Origin',
    'Via',
    'TE',
    'Trailer',
    'Upgrade',
    'Connection',
    'Date',
    'DNT',
  ]
  const more = [
    'Accept-Encoding',
    'Accept-Charset',
    'Transfer-Encoding',
    'Content-Length',
    'Proxy-Authorization',
    'Sec-Test',
  ]
  const request = [
    'Access-Control-Request-Method',
    'Access-Control-Request-Headers',
    'Set-Cookie',
    'User-Agent',
    'Keep-Alive',
  ]
  return [random.pick([...names, ...more, ...request]), random.pick(['1', 'x', 'a=b'])]
}

function override(random: Random): [string, string] {
  const names = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']
  return [
    random.pick(names),
    random.pick(['PUT', 'TRACE', 'connect', 'GET, TRACK', 'a,trace ,b', '"TRACE"', 'TRACER']),
  ]
}
