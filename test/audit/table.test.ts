/** What an audit must find of servers that are wrong, each in its way, and that it finds nothing of those that are right; beside it, what scanners would say. */
import 'expect-cors/vitest'
import { readFile } from 'node:fs/promises'
import { auditOrigins } from 'expect-cors'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findingClasses } from '../../src/audit/finding-classes.js'
import { resolveEndpoint } from '../../src/subject/endpoint.js'
import { slice } from '../slice.js'
import { type AskScanned, corScanner, corsy } from './scanners.js'
import { APP, type AuditedServer, correct, wrong } from './servers.js'

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
  test('beside it, what they say', async () => {
    const rows = [['server', 'what is wrong', 'CORScanner', 'Corsy']]
    for (const { name, app, finds } of [...wrong, ...correct]) {
      const ask = scanning(await app())
      const said = [
        await corScanner(ask, 'app.example.com', 'example.com'),
        await corsy(ask, 'app.example.com'),
      ]
      rows.push([name.replaceAll('|', '\\|'), finds.join(', ') || '-', ...said.map((each) => each ?? '-')])
    }
    await expect(markdown(rows)).toMatchFileSnapshot('table.md')
  })
})

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
