import { describe, expect, test } from 'vitest'
import type { Header } from '../../src/fetch/header-list.js'
import { isOkStatus, isRedirectStatus, locationUrl } from '../../src/fetch/redirect.js'

const statuses = Array.from({ length: 500 }, (_, index) => index + 100)

test('statuses', () => {
  expect(statuses.filter(isRedirectStatus)).toEqual([301, 302, 303, 307, 308])
  expect(statuses.filter(isOkStatus)).toEqual(statuses.filter((status) => status >= 200 && status < 300))
})

describe('the location URL', () => {
  const base = new URL('https://a.example/x/y?q#top')
  const located = (...values: string[]) =>
    locationUrl(
      values.map((value): Header => ['Location', value]),
      base,
    )

  test.each<[location: string, expected: string]>([
    ['https://b.example/', 'https://b.example/#top'],
    ['https://b.example/#own', 'https://b.example/#own'],
    ['//b.example/z', 'https://b.example/z#top'],
    ['/z', 'https://a.example/z#top'],
    ['z', 'https://a.example/x/z#top'],
    ['?z', 'https://a.example/x/y?z#top'],
    ['#z', 'https://a.example/x/y?q#z'],
    ['', 'https://a.example/x/y?q#top'],
    ['http:z', 'http://z/#top'],
    ['https:z', 'https://a.example/x/z#top'],
    ['data:,x', 'data:,x#top'],
    ['https://u:p@b.example/', 'https://u:p@b.example/#top'],
    ['/caf\u00c3\u00a9', 'https://a.example/caf%C3%A9#top'],
    ['/a b', 'https://a.example/a%20b#top'],
    ['https://b.example:443/', 'https://b.example/#top'],
  ])('%j leads to %s', (location, expected) => {
    expect(String(located(location))).toBe(expected)
  })

  test.each(['//', 'https://', 'https://[', 'https://a.example:99999/', 'https://a b/', 'http://%00/'])(
    '%j does not parse',
    (location) => {
      expect(located(location)).toBe('failure')
    },
  )

  test('no line, one line, several', () => {
    expect(located()).toBeNull()
    expect(located('/z', '/z')).toBe('failure')
    expect(located('/z', '')).toBe('failure')
    expect(String(locationUrl([['location', '/z']], base))).toBe('https://a.example/z#top')
  })

  test('several lines as engines read them', () => {
    const lines = (...values: string[]) => values.map((value): Header => ['Location', value])
    expect(String(locationUrl(lines('/z', '/z'), base, 'equal'))).toBe('https://a.example/z#top')
    expect(locationUrl(lines('/z', '/w'), base, 'equal')).toBe('failure')
    expect(String(locationUrl(lines('/z', '/w'), base, 'joined'))).toBe('https://a.example/z,%20/w#top')
  })
})
