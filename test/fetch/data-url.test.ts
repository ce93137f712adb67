import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forgivingBase64Decode, processDataUrl } from '../../src/fetch/data-url.js'

const text = new TextDecoder('latin1')
const process = (url: string): [type: string, body: string] | null => {
  const data = processDataUrl(new URL(url))
  return data === null ? null : [data.mimeType, text.decode(data.body)]
}
const ASCII = 'text/plain;charset=US-ASCII'

// https://github.com/web-platform-tests/wpt/blob/master/fetch/data-urls/resources/data-urls.json, in part, and some more
test.each<[url: string, type: string | null, body?: string]>([
  ['data://test/,X', ASCII, 'X'],
  ['data:,X', ASCII, 'X'],
  ['data:', null],
  ['data:text/html', null],
  ['data:text/html    ;charset=x   ', null],
  ['data:#,X', null],
  ['data:,', ASCII, ''],
  ['data:,X#X', ASCII, 'X'],
  ['data:,%FF', ASCII, '\u00ff'],
  ['data:,%f', ASCII, '%f'],
  ['data:,%zz%', ASCII, '%zz%'],
  ['data:,\u00fc', ASCII, '\u00c3\u00bc'],
  ['data:,a?b,c', ASCII, 'a?b,c'],
  ['data:?a,b', ASCII, 'b'],
  ['data:text/plain,X', 'text/plain', 'X'],
  ['DATA:TEXT/Plain,X', 'text/plain', 'X'],
  ['data:text/plain ,X', 'text/plain', 'X'],
  ['data:text/plain%20,X', 'text/plain%20', 'X'],
  ['data:text/plain%3Bbase64,WA', 'text/plain%3bbase64', 'WA'],
  ['data:text / html,X', ASCII, 'X'],
  ['data:foo,X', ASCII, 'X'],
  ['data:†,X', ASCII, 'X'],
  ['data:†/†,X', '%e2%80%a0/%e2%80%a0', 'X'],
  ['data:text/plain;x,X', 'text/plain', 'X'],
  ['data:;x=x;charset=x,X', 'text/plain;x=x;charset=x', 'X'],
  ['data:;x=x,X', 'text/plain;x=x', 'X'],
  ['data:text/plain;charset=windows-1252,%C2%B1', 'text/plain;charset=windows-1252', '\u00c2\u00b1'],
  ['data:text/plain;Charset=UTF-8,X', 'text/plain;charset=UTF-8', 'X'],
  ['data:image/gif,%C2%B1', 'image/gif', '\u00c2\u00b1'],
  ['data:;charset=x;charset=y,X', 'text/plain;charset=x', 'X'],
  ['data:;charset,X', 'text/plain', 'X'],
  ['data:;charset=,X', 'text/plain', 'X'],
  ['data:;charset=  x,X', 'text/plain;charset="  x"', 'X'],
  ['data:;charset="x",X', 'text/plain;charset=x', 'X'],
  ['data:;a="b;c",X', 'text/plain;a="b;c"', 'X'],
  ['data:;a="b,c",X', 'text/plain;a=b', 'c",X'],
  ['data:;base64,WA', ASCII, 'X'],
  ['data:;BASE64,WA', ASCII, 'X'],
  ['data:;  base64,WA', ASCII, 'X'],
  ['data:;base64  ,WA', ASCII, 'X'],
  ['data:  ;charset=x   ;  base64,WA', 'text/plain;charset=x', 'X'],
  ['data:;base64;,WA', 'text/plain', 'WA'],
  ['data:;base64;x=y,WA', 'text/plain;x=y', 'WA'],
  ['data:;base64=,WA', 'text/plain', 'WA'],
  ['data:;%62ase64,WA', 'text/plain', 'WA'],
  ['data:base64,WA', ASCII, 'WA'],
  ['data:;base64;sdfsdf,', 'text/plain', ''],
  ['data:;base64,', ASCII, ''],
  ['data:;base64,W', null],
  ['data:;base64,W%20A', ASCII, 'X'],
  ['data:;base64,%57%41%3D%3D', ASCII, 'X'],
  ['data:;base64,W%0CA', ASCII, 'X'],
  ['data:;base64,W%0BA', null],
  ['data:;base64,WA#WA', ASCII, 'X'],
  ['data:;base64,WA?', null],
])('%s', (url, type, body) => {
  expect(process(url)).toEqual(type === null ? null : [type, body])
})

// https://github.com/web-platform-tests/wpt/blob/master/fetch/data-urls/resources/base64.json, in part
describe('forgiving-base64', () => {
  test.each<[string, number[] | null]>([
    ['', []],
    ['abcd', [105, 183, 29]],
    [' abcd', [105, 183, 29]],
    ['a\tb\nc\fd\r ', [105, 183, 29]],
    ['abcd===', null],
    [' abcd===', null],
    ['abcd=', null],
    ['ab=', null],
    ['ab==', [105]],
    ['ab= =', [105]],
    ['a b = =', [105]],
    ['ab', [105]],
    ['ac', [105]],
    ['abc', [105, 183]],
    ['abc=', [105, 183]],
    ['abc==', null],
    ['a', null],
    ['a=', null],
    ['a==', null],
    ['a===', null],
    ['=', null],
    ['==', null],
    ['====', null],
    ['ab=cd', null],
    ['abcd====', null],
    ['A-_8', null],
    ['A/+8', [3, 255, 188]],
    ['ab\u000bcd', null],
    ['ab\u00a0cd', null],
    ['abcdé', null],
    ['ab\u0000cd', null],
  ])('%j', (input, bytes) => {
    const decoded = forgivingBase64Decode(input)
    expect(decoded === null ? null : [...decoded]).toEqual(bytes)
  })

  test('undoes what encoders do, padded or not, with white space anywhere', () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(bytes, fc.boolean(), fc.nat(), (data, isPadded, place) => {
        const encoded = Buffer.from(data).toString('base64')
        const given = isPadded ? encoded : encoded.replace(/=+$/, '')
        const at = place % (given.length + 1)
        expect(forgivingBase64Decode(`${given.slice(0, at)} \n${given.slice(at)}`)).toEqual(data)
      }),
    )
  })

  test('a long one takes no time', () => {
    const url = new URL(`data:;base64,${'YWJj'.repeat(500_000)}`)
    const start = performance.now()
    expect(processDataUrl(url)?.body).toHaveLength(1_500_000)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
