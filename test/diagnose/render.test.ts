import { explainCors, renderExplanation } from 'expect-cors'
import { expect, test } from 'vitest'
import { APP, journey } from './sample.js'

const ACAO = 'Access-Control-Allow-Origin'
const blocked = explainCors(journey({ response: [200, [[ACAO, '*']]], credentials: 'include' }), {
  server: 'express',
})

test('as text', () => expect(renderExplanation(blocked)).toMatchSnapshot())
test('as Markdown', () => expect(renderExplanation(blocked, { format: 'markdown' })).toMatchSnapshot())

test('in colors', () => {
  const colored = renderExplanation(blocked, { color: true })
  expect(colored).toContain('\u001b[31mblocked: wildcard-allow-origin-with-credentials')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those of colors
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderExplanation(blocked))
})

test('what is allowed', () => {
  const allowed = explainCors(journey({ response: [200, [[ACAO, APP]]] }))
  expect(renderExplanation(allowed)).toBe(
    'allowed GET https://api.example.com/orders from https://app.example.com\n\n' +
      'https://app.example.com may read the response to GET https://api.example.com/orders.',
  )
})

test('what a server sends becomes no markup and no control character', () => {
  const hostile = explainCors(journey({ response: [200, [[ACAO, '`</code><img src=x>`[a](b)\u001b[2J']]] }))
  for (const format of ['text', 'markdown'] as const)
    expect(renderExplanation(hostile, { format })).not.toContain('\u001b')
  expect(
    renderExplanation({ ...hostile, explanation: 'is `a`<img>`` and ```\n[x](y)' }, { format: 'markdown' }),
  ).toContain('is \\`a\\`\\<img\\>\\`\\` and \\`\\`\\` \\[x\\](y)')
  expect(renderExplanation({ ...hostile, consoleMessage: '```\n<b>' }, { format: 'markdown' })).toContain(
    '````\n```\n<b>\n````',
  )
})
