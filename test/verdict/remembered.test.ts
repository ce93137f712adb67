import { expect, test } from 'vitest'
import { remembered } from '../../src/verdict/remembered.js'

function counting() {
  const read: string[] = []
  const ask = remembered((text) => {
    read.push(text)
    if (text === 'broken') throw new RangeError(text)
    return text === 'nothing' ? undefined : { text }
  })
  return { read, ask }
}

test('a text is read once', () => {
  const { read, ask } = counting()
  expect(ask('a')).toEqual({ text: 'a' })
  expect(ask('a')).toBe(ask('a'))
  expect(read).toEqual(['a'])
})

test('what throws or comes to nothing does so again', () => {
  const { read, ask } = counting()
  for (let times = 0; times < 2; times++) {
    expect(() => ask('broken')).toThrow(RangeError)
    expect(ask('nothing')).toBeUndefined()
  }
  expect(read).toEqual(['broken', 'nothing', 'broken', 'nothing'])
})

test('neither many texts nor long ones pile up', () => {
  const { read, ask } = counting()
  const long = 'x'.repeat(1001)
  ask(long)
  ask(long)
  expect(read).toEqual([long, long])
  ask('first')
  for (let i = 0; i < 500; i++) ask(`text ${i}`)
  ask('first')
  expect(read.filter((text) => text === 'first')).toHaveLength(2)
})
