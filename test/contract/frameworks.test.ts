import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import { APP, api, contract, lines, notHeld, PREVIEW, STRANGER } from './broken-api.js'
import { type BrokenPolicy, expressApp, frameworks } from './frameworks.js'

const breaks: [name: string, broken: BrokenPolicy, code: string][] = [
  ['the method', { methods: ['GET'] }, 'method-not-allowed'],
  ['a header', { allowedHeaders: ['content-type'] }, 'header-not-allowed'],
  ['credentials', { credentials: false }, 'invalid-allow-credentials'],
  ['the max age', { maxAge: 5 }, 'max-age-too-short'],
  ['the origins', { origin: ['https://old.example.com'] }, 'missing-allow-origin'],
]

describe.each(Object.entries(frameworks))('%s', (_name, make) => {
  it('gives the same matrix', async () => {
    const expected = await checkCorsContract(contract, api().server)
    const report = await checkCorsContract(contract, await make())
    expect(lines(report)).toEqual(lines(expected))
    expect(report.outcome).toBe('honored')
  })

  it.each(breaks)('breaks on one route without %s', async (_what, broken, code) => {
    const report = await checkCorsContract(contract, await make(broken))
    const codes = report.cells.filter(({ outcome }) => outcome === 'broken').map((cell) => cell.code)
    expect(codes).toEqual([code, code])
    expect(notHeld(report).map((line) => line.split(':').slice(0, -1).join(':'))).toEqual(
      [APP, PREVIEW, STRANGER, 'null'].map((origin) => `PUT /orders/:id ← ${origin}`),
    )
  })
})

describe('several targets', () => {
  it('drift apart cell by cell', async () => {
    const targets = { staging: expressApp(), production: expressApp({ methods: ['GET'] }) }
    const { outcome, drift, targets: names } = await checkCorsContract(contract, targets)
    expect({ outcome, names }).toEqual({ outcome: 'broken', names: ['staging', 'production'] })
    expect(drift).toEqual(
      [APP, PREVIEW, STRANGER, 'null'].map((origin, at) => ({
        route: 'PUT /orders/:id',
        origin,
        outcomes: { staging: 'held', production: at < 2 ? 'broken' : 'unjudged' },
      })),
    )
  })

  it('do not drift where all are alike', async () => {
    const targets = { one: expressApp(), other: createServer(expressApp()) }
    expect((await checkCorsContract(contract, targets)).drift).toEqual([])
  })
})
