/** A contract from a file, JSON or YAML. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { literal, shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { CorsContract } from './contract.js'
import { checkContract } from './define-contract.js'
import { locate, type ReadDocument } from './document-tree.js'
import { readJson } from './json-document.js'
import { readYaml } from './yaml-document.js'

/** What reads a file, by how its name ends. */
const READERS: Readonly<Record<string, (text: string, file: string) => ReadDocument>> = {
  '.json': readJson,
  '.yaml': readYaml,
  '.yml': readYaml,
}

/**
 * Reads a contract from a JSON or YAML file; YAML needs the package `yaml`. It is read at once, so that a test file can use it where it
 * declares its tests.
 * @param file a path, seen from the working directory, or a `file:` URL
 * @throws CorsUsageError that tells every mistake with its line and column
 */
export function loadCorsContract(file: string | URL): CorsContract {
  const filename = pathOf(file)
  const name = shown(typeof file === 'string' && !file.startsWith('file:') ? file : relative(filename))
  const read = READERS[path.extname(filename).toLowerCase()]
  if (read === undefined)
    throw new CorsUsageError(`${name}: a contract is a file that ends in .json, .yaml or .yml`)
  const { value, root, mistakes } = read(textOf(filename, name), name)
  return checkContract(
    value,
    {
      name,
      locate: (at, atKey) => (root === undefined ? undefined : locate(root, at, atKey)),
    },
    mistakes,
  )
}

function pathOf(file: unknown): string {
  const isUrl = Object.prototype.toString.call(file) === '[object URL]'
  const text = isUrl || typeof file === 'string' ? String(file) : ''
  if (text === '')
    throw new CorsUsageError(
      `loadCorsContract() takes the path of a file or its file: URL; got ${describeValue(file)}`,
    )
  if (text.startsWith('file:')) return fileURLToPath(text)
  // A drive of Windows looks like a scheme of one letter.
  if (/^[a-z][a-z0-9+.-]+:/i.test(text))
    throw new CorsUsageError(
      `loadCorsContract() takes the path of a file or its file: URL; got ${literal(text)}: fetch it, and give what it holds to defineCorsContract()`,
    )
  return path.resolve(text)
}

function relative(filename: string): string {
  const below = path.relative(process.cwd(), filename)
  return below.startsWith('..') ? filename : below
}

function textOf(filename: string, name: string): string {
  try {
    // A byte order mark is not part of the text.
    return readFileSync(filename, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? `there is no such file; it is looked for from ${shown(process.cwd())}`
        : code === 'EISDIR'
          ? 'this is a folder; name the file in it'
          : `it cannot be read (${shown(String(code))})`
    throw new CorsUsageError(`${name}: ${why}`)
  }
}
