import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { wouldSend } from '../../src/cli/check-preview.js'
import { checkCorsContract } from '../../src/contract/check-contract.js'
import { defineCorsContract } from '../../src/contract/define-contract.js'
import { cellMessage } from '../../src/contract/report/assertion-texts.js'
import { renderCorsReport } from '../../src/contract/report/render-report.js'

const secret = (number: number): string => `hunter2-${number}-hunter2`

const contract = defineCorsContract({
  origins: { allow: ['https://app.example.com'], deny: ['https://evil.example'] },
  routes: {
    'GET /reset/:token': { params: { token: secret(1) }, query: { api_key: secret(2), page: 'first' } },
    'GET /short/:token': { params: { token: 'a' }, query: { password: 'b' } },
    'GET /bücher/:secret': { params: { secret: `${secret(3)} ü` } },
    'GET /gate': { extraHeaders: { 'x-gate': secret(4), cookie: `sid=${secret(5)}` } },
    'PUT /page': { headers: { authorization: `Bearer ${secret(6)}`, 'x-api-key': secret(7) } },
    'GET /status': {
      statuses: { 404: { query: { token: secret(8) }, extraHeaders: { 'x-way': secret(9) } } },
    },
  },
})

/** Repeats whatever it is sent where a report shows it. */
async function echo(): Promise<string> {
  const server = createServer(({ url = '', headers }, response) => {
    const sent = [headers['x-gate'], headers.cookie, headers['x-way'], headers['x-run'], url].join(' ')
    response
      .writeHead(url.startsWith('/status') ? 404 : 200, {
        'Access-Control-Allow-Origin': `https://${encodeURI(sent)}`,
        'Access-Control-Allow-Headers': encodeURI(sent),
        'Set-Cookie': `sid=${secret(5)}`,
        'WWW-Authenticate': `Bearer token=${secret(6)}`,
        Location: `/login?next=${encodeURIComponent(url)}`,
      })
      .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('no secret of a contract is in what a check says, though a server repeats it', async () => {
  const url = await echo()
  const options = { extraHeaders: { 'x-run': secret(10) } }
  const report = await checkCorsContract(contract, url, options)
  expect(report.outcome).toBe('broken')

  const texts = [
    JSON.stringify(report),
    ...(['text', 'markdown', 'json', 'junit', 'html'] as const).map((format) =>
      renderCorsReport(report, { format }),
    ),
    ...report.cells.map((cell) => cellMessage(cell, report)),
    wouldSend(contract, url, options),
  ]

  for (const text of texts) expect(text).not.toMatch(/hunter2|\/short\/a|password=b/)
  for (const text of texts.slice(0, 6)) expect(text).toContain('/reset/[redacted]?api_key=[redacted]&')
  expect(wouldSend(contract, url, options)).toContain('  GET /short/[redacted]?password=[redacted]')
})

test('what is sent and known to all stays to be read', async () => {
  const url = await echo()
  const report = await checkCorsContract(contract, url, {
    only: 'GET /gate',
    extraHeaders: {
      'x-forwarded-host': new URL(url).host,
      'x-page': 'https://app.example.com',
      'x-mode': 'a',
    },
  })
  expect(report.cells[0]?.explanation).toContain(`${url}/gate`)
  expect(report.cells[0]?.explanation).toContain('https://app.example.com')
})
