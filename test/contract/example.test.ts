/** examples/contract/, as far as it needs no nginx; test/servers has the rest. */
import { readFileSync } from 'node:fs'
import { checkCorsContract, loadCorsContract } from 'expect-cors'
import { describe, expect, test } from 'vitest'
// Its tests are among those of this file.
import '../../examples/contract/contract.test.mjs'
// @ts-expect-error it is JavaScript
import { createApi } from '../../examples/contract/api.mjs'
// @ts-expect-error it is JavaScript
import { cellsOf, drawMatrix } from '../../scripts/draw-contract.mjs'

const inExample = (name: string): URL => new URL(`../../examples/contract/${name}`, import.meta.url)
const matrix = JSON.parse(readFileSync(inExample('matrix.json'), 'utf8')) as { target: string }[]

describe('examples/contract', () => {
  test('the API alone honors the contract, as the picture says', async () => {
    const contract = loadCorsContract(inExample('cors.yaml'))
    const report = await checkCorsContract(contract, {
      dev: createApi({ isDev: true }),
      staging: createApi(),
    })
    expect(report).toMatchObject({ outcome: 'honored', drift: [] })
    expect(JSON.parse(JSON.stringify(cellsOf(report)))).toEqual(
      matrix.filter(({ target }) => target !== 'production'),
    )
  })

  test('the picture is drawn from what was found', () => {
    expect(readFileSync(inExample('matrix.svg'), 'utf8')).toBe(drawMatrix(matrix))
  })
})
