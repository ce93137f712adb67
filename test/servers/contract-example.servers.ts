/** examples/contract/: Express, alone and behind nginx, of which one has drifted from the contract. */
import { readFileSync } from 'node:fs'
import { checkCorsContract, loadCorsContract, renderCorsReport } from 'expect-cors'
import { expect, test } from 'vitest'
// @ts-expect-error it is JavaScript
import { startEnvironments } from '../../examples/contract/start.mjs'
// @ts-expect-error it is JavaScript
import { cellsOf } from '../../scripts/draw-contract.mjs'
import { find } from './tried-server.js'

const inExample = (name: string): URL => new URL(`../../examples/contract/${name}`, import.meta.url)
const asked = (process.env.EXPECT_CORS_SERVERS ?? '').split(',').filter((name) => name !== '')

test.skipIf(asked.length > 0 ? !asked.includes('nginx') : find('nginx') === undefined)(
  'the example finds what has drifted, and nothing else',
  { timeout: 60_000 },
  async () => {
    const { targets, stop } = await startEnvironments()
    try {
      const report = await checkCorsContract(loadCorsContract(inExample('cors.yaml')), targets, {
        timeout: 20_000,
      })
      expect(JSON.parse(JSON.stringify(cellsOf(report)))).toEqual(
        JSON.parse(readFileSync(inExample('matrix.json'), 'utf8')),
      )
      expect(report.outcome).toBe('broken')
      expect([...new Set(report.drift.flatMap(({ outcomes }) => [outcomes.dev, outcomes.staging]))]).toEqual([
        'held',
      ])
      expect(renderCorsReport(report)).toContain('Drift: 11 cells differ between targets')
    } finally {
      await stop()
    }
  },
)
