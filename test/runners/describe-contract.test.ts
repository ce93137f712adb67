/** `describeCorsContract` in a Vitest of its own: one test for each cell, and nothing asked that is not run. */
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeContract } from '../../src/runners/describe-contract.js'
import { api } from '../contract/api.js'
import { runFixtures } from './run-fixtures.js'

vi.setConfig({ testTimeout: 60_000 })

async function receivedFile(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'expect-cors-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return path.join(folder, 'received.json')
}

const cells = (suite: string): string[] =>
  ['GET /orders 200', 'PUT /orders/:id'].flatMap((route) => [
    `${suite} ${route} ← https://app.example.com`,
    `${suite} ${route} ← https://evil.example`,
  ])

test('each cell is a test, which fails with what a matcher would say where the contract is described', async () => {
  const { names, output, code } = await runFixtures(['contract.fixture.ts'])
  expect(code).toBe(1)
  expect(names).toEqual(
    expect.arrayContaining([...cells('CORS contract dev'), ...cells('CORS contract production')]),
  )
  expect(names.filter((name) => name.startsWith('alone'))).toEqual(cells('alone').slice(0, 2))
  const fails = [...output.matchAll(/^ FAIL {2}(.*)$/gm)].map(([, name]) => name)
  expect(fails).toEqual(
    [
      'PUT /orders/:id ← https://app.example.com',
      'PUT /orders/:id ← https://evil.example',
      'GET /internal 200 ← https://evil.example',
      'GET /internal 200 ← https://app.example.com',
    ].map((name) => expect.stringContaining(`CORS contract > production > ${name}`)),
  )
  expect(output).toContain(
    'production: PUT /orders/:id ← https://app.example.com should be allowed: missing-allow-origin',
  )
  expect(output).toContain('> OPTIONS https://api.expect-cors.test/orders/1')
  expect(output).toContain('✗ missing: Access-Control-Allow-Origin')
  expect(output).toContain('production: PUT /orders/:id ← https://evil.example not judged: no-control')
  const line = readFileSync(new URL('fixtures/contract.fixture.ts', import.meta.url), 'utf8')
    .split('\n')
    .findIndex((text) => text.startsWith('describeCorsContract(contract, {'))
  expect(output).toContain(`contract.fixture.ts:${line + 1}:`)
})

test('what is left out by -t is not asked', async () => {
  const file = await receivedFile()
  const { names, code } = await runFixtures(['contract.fixture.ts', '-t', 'dev PUT'], { RECEIVED: file })
  expect(code).toBe(0)
  expect(names).toEqual(cells('CORS contract dev').slice(2))
  const received = JSON.parse(await readFile(file, 'utf8')) as string[]
  expect(received.length).toBeGreaterThan(0)
  expect(received.filter((line) => !line.startsWith('OPTIONS /orders/1'))).toEqual([])
})

test('--shard gives each file to one machine, with controls of its own', async () => {
  const files = ['contract-orders.fixture.ts', 'contract-public.fixture.ts']
  const shards = await Promise.all(['1/2', '2/2'].map((shard) => runFixtures([...files, `--shard=${shard}`])))
  expect(shards.map(({ code }) => code)).toEqual([0, 0])
  expect(shards.map(({ names }) => names.length > 0)).toEqual([true, true])
  expect(shards.flatMap(({ names }) => names).sort()).toEqual([
    'CORS contract GET /orders ← https://app.example.com',
    'CORS contract GET /orders ← https://stranger.example',
    'CORS contract GET /orders ← null',
    'CORS contract GET /public ← *',
  ])
})

describe('what is wrong is said when the tests are made', () => {
  const runner = { describe: (_: string, body: () => void) => body(), test: () => {} }
  const contract = { origins: { allow: ['https://app.example.com'] }, routes: { 'GET /orders': {} } }

  test.each([
    ['no endpoint', contract, 3, {}, 'describeCorsContract() takes an endpoint'],
    ['no targets', contract, {}, {}, 'describeCorsContract() got no target'],
    ['no contract', { routes: {} }, api().handler, {}, 'origins'],
    ['no route', contract, api().handler, { only: 'GET /order' }, 'did you mean "GET /orders"?'],
    ['no environment', contract, api().handler, { environment: 'prod' }, "has no environment 'prod'"],
  ])('%s', (_, of, target, options, says) => {
    expect(() => describeContract(runner, () => {}, of as never, target, options)).toThrow(says)
  })
})

test('a promise of several targets is refused, because tests have names before it settles', async () => {
  const tests: (() => Promise<void>)[] = []
  const runner = {
    describe: (_: string, body: () => void) => body(),
    test: (_: string, run: () => Promise<void>) => tests.push(run),
  }
  const contract = { origins: { allow: ['https://app.example.com'] }, routes: { 'GET /orders': {} } }
  describeContract(runner, () => {}, contract, Promise.resolve({ dev: api().handler }))
  await expect(tests[0]?.()).rejects.toThrow('For several, write { staging: promise, … }')
})
