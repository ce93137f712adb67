/** A server that remedies are tried on: how it is started with a fault, and with the remedy in its place. */
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerName } from '../../src/diagnose/remedies/known-servers.js'

/**
 * What is wrong with a server:
 * - `none`: it has no CORS rules;
 * - `unlisted`: its rules are as they should be, but for the origin that asks;
 * - `wildcard`: it sends `*`, and credentials are asked for;
 * - `method`, `header`, `credentials`: its rules lack one;
 * - `several`: its rules lack the origin that asks, a method and a header;
 * - `auth`, `errors`, `redirect`: its rules stand below what authenticates, fails or redirects;
 * - `duplicate`: its rules are as they should be, and something adds a line again;
 * - `behind…`: a proxy without rules in front of an app that has them.
 */
const FAULTS = [
  'none',
  'unlisted',
  'wildcard',
  'method',
  'header',
  'credentials',
  'several',
  'auth',
  'errors',
  'redirect',
  'duplicate',
  'behind: unlisted',
  'behind: wildcard',
  'behind: auth',
  'behind: errors',
] as const

export type FaultName = (typeof FAULTS)[number]

/** What is tried with a proxy, but for what cannot go wrong with it. */
export function proxyFaults(...impossible: readonly FaultName[]): FaultName[] {
  return FAULTS.filter((fault) => !impossible.includes(fault))
}

/** What is tried with an app, but for what cannot go wrong with it. */
export function appFaults(...impossible: readonly FaultName[]): FaultName[] {
  return proxyFaults(...impossible).filter((fault) => !fault.startsWith('behind'))
}

/** What is printed, and is applied as it says. */
export interface Fix {
  readonly title: string
  readonly snippet: string
}

/** Whether what is there is to be moved as it is, for there is something. */
export function isMove({ title, snippet }: Fix): boolean {
  return /\bmove it\b/i.test(snippet) || (snippet === '' && /\bas (they are|it is)\b/.test(title))
}

/** What a start is made of. */
export interface Start {
  /** An empty folder of its own. */
  readonly folder: string
  /** To listen at, on 127.0.0.1. */
  readonly port: number
  /** The origin of an app that stands behind a proxy. */
  readonly upstream: string
  readonly fault: FaultName
  /** The remedy, to be applied as it says; null to start with the fault. */
  readonly fix: Fix | null
}

/** Whether something adds a line again; the remedy takes that away. */
export function isDoubled({ fault, fix }: Start): boolean {
  return fault === 'duplicate' && fix === null
}

/** The rules of a server. */
export interface Policy {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly credentials: boolean
  readonly maxAge: number
}

/** A child to start, which stays in the foreground. */
export interface Child {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface TriedServer {
  readonly name: ServerName
  /** What is tried with it. */
  readonly faults: readonly FaultName[]
  /** What is not there, in one line; null where all is. */
  readonly missing: () => string | null
  /** Writes what the server needs into its folder. */
  readonly prepare: (start: Start) => Child
}

export const ORIGIN = 'https://app.example.com'
/** Is allowed wherever there are rules. */
export const OTHER = 'http://localhost:3000'
/** Is allowed nowhere. */
export const EVIL = 'https://evil.example'
/** What the page sends, and what servers that authenticate accept. */
export const CREDENTIALS = `Basic ${Buffer.from('user:pass').toString('base64')}`

const FULL: Policy = {
  origins: [OTHER, ORIGIN],
  methods: ['GET', 'PUT', 'DELETE'],
  headers: ['content-type', 'authorization', 'x-trace'],
  exposed: ['x-total'],
  credentials: true,
  maxAge: 600,
}

/** The rules that a server with this fault has; null for none. */
export function policyOf(fault: FaultName): Policy | null {
  switch (fault) {
    case 'none':
    case 'wildcard':
      return null
    case 'unlisted':
    case 'behind: unlisted':
      return { ...FULL, origins: [OTHER] }
    case 'method':
      return { ...FULL, methods: ['GET', 'DELETE'] }
    case 'header':
      return { ...FULL, headers: ['content-type', 'x-trace'] }
    case 'several':
      return { ...FULL, origins: [OTHER], methods: ['GET', 'DELETE'], headers: ['content-type', 'x-trace'] }
    case 'credentials':
      return { ...FULL, credentials: false }
    default:
      return FULL
  }
}

const here = fileURLToPath(new URL('.', import.meta.url))

/** Where a program is; undefined where it is not. */
export function find(...names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']
  for (const name of names) {
    for (const folder of path.isAbsolute(name) ? [''] : folders) {
      const file = path.join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        // Not there.
      }
    }
  }
  return undefined
}

/** Says that a program or file is missing. */
export function lacking(server: ServerName, found: boolean, what: string): string | null {
  return found ? null : `${what} is not installed: sh test/servers/install.sh ${server}`
}

/** Whether a package is there for the servers of this folder. */
export function hasPackage(name: string): boolean {
  return [here, path.join(here, '../..')].some((root) => existsSync(path.join(root, 'node_modules', name)))
}

/** Lines, without those that are left out. */
export function lines(...texts: readonly (string | false | null)[]): string {
  return `${texts.filter((text) => text !== false && text !== null).join('\n')}\n`
}
