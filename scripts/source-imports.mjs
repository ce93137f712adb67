// What the sources import: shared by the check of the house and by the picture of it.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'rolldown/utils'

const src = fileURLToPath(new URL('../src/', import.meta.url))

/**
 * Every source file below `src/`: `{ file, room, text, imports, errors }`. An import is `{ specifier, offset, how }` with how `'value' | 'type' | 'lazy'`,
 * and where it is relative the `target` file.
 */
export async function sources() {
  const names = (await readdir(src, { recursive: true }))
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !/\.test\.ts$/.test(file))
    .sort()
  return Promise.all(
    names.map(async (file) => {
      const text = await readFile(path.join(src, file), 'utf8')
      return { file, room: roomOf(file), text, ...readImports(file, text) }
    }),
  )
}

/** A file's room: the folder it is in directly below `src/`, or itself. */
export function roomOf(file) {
  return file.split('/')[0].replace(/^index\.js$/, 'index.ts')
}

function readImports(file, text) {
  const imports = []
  const add = (source, how) => {
    if (!source) return
    const { value: specifier, start: offset } = source
    const target = specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts')
      : undefined
    imports.push({ specifier, offset, how, target })
  }
  const { program, errors } = parseSync(file, text)
  new Visitor({
    ImportDeclaration: (node) => add(node.source, onlyTypes(node) ? 'type' : 'value'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'type' : 'value'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'type' : 'value'),
    ImportExpression: (node) => {
      if (node.source.type === 'Literal') add(node.source, 'lazy')
    },
    TSImportType: (node) => add(node.source, 'type'),
  }).visit(program)
  return { imports, errors: errors.map(({ message }) => message) }
}

/** `import type …`, or every name in the braces is marked as a type. */
function onlyTypes({ importKind, specifiers }) {
  return (
    importKind === 'type' ||
    (specifiers.length > 0 && specifiers.every((specifier) => specifier.importKind === 'type'))
  )
}
