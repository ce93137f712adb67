/** A contract from a file, and one from an OpenAPI description, are what a server can be held to. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import cors from 'cors'
import {
  type CorsContract,
  checkCorsContract,
  contractFromOpenApi,
  defineCorsContract,
  loadCorsContract,
  renderCorsReport,
} from 'expect-cors'
import express, { type Express } from 'express'
import { expect, test } from 'vitest'

const APP = 'https://app.example.com'

/** The API of docs/contract.md. */
function orders(changed: cors.CorsOptions = {}): Express {
  const app = express()
  const ours = cors({
    origin: [APP, /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/, /^http:\/\/localhost:\d+$/],
    credentials: true,
    methods: ['GET', 'PUT'],
    allowedHeaders: ['content-type', 'authorization'],
    exposedHeaders: ['x-total-count'],
    maxAge: 600,
    ...changed,
  })
  app.use('/public', cors(), (_request, response) => {
    response.json([])
  })
  app.use('/orders', ours, (_request, response) => {
    response.set('x-total-count', '2').json([])
  })
  return app
}

function documented(): CorsContract {
  const page = readFileSync(new URL('../../docs/contract.md', import.meta.url), 'utf8')
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-held-'))
  const file = path.join(folder, 'cors.yaml')
  writeFileSync(file, /```yaml\n(.*?)```/s.exec(page)?.[1] as string)
  try {
    return loadCorsContract(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function broken(contract: CorsContract, app: Express): Promise<string[]> {
  const { outcome, cells } = await checkCorsContract(contract, app)
  const found = cells.filter((cell) => cell.outcome === 'broken')
  expect(outcome).toBe(found.length === 0 ? 'honored' : 'broken')
  if (found.length === 0) expect(cells.map((cell) => cell.outcome)).not.toContain('unjudged')
  return [...new Set(found.map(({ route, code }) => `${route} ${code}`))]
}

test('the contract of the documentation is honored, and each thing it says can be broken', async () => {
  const contract = documented()
  expect(await broken(contract, orders())).toEqual([])
  expect(await broken(contract, orders({ exposedHeaders: [] }))).toEqual(['GET /orders header-not-exposed'])
  expect(await broken(contract, orders({ maxAge: 5 }))).toEqual(['PUT /orders/:id max-age-too-short'])
  expect(await broken(contract, orders({ methods: ['GET'] }))).toEqual(['PUT /orders/:id method-not-allowed'])
  expect(await broken(contract, orders({ allowedHeaders: ['content-type'] }))).toEqual([
    'PUT /orders/:id header-not-allowed',
  ])
  expect(await broken(contract, orders({ origin: true }))).toEqual([
    'GET /orders origin-allowed',
    'PUT /orders/:id origin-allowed',
  ])
})

test('what OpenAPI says is asked of a server', async () => {
  const { contract, unknown } = contractFromOpenApi(
    {
      openapi: '3.1.0',
      paths: {
        '/orders': {
          get: { responses: { 200: { headers: { 'X-Total-Count': { schema: { type: 'integer' } } } } } },
        },
        '/orders/{id}': {
          put: {
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' }, example: 1 }],
            requestBody: { content: { 'application/json': {} } },
            responses: { 204: {} },
          },
        },
      },
    },
    { origins: { allow: [APP] } },
  )
  expect(unknown).toEqual([])
  expect(await broken(contract, orders())).toEqual([])
  expect(await broken(contract, orders({ exposedHeaders: [] }))).toEqual(['GET /orders header-not-exposed'])
  expect(await broken(contract, orders({ allowedHeaders: [] }))).toEqual([
    'PUT /orders/:id header-not-allowed',
  ])
})

test('a header that is not exposed: the report shows it, and the line that exposes it', async () => {
  const report = await checkCorsContract(documented(), orders({ exposedHeaders: [] }))
  const cell = report.cells.find(({ outcome }) => outcome === 'broken')
  expect(cell).toMatchObject({ code: 'header-not-exposed', header: 'x-total-count' })
  const text = renderCorsReport(report, { format: 'markdown' })
  expect(text).toContain('< x-total-count: 2')
  expect(text).not.toMatch(/x-total-count[^\n]*which decide/)
  expect(text).toContain("**Fix:** Send instead, so that a page's script can read x-total-count")
  expect(text).toContain('Access-Control-Expose-Headers: x-total-count')
  const [fault] = JSON.parse(renderCorsReport(report, { format: 'json' })).cells.filter(
    ({ outcome }: { outcome: string }) => outcome === 'broken',
  )
  expect(fault).toMatchObject({
    header: 'x-total-count',
    remedies: [{ snippet: 'Access-Control-Expose-Headers: x-total-count' }],
  })
})

test('where a list exposes another header already, the line keeps it; where the header is absent, there is none', async () => {
  const lineOf = async (changed: cors.CorsOptions, exposes: string): Promise<string | undefined> => {
    const contract = defineCorsContract({
      origins: { allow: [APP] },
      routes: { 'GET /orders': { exposes: [exposes] } },
    })
    const report = await checkCorsContract(contract, orders(changed))
    const text = renderCorsReport(report, { format: 'markdown' })
    return /^Access-Control-Expose-Headers: .*$/m.exec(text)?.[0]
  }
  expect(await lineOf({ exposedHeaders: ['etag'] }, 'x-total-count')).toBe(
    'Access-Control-Expose-Headers: etag, x-total-count',
  )
  expect(await lineOf({}, 'x-absent')).toBeUndefined()
})
