/** The causes of errors: runners print them whole. */
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { harmlessError } from '../../src/text/message.js'

const SECRET = 's3cr3t'
const cyclic: Error & { cause?: unknown } = new Error(`token=${SECRET}`)
cyclic.cause = cyclic

describe('what may be shown as it is stays what it is', () => {
  test.each<[string, unknown]>([
    ['an error', new TypeError('fetch failed')],
    [
      'its cause',
      new Error('a', { cause: Object.assign(new Error('b'), { code: 'ECONNREFUSED', port: 80 }) }),
    ],
    ['several', new AggregateError([new Error('a'), new Error('b')], 'c')],
    ['of another realm', runInNewContext('new RangeError("far")')],
    ['DOMException', new DOMException('late', 'TimeoutError')],
    ['an object', { reason: 'none' }],
    ['a number', 7],
    ['nothing', undefined],
  ])('%s', (_name, error) => {
    expect(harmlessError(error)).toBe(error)
  })
})

describe('all else is replaced', () => {
  test.each<[string, unknown]>([
    ['the message', new Error(`token=${SECRET}`)],
    ['of another realm', runInNewContext(`new Error("token=${SECRET}")`)],
    ['a cause below', new Error('a', { cause: new Error('b', { cause: new Error(`token=${SECRET}`) }) })],
    ['one of several', new AggregateError([new Error(`token=${SECRET}`)], 'all')],
    ['DOMException', new DOMException(`token=${SECRET}`, 'TimeoutError')],
    ['a string', `token=${SECRET}`],
    ['an object', { message: `token=${SECRET}` }],
    ['an object in an object', { a: { b: SECRET } }],
    ['a list', [`token=${SECRET}`]],
    ['a name', Object.assign(new Error('a'), { [`?token=${SECRET}`]: 1 })],
    ['the request of a client', Object.assign(new Error('401'), { config: { headers: { 'X-A': SECRET } } })],
    ['the bytes of a parser', Object.assign(new Error('bad'), { rawPacket: Buffer.from(SECRET) })],
    ['a circle', cyclic],
    ['characters unseen', new Error(`a\u202e${'\u001b'}[31m`)],
  ])('%s', (_name, error) => {
    const harmless = harmlessError(error)
    expect(harmless).not.toBe(error)
    const shown = inspect(harmless, { depth: 10, showHidden: true })
    expect(shown).not.toContain(SECRET)
    for (const unseen of ['\u202e', '\u001b']) expect(shown).not.toContain(unseen)
    let names = ''
    for (let each = harmless; typeof each === 'object' && each !== null; each = Object.getPrototypeOf(each))
      names += Object.getOwnPropertyNames(each).map((name) =>
        String(Reflect.get(each as object, name, harmless)),
      )
    expect(names).not.toContain(SECRET)
  })

  test('what tells of the fault stays', () => {
    const error = Object.assign(new TypeError('bad token=x'), { code: 'E_BAD', port: 80, socket: {} })
    const harmless = harmlessError(error) as typeof error
    expect(harmless).toBeInstanceOf(TypeError)
    expect([harmless.name, harmless.message, harmless.code, harmless.port, harmless.socket]).toEqual([
      'TypeError',
      'bad token=[redacted]',
      'E_BAD',
      80,
      undefined,
    ])
  })
})
