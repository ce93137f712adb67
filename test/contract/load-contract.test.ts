import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { CorsUsageError, loadCorsContract } from 'expect-cors'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { readJson } from '../../src/contract/json-document.js'

const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const filename = path.join(folder, name)
  writeFileSync(filename, text)
  return filename
}

function messageOf(name: string, text: string): string {
  return thrownBy(() => loadCorsContract(file(name, text))).replaceAll(`${folder}${path.sep}`, '')
}

function thrownBy(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof CorsUsageError) return error.message
    throw error
  }
  throw new Error('nothing is wrong')
}

const JSON_CONTRACT =
  '{ "origins": { "allow": ["https://app.example.com"] }, "routes": { "GET /orders": {} } }'

test('a path, a file: URL, and its text; a byte order mark is nothing', () => {
  const filename = file('contract.json', `\ufeff${JSON_CONTRACT}`)
  const contract = loadCorsContract(filename)
  expect(contract).toEqual(JSON.parse(JSON_CONTRACT))
  expect(loadCorsContract(pathToFileURL(filename))).toEqual(contract)
  expect(loadCorsContract(pathToFileURL(filename).href)).toEqual(contract)
  expect(Object.isFrozen(contract.routes['GET /orders'])).toBe(true)
})

describe('what is no file of a contract', () => {
  test.each([
    ['contract.toml', 'a contract is a file that ends in .json, .yaml or .yml'],
    ['missing.json', 'there is no such file; it is looked for from'],
    ['https://example.com/cors.json', 'give what it holds to defineCorsContract()'],
    ['', 'takes the path of a file'],
    [undefined, 'takes the path of a file'],
  ])('%s', (name, way) => {
    expect(thrownBy(() => loadCorsContract(name as string))).toContain(way)
  })

  test('a folder', () => {
    const name = mkdtempSync(path.join(folder, 'folder-'))
    expect(thrownBy(() => loadCorsContract(path.join(name, '..', `${path.basename(name)}`)))).toContain(
      'ends in',
    )
  })
})

describe('JSON', () => {
  test.each([
    ['an end too early', '{\n  "origins": {', '2:15', 'found the end of the file'],
    ['a comma too many', '{\n  "origins": {},\n}', '3:1', 'expected a key in double quotes; found "}"'],
    ['a comma missing', '{\n  "a": 1\n  "b": 2\n}', '3:3', 'expected , here'],
    ['a comment', '{\n  // who may call\n}', '2:3', 'found a comment, which JSON does not have'],
    ['single quotes', "{ 'origins': {} }", '1:3', 'a key in double quotes'],
    ['a word', '{ "send": yes }', '1:11', 'expected a value; found "yes }"'],
    ['an escape that is none', '{ "a": "\\x" }', '1:8', 'is not a JSON string'],
    ['a number that is none', '{ "a": 01 }', '1:8', 'is not a JSON number'],
    ['more than one value', '{}\n{}', '2:1', 'nothing may follow the value'],
    ['nothing at all', '', '1:1', 'expected a value; found the end of the file'],
    ['depth without end', '['.repeat(100_000), '1:202', 'nested too deeply'],
  ])('%s', (_, text, position, why) => {
    const message = messageOf('wrong.json', text)
    expect(message).toContain(`wrong.json:${position}: the contract is not valid JSON: `)
    expect(message).toContain(why)
  })

  test('a key that stands twice is told with its path', () => {
    const text = `{
  "origins": { "allow": [] },
  "routes": {
    "GET /orders": { "maxAge": 1 },
    "GET /orders": { "maxAge": 2 }
  }
}`
    expect(messageOf('twice.json', text)).toBe(
      "twice.json:5:5: routes['GET /orders'] appears twice, first on line 4; write it once",
    )
  })

  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent)
        const { value, mistakes } = readJson(written)
        expect(mistakes).toEqual([])
        expect(value).toStrictEqual(JSON.parse(written))
      }),
    )
  })

  test('is refused where JSON.parse refuses it', () => {
    const valid = fc.json().map((text) => JSON.stringify(JSON.parse(text), null, 1))
    const broken = fc
      .tuple(valid, fc.nat(), fc.constantFrom('', ',', '"', '}', '0', '\n', 'x'))
      .map(([text, at, put]) => {
        const offset = at % (text.length + 1)
        return text.slice(0, offset) + put + text.slice(offset + 1)
      })
    fc.assert(
      fc.property(broken, (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        const { root, mistakes } = readJson(text)
        expect(root !== undefined, mistakes[0]?.text).toBe(valid)
      }),
      { numRuns: 500 },
    )
  })
})

describe('YAML', () => {
  test('anchors, aliases and merges', () => {
    const contract = loadCorsContract(
      file(
        'anchors.yml',
        `x-write: &write
  headers: [content-type, authorization]
  maxAge: 600
origins: { allow: ['https://app.example.com'] }
routes:
  PUT /orders/:id: { <<: *write, params: &one { id: 1 } }
  DELETE /orders/:id: { <<: [*write], maxAge: 5, params: *one }
`,
      ),
    )
    expect(contract.routes).toEqual({
      'PUT /orders/:id': { headers: ['content-type', 'authorization'], maxAge: 600, params: { id: 1 } },
      'DELETE /orders/:id': { headers: ['content-type', 'authorization'], maxAge: 5, params: { id: 1 } },
    })
    expect(contract).not.toHaveProperty('x-write')
  })

  test('what is wrong behind an alias is found where it is written', () => {
    const text = `x-write: &write
  maxAge: soon
origins: { allow: [] }
routes:
  PUT /orders: { <<: *write }
  PUT /items: *write
`
    const message = messageOf('alias.yaml', text)
    expect(message).toContain("alias.yaml:2:11: routes['PUT /orders'].maxAge must be")
    expect(message).toContain("alias.yaml:2:11: routes['PUT /items'].maxAge must be")
  })

  test.each([
    ['a * without quotes', 'origins:\n  allow: *\nroutes: {}\n', '2:', "write '*' in quotes"],
    ['a * without quotes in a list', 'origins: { allow: [*] }\n', '1:', "write '*' in quotes"],
    ['an alias of nothing', 'origins: *who\n', '1:', 'who'],
    ['a tab', 'origins:\n\tallow: []\n', '2:', 'not valid YAML'],
    ['a tag of its own', 'origins: !env { allow: [] }\n', '1:', '!env'],
    ['two documents', 'a: 1\n---\nb: 2\n', '2:', 'has several documents in it; leave one'],
    ['nothing at all', '# to do\n', '1:', 'the contract is empty'],
    ['an alias of itself', 'origins: &a { allow: [*a] }\nroutes: {}\n', '1:', ''],
  ])('%s', (_, text, line, why) => {
    const message = messageOf('wrong.yaml', text)
    expect(message).toContain(`wrong.yaml:${line}`)
    expect(message).toContain(why)
  })

  test('the name of a file is no secret, whatever it is called', () => {
    const message = messageOf('api-token.yaml', 'origins: { alow: [] }\nroutes: { get: 1 }\n')
    expect(message).toContain('api-token.yaml: 4 mistakes in the contract')
    expect(message).toContain('  api-token.yaml:2:11: routes.get')
  })

  test('aliases that would fill the memory', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `x-${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`)
    const text = ['x-0: &a0 [1]', ...levels, 'origins: { allow: [] }', 'routes: { GET /: {} }'].join('\n')
    expect(messageOf('bomb.yaml', text)).toContain('alias')
  })

  test('a key that stands twice is told with its path', () => {
    const text = `origins: { allow: [] }
routes:
  GET /orders:
    statuses: { 200: {} }
    statuses: { 404: {} }
`
    expect(messageOf('twice.yaml', text)).toBe(
      "twice.yaml:5:5: routes['GET /orders'].statuses appears twice, first on line 4; write it once",
    )
  })

  test('null of a list is said to need quotes', () => {
    const text = 'origins:\n  allow: []\n  deny: [https://evil.example, null]\nroutes: { GET /: {} }\n'
    expect(messageOf('null.yaml', text)).toBe(
      "null.yaml:3:32: origins.deny[1]: null is not an origin; the opaque origin is the string 'null': write it in quotes",
    )
  })
})

test('the file that docs/contract.md shows is a contract', () => {
  const page = readFileSync(new URL('../../docs/contract.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
  const { routes } = loadCorsContract(file('documented.yaml', text))
  expect(Object.keys(routes)).toEqual(['GET /orders', 'PUT /orders/:id', 'GET /public'])
  expect(routes['PUT /orders/:id']?.maxAge).toBe(600)
  const [, wrong] = /\n(cors\.yaml:.*)\n/.exec(page) ?? []
  const lines = [
    'origins:',
    '  allow: []',
    'routes:',
    ...Array.from({ length: 4 }, (_, i) => `  GET /${i}: {}`),
  ]
  const cors = [...lines, '  PUT /orders/:id:', '    maxAge: 10m', '    params: { id: 1 }'].join('\n')
  expect(messageOf('cors.yaml', cors)).toBe(wrong)
})

describe('without the package yaml', () => {
  afterEach(() => {
    vi.doUnmock('node:module')
    vi.resetModules()
  })

  test('a YAML file is an error that names the install, and a JSON file is read', async () => {
    vi.resetModules()
    vi.doMock('node:module', async (original) => ({
      ...(await original<typeof import('node:module')>()),
      createRequire: () => () => {
        throw Object.assign(new Error("Cannot find module 'yaml'"), { code: 'MODULE_NOT_FOUND' })
      },
    }))
    const fresh = await import('../../src/contract/load-contract.js')
    const filename = file('absent.yaml', 'a: 1')
    expect(() => fresh.loadCorsContract(filename)).toThrow(
      'absent.yaml is YAML, which the package "yaml" reads, and it is not installed: run `npm install --save-dev yaml`, or write the contract as JSON',
    )
    expect(fresh.loadCorsContract(file('present.json', JSON_CONTRACT))).toEqual(JSON.parse(JSON_CONTRACT))
  })
})
