import { expect, test } from 'vitest'
import { origins, urlOf } from '../scenario.js'
import { families, generate, generateOne, probes } from './index.js'

test('the same seed, family and number give the same scenario', () => {
  expect(generateOne(7, 'redirects', 3)).toEqual(generateOne(7, 'redirects', 3))
  expect(generateOne(8, 'redirects', 3)).not.toEqual(generateOne(7, 'redirects', 3))
  expect(generate(40, 7, ['redirects'])[3]).toEqual(generateOne(7, 'redirects', 3))
})

test('as many scenarios as asked for, of every family', () => {
  const scenarios = generate(300, 1, [])
  expect(scenarios).toHaveLength(300)
  expect(new Set(scenarios.map(({ family }) => family))).toEqual(new Set(Object.keys(families)))
})

test('scenarios are whole: known pages and servers, and an answer to any request', () => {
  for (const scenario of [...generate(2000, 2, []), ...probes()]) {
    expect(origins).toHaveProperty(scenario.page.origin)
    expect(scenario.server.rules.at(-1)?.when).toBeUndefined()
    for (const { request } of scenario.steps) expect(urlOf(scenario, request)).not.toContain('{{')
  }
})

test('every scenario has a name of its own', () => {
  const ids = [...generate(1000, 3, []), ...probes()].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
