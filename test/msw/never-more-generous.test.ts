/** A mock with `withCors` honors the contract that it was given, and does nothing for a page that the contract does not say. */

import { checkCorsContract, defineCorsContract, openPage } from 'expect-cors'
import { withCors } from 'expect-cors/msw'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../slice.js'
import { API, asking, contracts, headersOf, isAllowed, mockOf } from './random-contract.js'

test('a mock honors the contract that it was given', async () => {
  await fc.assert(
    fc.asyncProperty(contracts, async (given) => {
      const contract = defineCorsContract(given)
      const report = await checkCorsContract(contract, withCors(contract, mockOf(contract)))
      const others = report.cells.filter(({ outcome }) => outcome !== 'held')
      expect(others).toEqual([])
    }),
    runs(200, 10),
  )
}, 60_000)

test('a page may do what the contract says, in every engine, and nothing else', async () => {
  let allowed = 0
  let blocked = 0
  await fc.assert(
    fc.asyncProperty(asking, async ([contract, all]) => {
      const mock = withCors(contract, mockOf(contract))
      for (const asked of all)
        for (const engine of ['chromium', 'firefox', 'webkit'] as const) {
          const page = openPage(asked.origin, { engine, servers: { [API]: mock } })
          const { method, path, credentials } = asked
          const journey = await page
            .inspect(`${API}${path}`, { method, credentials, headers: headersOf(asked) })
            .catch((error: Error) => error)
          await page.close()
          const isIn = isAllowed(contract, asked)
          if (isIn) allowed++
          else blocked++
          // Nothing responds where there is no handler.
          const outcome = journey instanceof Error ? 'blocked' : journey.verdict.outcome
          expect(outcome, `${engine}: ${JSON.stringify(asked)}`).toBe(isIn ? 'allowed' : 'blocked')
        }
    }),
    runs(200, 10),
  )
  // Neither is tried by chance alone.
  expect(Math.min(allowed, blocked)).toBeGreaterThan(20)
}, 60_000)
