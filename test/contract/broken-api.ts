/** An API that honors a contract, and can be broken on one route; and what a report says, line by line. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { ContractReport } from '../../src/contract/contract-report.js'
import { defineCorsContract } from '../../src/contract/define-contract.js'

export const APP = 'https://app.example.com'
export const PREVIEW = 'https://x.preview.example.com'
export const STRANGER = 'https://stranger.example'

/** What {@link api} honors. */
export const contract = defineCorsContract({
  origins: { allow: [APP, 'https://*.preview.example.com'] },
  defaults: { credentials: 'include' },
  routes: {
    'GET /orders': {
      exposes: ['x-total-count'],
      headers: { authorization: 'Bearer of-a-test' },
      statuses: { 200: {}, 401: { without: ['authorization'] }, 404: { path: '/orders/none' } },
    },
    'PUT /orders/:id': { headers: ['content-type', 'authorization'], maxAge: 600, params: { id: '1' } },
    'GET /public': { origins: { allow: '*' }, credentials: 'omit' },
    'GET /internal': { origins: { allow: [] } },
  },
})

/** A response that can still be changed. */
export interface Draft {
  status: number
  lines: [name: string, value: string][]
}

/** Breaks the response to a request. */
export type Break = (draft: Draft, request: IncomingMessage) => void

/** Without the lines of a name. */
export function without(draft: Draft, name: string): void {
  draft.lines = draft.lines.filter(([each]) => each.toLowerCase() !== name.toLowerCase())
}

/** One line in the place of all of its name. */
export function replace(draft: Draft, name: string, value: string): void {
  without(draft, name)
  draft.lines.push([name, value])
}

export interface Api {
  readonly server: Server
  /** `PUT /orders/1 https://app.example.com`, with `+ cookie` where one arrived. */
  readonly received: string[]
}

/** @param breaks what happens to the responses of a path */
export function api(breaks: Readonly<Record<string, Break>> = {}): Api {
  const received: string[] = []
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request
    received.push(
      `${method} ${url} ${headers.origin ?? '-'}${headers.cookie === undefined ? '' : ' + cookie'}`,
    )
    const draft = draftOf(request)
    breaks[url]?.(draft, request)
    response.writeHead(draft.status, draft.lines.flat())
    response.end(draft.status === 204 ? undefined : '{}')
  })
  return { server, received }
}

function draftOf({ method, url, headers }: IncomingMessage): Draft {
  const origin = headers.origin ?? ''
  const isOurs = origin === APP || /^https:\/\/[a-z0-9-]+\.preview\.example\.com$/.test(origin)
  const lines: Draft['lines'] = []
  if (url === '/public') lines.push(['Access-Control-Allow-Origin', '*'])
  else if (isOurs && url !== '/internal')
    lines.push(['Access-Control-Allow-Origin', origin], ['Access-Control-Allow-Credentials', 'true'])
  if (method === 'OPTIONS') {
    lines.push(
      ['Access-Control-Allow-Methods', 'GET, PUT, DELETE'],
      ['Access-Control-Allow-Headers', 'content-type, authorization'],
      ['Access-Control-Max-Age', '600'],
    )
    return { status: 204, lines }
  }
  lines.push(['X-Total-Count', '3'], ['Access-Control-Expose-Headers', 'x-total-count'])
  const status = statuses[url ?? '']?.(headers.authorization) ?? 404
  return { status, lines }
}

const statuses: Readonly<Record<string, (authorization: string | undefined) => number>> = {
  '/orders': (authorization) => (authorization === undefined ? 401 : 200),
  '/orders/1': () => 200,
  '/public': () => 200,
  '/internal': () => 200,
}

/** `GET /orders 200 ← https://app.example.com: held`, cell by cell, with the code where it is not held. */
export function lines({ cells }: Pick<ContractReport, 'cells'>): string[] {
  return cells.map(({ route, origin, status, outcome, code }) =>
    [
      route,
      ...(status === undefined ? [] : [status]),
      `← ${origin}: ${outcome}`,
      ...(code === undefined ? [] : [code]),
    ].join(' '),
  )
}

/** What does not hold. */
export function notHeld(report: ContractReport): string[] {
  return lines({ cells: report.cells.filter(({ outcome }) => outcome !== 'held') })
}
