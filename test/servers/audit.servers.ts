/** What an audit finds of servers that are wrong, each in its way, and that it finds nothing of those that are right: those of other languages, and proxies. */
import { auditOrigins } from 'expect-cors'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { findingClasses } from '../../src/audit/finding-classes.js'
import { audited } from './audited.js'
import { start } from './children.js'
import { startUpstream } from './upstream.js'

const asked = (process.env.EXPECT_CORS_SERVERS ?? '').split(',').filter((name) => name !== '')

for (const name of new Set(audited.map(({ server }) => server.name))) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const rows = audited.filter(({ server }) => server.name === name)
  const missing = rows[0]?.server.missing() ?? null
  describe(name, () => {
    if (missing !== null) {
      test.skipIf(!asked.includes(name))(missing, () => {
        throw new Error(missing)
      })
      return
    }
    it.each(rows)('$name', { timeout: 60_000 }, async ({ server, finds, options }) => {
      const upstream = await startUpstream('none')
      onTestFinished(() => upstream.close())
      const running = await start(server, { fault: 'none', fix: null, upstream: upstream.url })
      onTestFinished(() => running.stop())
      const all = {
        trusted: ['https://app.example.com'],
        path: '/orders',
        seed: 1,
        timeout: 20_000,
        ...options,
      }
      const { findings, unjudged, requests } = await auditOrigins(running.url, all)
      const ids = findings.map(({ id }) => id)
      const ofOrigins = ids.filter((id) => findingClasses[id].isOfOrigins === true)
      expect((ofOrigins.length > 0 ? ofOrigins : ids).sort()).toEqual([...finds].sort())
      expect(unjudged).toEqual([])
      expect(requests).toBeLessThanOrEqual(40)
    })
  })
}
