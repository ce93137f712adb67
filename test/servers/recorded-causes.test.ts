/**
 * Whether the explanation of what real servers responded names what is wrong with them: nothing vague, nothing misleading. For a slice of the
 * configurations of each server, unless all are asked for.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { evaluateCors, explainCors, type Verdict } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { blockedCaseOf } from '../../src/diagnose/case.js'
import { possibleCauses } from '../../src/diagnose/explain/causes-of.js'
import { recognizeServers } from '../../src/diagnose/remedies/recognize.js'
import { sliceOfEach } from '../slice.js'
import { configurations } from './recorded/truth.js'
import { type Configuration, type Probe, truthOf, WORDS } from './truth-of.js'

interface Recorded {
  readonly probes: Readonly<Record<string, Probe>>
  /** For each configuration the response to each probe, by its place in the list. */
  readonly configurations: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly responses: readonly (readonly [status: number, lines: readonly (readonly [string, string])[]])[]
}

const recorded = JSON.parse(
  gunzipSync(readFileSync(new URL('recorded/exchanges.json.gz', import.meta.url))).toString(),
) as Recorded

interface Block {
  readonly id: string
  readonly probe: Probe
  readonly verdict: Verdict
  readonly status: number
}

/** Each probe that a browser blocks, without credentials and with them. */
function blocksOf(name: string): Block[] {
  return Object.entries(recorded.configurations[name] ?? {}).flatMap(([key, index]) => {
    const probe = recorded.probes[key] as Probe
    const [status, headers] = recorded.responses[index] as Recorded['responses'][number]
    return (['same-origin', 'include'] as const).flatMap((credentials) => {
      const request = {
        origin: probe.origin,
        url: `https://api.example.com${probe.path}`,
        method: probe.preflight ?? 'GET',
        headers: Object.fromEntries((probe.headers ?? []).map((header) => [header, 'application/json'])),
        credentials,
      }
      const response = { status, headers }
      const verdict = evaluateCors({
        request,
        engine: 'chromium',
        ...(probe.preflight === undefined ? { response } : { preflight: response }),
      })
      return verdict.outcome === 'blocked'
        ? [{ id: `${name} ${key} ${credentials} (${status})`, probe, verdict, status }]
        : []
    })
  })
}

const names = Object.keys(recorded.configurations)
const serverOf = (name: string): string => name.split(/[:+-]/)[0] as string
const tried = sliceOfEach(names, 3, serverOf)

test('every recorded configuration has its truth, and there are enough of them', () => {
  expect(Object.keys(configurations).sort()).toEqual([...names].sort())
  expect(names.length).toBeGreaterThan(120)
})

describe.each(tried)('%s', (name) => {
  const truth = configurations[name] as Configuration
  const blocks = blocksOf(name)

  test('every sentence names what is wrong', () => {
    const wrong = blocks.flatMap((block) => {
      const wanted = truthOf(truth, block)
      const { causes, explanation } = explainCors(block.verdict)
      const isRight = wanted.some((cause) => causes.includes(cause) && WORDS[cause].test(explanation))
      return isRight
        ? []
        : [`${block.id}: ${wanted.join(' or ') || 'no truth'} → ${causes.join(', ')}: ${explanation}`]
    })
    expect(wrong).toEqual([])
  })

  test('no sentence names more than two possible causes, or three where a cache is one', () => {
    for (const { id, verdict } of blocks) {
      const found = blockedCaseOf(verdict)
      const possible = found === null ? [] : possibleCauses(found)
      expect(possible.length, id).toBeGreaterThan(0)
      expect(possible.length, id).toBeLessThanOrEqual(possible[0]?.causes.includes('cached') === true ? 3 : 2)
    }
  })
})

test('the likelier cause mostly comes first', () => {
  let all = 0
  let first = 0
  for (const name of names) {
    for (const block of blocksOf(name)) {
      const found = blockedCaseOf(block.verdict)
      const wanted = truthOf(configurations[name] as Configuration, block)
      all++
      if (found !== null && possibleCauses(found)[0]?.causes.some((cause) => wanted.includes(cause)) === true)
        first++
    }
  }
  expect(all).toBeGreaterThan(4000)
  expect(first / all).toBeGreaterThan(0.9)
})

/** Who may be named by a response of a configuration, by the name's first part; what stands behind a proxy is Express everywhere here. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  express: ['express'],
  nest: ['express'],
  apollo: ['express'],
  viteproxy: ['express'],
  wds: ['express'],
  hpm: ['express'],
  jsonserver017: ['express'],
  nginx: ['nginx', 'express'],
  apache: ['apache', 'express'],
  lighttpd: ['express'],
  haproxy: ['express'],
  caddy: ['caddy', 'express'],
  varnish: ['varnish', 'express'],
  flask: ['flask'],
  django: ['django'],
  fastapi: ['fastapi'],
  php: ['php'],
  spring4: ['spring'],
}

test.each(tried)('%s is recognized for nothing that it is not', (name) => {
  const known = SIGNED[serverOf(name)] ?? []
  for (const index of Object.values(recorded.configurations[name] ?? {})) {
    const lines = recorded.responses[index]?.[1] ?? []
    for (const server of recognizeServers(lines)) expect(known).toContain(server)
  }
})
