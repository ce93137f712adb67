/** Each mistake is one clear error: its path in the document, the way out, and in a file its line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { type CorsContract, CorsUsageError, defineCorsContract, loadCorsContract } from 'expect-cors'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { contractSchema } from '../../src/contract/contract-rules.js'
import { rightContracts } from './right-contracts.js'
import { wrongContracts } from './wrong-contracts.js'

const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-contract-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const define = (contract: unknown): CorsContract => defineCorsContract(contract as CorsContract)

function errorOf(run: () => unknown): CorsUsageError {
  try {
    run()
  } catch (error) {
    if (error instanceof CorsUsageError) return error
    throw error
  }
  throw new Error('there is no mistake')
}

function file(name: string, text: string): string {
  const filename = path.join(folder, name)
  writeFileSync(filename, text)
  return filename
}

const accepts = new Ajv({ strict: true, strictTypes: false, strictTuples: false }).compile(contractSchema())

const FORMATS = {
  json: (contract: unknown) => JSON.stringify(contract, null, 2),
  yaml: (contract: unknown) => stringify(contract),
}

describe.each(wrongContracts)('$name', ({ contract, path: at, way, line, bySchema }) => {
  test('as an object', () => {
    const { message } = errorOf(() => define(contract))
    expect(message.split('\n'), 'one mistake, one line').toHaveLength(1)
    expect(message.startsWith(`defineCorsContract(): ${at}`)).toBe(true)
    expect(message).toContain(way)
    expect(message).toMatchSnapshot()
  })

  test.each(Object.entries(FORMATS))('as %s', (format, write) => {
    const text = write(contract)
    const filename = file(`contract.${format}`, text)
    const { message } = errorOf(() => loadCorsContract(filename))
    const [, foundLine, column, rest = ''] =
      /^.*contract\.(?:json|yaml):(\d+):(\d+): (.*)$/.exec(message) ?? []
    expect(rest.startsWith(at), message).toBe(true)
    expect(rest).toContain(way)
    const found = text.split('\n')[Number(foundLine) - 1] as string
    expect(found).toContain(line.replace(/:$/, ''))
    expect(found.slice(Number(column) - 1)).toMatch(/^\S/)
  })

  test('the schema tells too, as far as a schema can', () => {
    const plain: unknown = JSON.parse(JSON.stringify(contract))
    expect(accepts(plain)).toBe(!bySchema)
  })
})

describe.each(Object.entries(rightContracts))('%s', (_, contract) => {
  test('is right as an object, in JSON and in YAML, and for the schema', () => {
    const defined = define(contract)
    expect(loadCorsContract(file('right.json', FORMATS.json(contract)))).toEqual(defined)
    expect(loadCorsContract(file('right.yaml', FORMATS.yaml(contract)))).toEqual(defined)
    expect(accepts(contract), JSON.stringify(accepts.errors)).toBe(true)
  })
})

test('the published schema is the definition: run node scripts/contract-schema.mjs', () => {
  const published = readFileSync(new URL('../../contract.schema.json', import.meta.url), 'utf8')
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(contractSchema())))
})

describe('many mistakes', () => {
  const many = {
    origins: { allow: ['https://app.example.com/', 'null'], deny: ['null'] },
    routes: {
      'get /orders': { maxage: 1 },
      'GET /orders/:id': { credentials: true },
      'GET /items/:id': { exposes: ['x-total'] },
    },
  }

  test('are told in one error, each once', () => {
    const { message } = errorOf(() => define(many))
    expect(message.split('\n')).toEqual([
      'defineCorsContract(): 7 mistakes in the contract',
      expect.stringContaining("  origins.allow[0]: 'https://app.example.com/' is not an origin"),
      expect.stringContaining("  routes['get /orders']: a method is written in upper case"),
      expect.stringContaining("  routes['get /orders'].maxage is not a known key"),
      expect.stringContaining("  routes['GET /orders/:id'].credentials must be"),
      expect.stringContaining("  origins.deny[0]: 'null' is allowed as well"),
      expect.stringContaining("  routes['GET /orders/:id'] has no value for :id"),
      expect.stringContaining("  routes['GET /items/:id'] has no value for :id"),
    ])
  })

  test('of a file are in its order', () => {
    const { message } = errorOf(() => loadCorsContract(file('many.yaml', FORMATS.yaml(many))))
    const lines = [...message.matchAll(/many\.yaml:(\d+):/g)].map(([, line]) => Number(line))
    expect(lines).toHaveLength(7)
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
  })

  test('are bounded, and their number is told', () => {
    const routes = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`GET /r${i}`, { maxage: i }]))
    const { message } = errorOf(() => define({ origins: { allow: [] }, routes }))
    expect(message).toContain('300 mistakes')
    expect(message).toContain('… and 250 more')
    expect(message.split('\n').length).toBeLessThan(60)
  })
})

test('nothing is said of what hangs on something wrong', () => {
  const contract = {
    origins: { allow: ['https://app.example.com'], deny: ['https://app.example.com'] },
    defaults: { credentials: 'include' },
    routes: {
      'GET /a/:id': { params: 'id=1' },
      'GET /b': { origins: { allow: '*' }, credentials: false },
      'GET /c': { headers: [5], statuses: { 401: { without: ['authorization'] } } },
      'GET /d': { origins: { allow: 'https://d.example.com', deny: ['https://app.example.com'] } },
    },
  }
  const lines = errorOf(() => define(contract))
    .message.split('\n')
    .slice(1)
  expect(lines.map((line) => line.trim().split(/[: ](?=must|'| )/)[0])).toEqual([
    "routes['GET /a/:id'].params",
    "routes['GET /b'].credentials",
    "routes['GET /c'].headers[0]",
    "routes['GET /d'].origins.allow",
    'origins.deny[0]',
  ])
})

test('what a contract holds is not shown where it may be secret', () => {
  const secret = 'hunter2-hunter2'
  for (const contract of [
    {
      origins: { allow: [] },
      defaults: { extraHeaders: { 'x-gate': `${secret}\n` } },
      routes: { 'GET /': {} },
    },
    { origins: { allow: [] }, defaults: { extraHeaders: secret }, routes: { 'GET /': {} } },
    { origins: { allow: [] }, routes: { 'GET /': { headers: { authorization: { secret } } } } },
    { origins: { allow: [] }, routes: { 'GET /': { headers: `authorization: ${secret}` } } },
    { origins: { allow: [] }, routes: { 'GET /': { headers: { cookie: secret } } } },
  ])
    expect(errorOf(() => define(contract)).message).not.toContain(secret)
})
