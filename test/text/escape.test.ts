/** What a reader does not see is escaped in everything shown; what is seen stays. */
import 'expect-cors/vitest'
import { evaluateCors, explainCors, openPage, renderExplanation } from 'expect-cors'
import { expect, test } from 'vitest'
import { escapeControls, escapeLines } from '../../src/text/shown.js'

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** C0 without the line break, DEL, C1, soft hyphen, bidirectional, zero-width, separators, the byte order mark, tags, lone surrogates. */
const unseen = [
  ...range(0x00, 0x09),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0xa0),
  0xad,
  0x034f,
  0x061c,
  0x115f,
  0x180e,
  ...range(0x200b, 0x200f),
  0x2028,
  0x2029,
  ...range(0x202a, 0x202f),
  ...range(0x2060, 0x206f),
  0x3164,
  0xfe0f,
  0xfeff,
  0xfff9,
  0xfffe,
  0xe000,
  0xd800,
  0xdfff,
  0xe0001,
  0xe0041,
  0xe007f,
  0x1d173,
].map((code) => (code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code))) // prettier-ignore

test('each is escaped', () => {
  for (const character of unseen) {
    for (const escapeText of [escapeControls, escapeLines]) {
      const text = escapeText(`a${character}b`)
      expect(text).toMatch(/^a\\(x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{5,6}\})b$/)
    }
  }
  expect(escapeControls('a\nb')).toBe('a\\x0ab')
  expect(escapeLines('a\nb')).toBe('a\nb')
})

test.each(['é', '日本', 'Ünïcödé ß', 'العربية', '🙂', 'a\u0301', '“”…→✗', 'plain text'])(
  '%s stays',
  (text) => {
    expect(escapeControls(text)).toBe(text)
  },
)

const ORIGIN = 'https://app.example.com'
const SEEN = /^[\p{L}\p{M}\p{N}\p{P}\p{S} \n]*$/u

/** What the runner paints with, where it has colors: a value of one character cannot look like it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colors are made of
const COLORS = /\x1b\[\d+m/g

test.each(unseen)('%j is in no message', async (character) => {
  const value = `https://a${character}b.example`
  const messages: string[] = []
  const keep = async (act: () => unknown): Promise<void> => {
    try {
      await act()
    } catch (error) {
      messages.push((error as Error).message, String((error as Error).cause ?? ''))
    }
  }
  const throwing = {
    fetch: async () => {
      throw new Error(value)
    },
  }
  await keep(() => expect(throwing).toAllowOrigin(ORIGIN))
  await keep(() =>
    expect({ status: 200, headers: [['Access-Control-Allow-Origin', value]] }).toAllowOrigin(ORIGIN),
  )
  await keep(() => expect({ status: 200, headers: [[`X-${value}`, 'a']] }).toAllowOrigin(ORIGIN))
  await keep(() => expect({ status: 200, headers: {} }).toAllowOrigin(value))
  await keep(() => expect(throwing).toAllowOrigin(ORIGIN, { path: `/${value}`, [value]: 1 } as never))
  await keep(() => expect(throwing).toAllowOrigin(ORIGIN, { headers: value } as never))
  await keep(() => expect(throwing).toAllowOrigin(ORIGIN, { credentials: value } as never))
  await keep(() => expect(value).toAllowOrigin(ORIGIN))
  await keep(() => openPage(value))
  await keep(() => openPage(ORIGIN, { servers: {} }).fetch('/', { method: value }))
  const head = { status: 200, headers: [['Access-Control-Allow-Origin', value]] as [string, string][] }
  const verdict = evaluateCors({
    request: { origin: ORIGIN, url: 'https://api.example.com/' },
    response: head,
    engine: 'chromium',
  })
  messages.push(renderExplanation(explainCors(verdict)), explainCors(verdict).explanation)
  expect(messages.length).toBeGreaterThan(12)
  for (const message of messages) expect(message.replace(COLORS, '')).toMatch(SEEN)
})
