/** What a server sent is read in linear time: hostile text that is four times as long takes about four times as long. */
import { evaluateCors, explainCors } from 'expect-cors'
import { expect, test, vi } from 'vitest'
import { errorMessage } from '../../src/text/message.js'
import { redactLocation, redactText, redactUrl } from '../../src/text/redact.js'
import { shown } from '../../src/text/shown.js'
import { slice } from '../slice.js'

vi.setConfig({ testTimeout: 60_000 })

// Each is repeated, after a start that opens something and before an end that does not close it.
const atoms = [
  '?key',
  'key',
  '=',
  '?',
  '&',
  ';',
  'a',
  '//',
  '//a:b',
  '/',
  '@',
  '//a@',
  'a:b@',
  'token=',
  'token:',
  'token="',
  'token":"',
  'token=[',
  'secret:',
  '"',
  '\\',
  '\\"',
  '%',
  '%25',
  '%74',
  '%2574oken%253D',
  '%2525',
  '%3D',
  'Bearer ',
  'Basic a',
  'Bearer',
  ' ',
  '\t',
  'key ',
  'key: ',
  'Cookie: ',
  'Cookie: "',
  'http:',
  'https:a@',
  'a:1',
  'key=[redacted]',
  "'",
  "token=>'",
  '[',
  '//[::',
  '//a:1:',
  'é',
  '\u200e',
  '\ud800',
  '%3D',
  '=token',
  'a-',
  'key:((((',
  'x:x@',
  ',',
  ', ',
  '(',
  '\n',
  '`',
] // prettier-ignore
const starts = ['', 'https://h/', '//u:p']
const ends = ['', '@', '=', '"']

const readers: Record<string, (text: string) => unknown> = {
  redactText,
  redactLocation,
  redactUrl,
  errorMessage,
  shown,
}

/** Milliseconds of processor time of the fastest of some runs. */
function fastest(read: () => unknown, runs: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const start = process.cpuUsage()
    read()
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

/** Whether the time grows faster than the text; a second look with more runs where it seems to. */
function growsFaster(read: (text: string) => unknown, make: (length: number) => string): boolean {
  const [short, long] = [make(2_000), make(16_000)]
  for (const runs of [1, 5, 15]) {
    // Below that, it is fast enough whatever it is a multiple of; eight times the text in 64 times the time is quadratic.
    const took = fastest(() => read(long), runs)
    if (took < 8 || took < 25 * fastest(() => read(short), runs)) return false
  }
  return true
}

test.each(Object.entries(readers))('%s', (_, read) => {
  const slow: string[] = []
  for (const atom of slice(atoms, 5)) {
    for (const start of starts) {
      for (const end of ends) {
        const make = (length: number): string => start + atom.repeat(length / atom.length) + end
        if (growsFaster(read, make)) slow.push(JSON.stringify([start, atom, end]))
      }
    }
  }
  expect(slow).toEqual([])
})

const origin = 'https://app.example.com'

/** Every header that the evaluator or the words for people read. */
const headers = [
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Vary',
  'Location',
  'Content-Type',
  'Server',
  'X-Powered-By',
  'Via',
  'Allow',
  'WWW-Authenticate',
  'Set-Cookie',
  'Link',
  'X-Other',
  'Acess-Control-Allow-Origin',
] // prettier-ignore

test.each(headers)('a verdict and its explanation, with a hostile %s', (name) => {
  const slow: string[] = []
  for (const engine of ['chromium', 'webkitgtk'] as const) {
    const hostile = [
      '?key',
      ',',
      ', ',
      ' ',
      '\t',
      'a',
      'a,',
      '"',
      '\\',
      '*',
      ';',
      'a;b="',
      'https://',
      '//u:p@',
      '=',
      '%',
      '/',
      '-',
      '0',
      'é',
      '(',
      'x=y ',
    ]
    for (const atom of slice(hostile, 4)) {
      for (const preflighted of [false, true]) {
        const read = (value: string): unknown => {
          const answer = {
            status: name === 'Location' ? 302 : 200,
            headers: [[name, value]] as [string, string][],
          }
          const right: [string, string][] =
            name === 'Access-Control-Allow-Origin' ? [] : [['Access-Control-Allow-Origin', origin]]
          const request = {
            origin,
            url: 'https://api.example.com/',
            method: preflighted ? 'PUT' : 'GET',
            headers: { 'X-A': '1' },
          }
          return [answer, { ...answer, headers: [...right, ...answer.headers] }].map((response) =>
            explainCors(
              evaluateCors({
                request: preflighted ? request : { ...request, headers: {} },
                ...(preflighted ? { preflight: response } : { response }),
                engine,
              }),
            ),
          )
        }
        if (growsFaster(read, (length) => atom.repeat(length / atom.length)))
          slow.push(`${engine} ${preflighted} ${JSON.stringify(atom)}`)
      }
    }
  }
  expect(slow).toEqual([])
})
