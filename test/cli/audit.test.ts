import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import cors, { type CorsOptions } from 'cors'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readAuditArguments } from '../../src/cli/audit-arguments.js'
import { deadUrl, listen } from '../matchers/servers.js'
import { buildCommand, type Command, type Ended, runHere } from './command.js'

// Each child loads Node, the command and undici.
vi.setConfig({ testTimeout: 60_000 })

let command: Command
const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-audit-'))
beforeAll(async () => {
  command = await buildCommand()
}, 60_000)
afterAll(() => {
  command.remove()
  rmSync(folder, { recursive: true })
})

const APP = 'https://app.example.com'

const audit = (...args: string[]): Promise<Ended> => runHere(['audit', ...args])

function fileOf(name: string, data: unknown): string {
  const file = path.join(folder, name)
  writeFileSync(file, typeof data === 'string' ? data : JSON.stringify(data))
  return file
}

function api(origin: CorsOptions['origin']): RequestListener {
  const app = express()
  app.use(cors({ origin, credentials: true }))
  app.get('/orders', (_request, response) => void response.json([]))
  return app
}

async function urlOf(listener: RequestListener): Promise<string> {
  const { url } = await listen(listener)
  return `${url}/orders`
}

/** What differs from run to run. */
const steady = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')

describe('what it finds', () => {
  test('nothing', async () => {
    const url = await urlOf(api([APP]))
    const { code, out, error } = await command.run(['audit', url, '--trusted', APP, '--seed', '1'])
    expect(error).toBe('')
    expect(out).toMatch(/^CORS audit of http:\S+\/orders: no findings\n/)
    expect(code).toBe(0)
  })

  test('a reflected origin', async () => {
    const { code, out } = await audit(await urlOf(api(true)), '--trusted', APP, '--seed', '1')
    expect(code).toBe(1)
    expect(steady(out)).toMatchSnapshot()
  })

  test('the same with the same seed, and other origins with another', async () => {
    const url = await urlOf(api(true))
    const asked = (seed: string) => audit(url, '--trusted', APP, '--seed', seed, '--format', 'json')
    const [first, second, third] = [await asked('7'), await asked('7'), await asked('8')]
    expect(second.out).toBe(first.out)
    expect(third.out).not.toBe(first.out)
  })

  test('a trusted origin that is not let in', async () => {
    const url = await urlOf(api([APP]))
    const { code, out } = await audit(url, '--trusted', APP, 'https://admin.example.com')
    expect(code).toBe(2)
    expect(out).toContain('https://admin.example.com is trusted, but')
  })

  test('several URLs: a finding outranks what could not be judged', async () => {
    const args = [await urlOf(api([APP])), await urlOf(api(true)), await deadUrl()]
    const { code, out } = await audit(...args, '--trusted', APP, '--seed', '1')
    expect(code).toBe(1)
    expect(out).toContain('orders: no findings')
    expect(out).toContain('reflected-origin')
    expect(out).toContain('could not judge')
    expect((await audit(args[0] as string, args[2] as string, '--trusted', APP)).code).toBe(2)
  })

  test('the allowed origins of a contract', async () => {
    const contract = fileOf('cors.json', {
      origins: { allow: [APP] },
      routes: { 'GET /orders': {}, 'GET /other': { origins: { allow: ['https://other.example'] } } },
    })
    const url = await urlOf(api([APP]))
    expect((await audit(url, '--contract', contract)).code).toBe(0)
    expect((await audit(await urlOf(api(true)), '--contract', contract)).code).toBe(1)
  })
})

describe('formats', () => {
  test('JSON', async () => {
    const { code, out } = await audit(await urlOf(api(true)), '--trusted', APP, '--format', 'json')
    expect(code).toBe(1)
    const { outcome, audits } = JSON.parse(out)
    expect(outcome).toBe('findings')
    expect(audits[0].findings.map(({ id }: { id: string }) => id)).toEqual([
      'reflected-origin',
      'null-origin',
    ])
    expect(audits[0].findings[0]).toMatchObject({
      severity: 'exploitable',
      cause: expect.any(String),
      fix: expect.any(String),
      evidence: [{ method: 'GET', cookie: true, status: 200 }],
    })
  })

  test('SARIF', async () => {
    const output = path.join(folder, 'audit.sarif')
    const baseline = fileOf('baseline.json', [{ id: 'null-origin', reason: 'frames of ours' }])
    const args = ['--trusted', APP, '--seed', '1', '--baseline', baseline, '--output', output]
    const { code, out } = await audit(await urlOf(api(true)), await deadUrl(), ...args)
    expect(code).toBe(1)
    expect(out).toContain('; the report is in ')
    const log = JSON.parse(steady(readFileSync(output, 'utf8')).replace(/localhost:\d+/g, 'localhost:1'))
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'expect-cors', version: expect.stringMatching(/^\d/) } } }],
    })
    const [{ tool, results, invocations }] = log.runs
    const rules: { id: string }[] = tool.driver.rules
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(rules[ruleIndex]?.id).toBe(ruleId)
      expect(['error', 'warning', 'note']).toContain(level)
      expect(message.text).toContain('Fix: ')
      expect(locations[0].physicalLocation.artifactLocation.uri).toBe('http://127.0.0.1:8080/orders')
    }
    expect(results.map((result: { ruleId: string }) => result.ruleId)).toEqual([
      'reflected-origin',
      'null-origin',
    ])
    expect(results[0].suppressions).toEqual([])
    expect(results[1].suppressions).toEqual([{ kind: 'external', justification: 'frames of ours' }])
    expect(invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] },
    ])
  })
})

describe('what is sent', () => {
  test('nothing but to the URL: a redirect elsewhere is not followed', async () => {
    let asked = 0
    const elsewhere = await urlOf((_request, response) => {
      asked++
      response.end()
    })
    const url = await urlOf((request, response) => {
      const { origin = '' } = request.headers
      response.writeHead(302, {
        location: elsewhere,
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
      })
      response.end()
    })
    const { code, out } = await audit(url, '--trusted', APP)
    expect(code).toBe(2)
    expect(out).toContain('It redirects to')
    expect(asked).toBe(0)
  })

  test('nothing at all with --dry-run', async () => {
    let asked = 0
    const url = await urlOf((_request, response) => {
      asked++
      response.end()
    })
    const { code, out } = await audit(url, '--trusted', APP, '--seed', '1', '--dry-run', '--thorough')
    expect(code).toBe(0)
    expect(asked).toBe(0)
    expect(steady(out)).toMatchSnapshot()
  })

  test('headers of the environment, and never their values in the report', async () => {
    const seen = new Set<string | undefined>()
    const url = await urlOf((request, response) => {
      seen.add(request.headers['x-gate'] as string)
      const { origin = '' } = request.headers
      response.setHeader('access-control-allow-origin', `${origin}`)
      response.setHeader('access-control-allow-credentials', 'true')
      response.setHeader('x-cache', `for ${request.headers['x-gate']}`)
      response.end()
    })
    const formats = ['text', 'json', 'sarif']
    for (const format of formats) {
      vi.stubEnv('GATE', 'open-sesame-123')
      const args = ['--trusted', APP, '--header', 'x-gate=@GATE', '--format', format]
      const { code, out } = await audit(url, ...args)
      expect(code).toBe(1)
      expect(out).not.toContain('open-sesame-123')
    }
    expect([...seen]).toEqual(['open-sesame-123'])
  })
})

describe('arguments', () => {
  test.each([
    [
      ['https://a.example/x', '--trusted', APP, 'https://b.example'],
      [APP, 'https://b.example'],
    ],
    [
      ['https://a.example/x', '--trusted', `${APP},null`],
      [APP, 'null'],
    ],
    [['--trusted', APP, 'https://a.example/x'], [APP]],
    [
      ['https://a.example/x', '--trusted', APP, '--thorough', '--trusted', 'https://*.b.example'],
      [APP, 'https://*.b.example'],
    ],
  ])('%j', (args, trusted) => {
    expect(readAuditArguments(args)).toMatchObject({ urls: ['https://a.example/x'], trusted })
  })

  test.each([
    [[], 'audit takes a URL'],
    [['https://a.example'], '--trusted is missing'],
    [['https://a.example', '--trusted', APP, '--contract', 'x'], 'leave out'],
    [['https://a.example', '--trusted', APP, '--format', 'html'], 'must be one of'],
    [['https://a.example', '--trusted', APP, '--rate', 'fast'], '--rate must be'],
    [['https://a.example', '--trusted', APP, '--seed', 'x'], '--seed must be'],
  ])('%j is refused', (args, message) => {
    expect(() => readAuditArguments(args)).toThrow(message)
  })

  test('no URL, no origin, no baseline', async () => {
    const url = await urlOf(api([APP]))
    const said = async (...args: string[]) => {
      const { code, out, error } = await audit(...args)
      expect(code).toBe(2)
      return out + error
    }
    expect(await said('orders', '--trusted', APP)).toContain('is not an http(s) URL')
    expect(await said(url, '--trusted', `${APP}/`)).toContain('trailing slash')
    expect(await said(url, '--trusted', APP, '--baseline', 'none.json')).toContain('there is no such file')
    const unknown = fileOf('unknown.json', [{ id: 'reflected-orign', reason: 'x' }])
    expect(await said(url, '--trusted', APP, '--baseline', unknown)).toContain(
      'did you mean "reflected-origin"?',
    )
  })

  test('an entry of the baseline that nothing answers to', async () => {
    const baseline = fileOf('stale.json', [{ id: 'other-port', reason: 'local tools' }])
    const { code, out } = await audit(await urlOf(api([APP])), '--trusted', APP, '--baseline', baseline)
    expect(code).toBe(0)
    expect(out).toContain('other-port: local tools')
  })
})
