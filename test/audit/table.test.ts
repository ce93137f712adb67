/** What an audit must find of servers that are wrong, each in its way, and that it finds nothing of those that are right; beside it, what scanners would say. */
import 'expect-cors/vitest'
import { readFile } from 'node:fs/promises'
import { auditOrigins } from 'expect-cors'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { findingClasses } from '../../src/audit/finding-classes.js'
import { resolveEndpoint } from '../../src/subject/endpoint.js'
import { slice } from '../slice.js'
import { type AskScanned, corScanner, corsy } from './scanners.js'
import { APP, type AuditedServer, correct, wrong } from './servers.js'

// Each sends some eighty requests.
vi.setConfig({ testTimeout: 20_000 })

const optionsOf = ({ options }: AuditedServer) => ({ path: '/orders', trusted: [APP], seed: 1, ...options })

/** A scanner asks an address, here the one that the app is judged at. */
function scanning(app: unknown): AskScanned {
  const { transport, url } = resolveEndpoint(app, { path: '/orders', baseUrl: 'https://app.example.com' })
  transport.open?.()
  onTestFinished(() => transport.close())
  return async (origin) => {
    const headers: [string, string][] = [['Origin', origin]]
    const response = await transport.send({ method: 'GET', url: url.href, headers, body: null })
    return Object.fromEntries(response.headers.map(([name, value]) => [name.toLowerCase(), value]))
  }
}

test('as many as there must be', () => {
  expect(wrong.length).toBeGreaterThanOrEqual(40)
  expect(correct.length).toBeGreaterThanOrEqual(25)
  const names = [...wrong, ...correct].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

describe('wrong', () => {
  test.each(slice(wrong, 4))('$name', async (server) => {
    const options = optionsOf(server)
    const { findings, requests, outcome, unjudged } = await auditOrigins(await server.app(), options)
    const ids = findings.map(({ id }) => id).filter((id) => findingClasses[id].isOfOrigins === true)
    expect([...ids].sort()).toEqual([...server.finds].sort())
    expect(unjudged).toEqual([])
    expect(outcome).toBe('findings')
    expect(requests).toBeLessThanOrEqual(40)
    const first = findings.find(({ id }) => id === server.finds[0])
    expect(first?.severity).toBe(server.severity ?? 'exploitable')
    await expect(await server.app()).not.toRejectUntrustedOrigins(options)
  })
})

test('of what is looked for anywhere it is not said that one end is looked at', async () => {
  const causesOf = async (rule: (origin: string) => boolean): Promise<string[]> => {
    const fetch = ({ headers }: Request): Response => {
      const origin = headers.get('origin') ?? ''
      return new Response(null, {
        headers: { vary: 'Origin', ...(rule(origin) ? { 'access-control-allow-origin': origin } : {}) },
      })
    }
    const { findings } = await auditOrigins({ fetch }, { trusted: [APP], seed: 1 })
    return findings
      .filter(({ id }) => id === 'prefix-match' || id === 'suffix-match')
      .map(({ id, cause }) => `${id}: ${cause.replace(/[,:].*/, '')}`)
  }
  expect(await causesOf((origin) => origin.includes('example.com'))).toEqual([
    'prefix-match: The name is looked for anywhere in the Origin',
    'suffix-match: The name is looked for anywhere in the Origin',
  ])
  expect(await causesOf((origin) => origin.startsWith(APP))).toEqual([
    'prefix-match: The rule looks at the beginning alone',
  ])
})

describe('right', () => {
  test.each(slice(correct, 4))('$name', async (server) => {
    const options = optionsOf(server)
    const report = await auditOrigins(await server.app(), options)
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ outcome: 'clean', unjudged: [] })
    expect(report.requests).toBeLessThanOrEqual(40)
    await expect(await server.app()).toRejectUntrustedOrigins(options)
  })
})

describe('scanners', () => {
  // Those of the slice are asked again; the rest of the table stays as it is.
  test('beside it, what they say', { timeout: 120_000 }, async () => {
    const table = new URL('table.md', import.meta.url)
    const known = (await readFile(table, 'utf8')).split('\n').map((line) => line.split(/ +\| +/))
    const all = [...wrong, ...correct]
    const asked = new Set(slice(all, 8))
    const rows = [['server', 'what is wrong', 'CORScanner', 'Corsy']]
    for (const server of all) {
      const name = server.name.replaceAll('|', '\\|')
      const before = known.find(([first]) => first === `| ${name}`)
      const said = asked.has(server) || before === undefined ? await scanned(server) : before.slice(2, 4)
      rows.push([name, server.finds.join(', ') || '-', ...said.map((each) => each.replace(/ +\|$/, ''))])
    }
    await expect(markdown(rows)).toMatchFileSnapshot('table.md')
  })
})

async function scanned({ app }: AuditedServer): Promise<string[]> {
  const ask = scanning(await app())
  return [
    (await corScanner(ask, 'app.example.com', 'example.com')) ?? '-',
    (await corsy(ask, 'app.example.com')) ?? '-',
  ]
}

/** A table, as the formatter of this project has it. */
function markdown(rows: readonly string[][]): string {
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  )
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number, fill)).join(' | ')} |`
  const [head, ...body] = rows.map((row) => line(row, ' '))
  const rule = line(
    widths.map(() => ''),
    '-',
  )
  return `${[head, rule, ...body].join('\n')}\n`
}

test('docs/audit.md has a row for each kind of finding', async () => {
  const page = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` /gm)].map(([, id]) => id)
  expect(rows.filter((id) => id !== undefined && id in findingClasses)).toEqual(Object.keys(findingClasses))
})
