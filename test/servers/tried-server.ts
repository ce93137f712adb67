/** A server that remedies are tried on: how it is started with a fault, and with the remedy in its place. */
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerName } from '../../src/diagnose/remedies/known-servers.js'
import type { RemedyKind } from '../../src/diagnose/remedies/remedy.js'

/** What a start is made of. */
export interface Start {
  /** An empty folder of its own. */
  readonly folder: string
  /** To listen at, on 127.0.0.1. */
  readonly port: number
  /** The origin of an app that stands behind a proxy. */
  readonly upstream: string
  readonly kind: RemedyKind
  /** The remedy's snippet, to be put where its title says; null to start with the fault. */
  readonly snippet: string | null
}

/** A child to start, which stays in the foreground. */
export interface Child {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface TriedServer {
  readonly name: ServerName
  /** What is not there, in one line; null where all is. */
  readonly missing: () => string | null
  /** Writes what the server needs into its folder. */
  readonly prepare: (start: Start) => Child
}

export const ORIGIN = 'https://app.example.com'
/** What the page sends, and what servers that authenticate accept. */
export const CREDENTIALS = `Basic ${Buffer.from('user:pass').toString('base64')}`

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
