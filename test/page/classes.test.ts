import { describe, expect, test } from 'vitest'
import { openPage } from '../../src/page/open-page.js'

const page = openPage('https://app.example.com')
const other = openPage('https://app.example.com')

/** The members a script finds on each prototype, beside what any object has. */
const MEMBERS = {
  XMLHttpRequest: [
    'open',
    'send',
    'abort',
    'setRequestHeader',
    'getAllResponseHeaders',
    'status',
    'response',
  ],
  EventSource: ['close', 'readyState'],
  Request: ['clone', 'text', 'json', 'url', 'method', 'headers', 'body', 'bodyUsed'],
} as const

describe.each(Object.entries(MEMBERS))("a page's %s", (name, members) => {
  const { [name as keyof typeof MEMBERS]: Class } = page
  const { [name as keyof typeof MEMBERS]: OtherClass } = other

  test('is a class of that name', () => {
    expect(Class.name).toBe(name)
    expect((Class as { prototype?: object }).prototype?.constructor).toBe(Class)
    expect(Class).toBe(page[name as keyof typeof MEMBERS])
    expect(() => (Class as unknown as () => void)()).toThrow(
      `Class constructor ${name} cannot be invoked without 'new'`,
    )
  })

  test('has its members on its own prototype', () => {
    expect(Object.getOwnPropertyNames(Class.prototype)).toEqual(expect.arrayContaining([...members]))
  })

  test('is the class of its instances, and not that of another page', () => {
    const made = new (Class as new (url: string) => object)('https://closed.invalid/')
    expect(made).toBeInstanceOf(Class)
    expect(made).not.toBeInstanceOf(OtherClass)
    if ('close' in made) (made as EventSource).close()
  })

  test('may be changed without touching another page', () => {
    const [member] = members
    const before = Object.getOwnPropertyDescriptor(Class.prototype, member)
    Object.defineProperty(Class.prototype, member, { value: () => 'changed', configurable: true })
    expect(Object.getOwnPropertyDescriptor(OtherClass.prototype, member)?.value).not.toBe(
      Object.getOwnPropertyDescriptor(Class.prototype, member)?.value,
    )
    Object.defineProperty(Class.prototype, member, before as PropertyDescriptor)
  })
})

test('constants stand on the class and on its instances', () => {
  expect(page.XMLHttpRequest.DONE).toBe(4)
  expect(new page.XMLHttpRequest().DONE).toBe(4)
  expect(page.EventSource.CLOSED).toBe(2)
})
