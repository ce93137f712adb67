import { expect, test } from 'vitest'
import { BOUNDARY_PLACEHOLDER, extractBody } from '../../src/fetch/body.js'

test.each<[desc: string, body: unknown, expected: unknown]>([
  ['no body', undefined, null],
  ['null', null, null],
  ['a string', '', { kind: 'text', contentType: 'text/plain;charset=UTF-8' }],
  [
    'URLSearchParams',
    new URLSearchParams('a=b'),
    { kind: 'urlencoded', contentType: 'application/x-www-form-urlencoded;charset=UTF-8' },
  ],
  [
    'FormData',
    new FormData(),
    { kind: 'formdata', contentType: `multipart/form-data; boundary=${BOUNDARY_PLACEHOLDER}` },
  ],
  [
    'a Blob',
    new Blob(['x'], { type: 'application/json' }),
    { kind: 'blob', contentType: 'application/json' },
  ],
  ['a Blob without a type', new Blob(['x']), { kind: 'blob', contentType: null }],
  ['an ArrayBuffer', new ArrayBuffer(1), { kind: 'bytes', contentType: null }],
  ['a SharedArrayBuffer', new SharedArrayBuffer(1), { kind: 'bytes', contentType: null }],
  ['bytes', new Uint8Array(1), { kind: 'bytes', contentType: null }],
  ['a DataView', new DataView(new ArrayBuffer(1)), { kind: 'bytes', contentType: null }],
  ['a Buffer', Buffer.from('x'), { kind: 'bytes', contentType: null }],
  ['a stream', new ReadableStream(), { kind: 'stream', contentType: null }],
  ['an object', {}, 'unknown'],
  ['a number', 7, 'unknown'],
  ['false', false, 'unknown'],
])('%s', (_desc, body, expected) => {
  expect(extractBody(body)).toEqual(expected)
})

test('objects of another realm count: what they call themselves is what they are', () => {
  const foreign = { [Symbol.toStringTag]: 'File', type: 'text/html' }
  expect(extractBody(foreign)).toEqual({ kind: 'blob', contentType: 'text/html' })
})
