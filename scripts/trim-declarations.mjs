// Declarations that no entry leads to are nobody's to import: takes them out of what the compiler emitted, and whole files where nothing is left.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseSync } from 'rolldown/utils'

/** @param folder of the declarations; @param entries the files in it that can be imported by a user */
export async function trimDeclarations(folder, entries) {
  const files = new Map()
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue
    const file = path.join(folder, name)
    files.set(file, read(file, await readFile(file, 'utf8')))
  }

  const keep = (file, statement) => {
    if (file.kept.has(statement)) return
    file.kept.add(statement)
    for (const name of statement.uses) find(file, name)
    for (const target of statement.all) findAll(target)
    for (const [target, name] of statement.imported) find(files.get(target), name)
  }
  /** What a file calls by this name, be it declared there, imported or handed on. */
  const find = (file, name) => {
    for (const statement of file?.statements ?? []) {
      if (statement.names.has(name)) keep(file, statement)
      const from = statement.links.get(name)
      if (from === undefined || statement.linked.has(name)) continue
      statement.linked.add(name)
      find(files.get(from.target), from.name)
    }
    if (file === undefined || file.isReached) return
    file.isReached = true
    // What is there for its effect: augmentations of a runner's types, and what they import.
    for (const statement of file.statements) if (statement.isAlways) keep(file, statement)
  }
  const findAll = (target) => {
    const file = files.get(target)
    find(file, '')
    for (const statement of file.statements) {
      if (!statement.isExported) continue
      if (statement.links.size === 0) keep(file, statement)
      for (const name of statement.links.keys()) find(file, name)
    }
  }
  for (const entry of entries) findAll(entry)

  for (const [name, file] of files) {
    if (file.isReached !== true) await rm(name)
    else await writeFile(name, written(file))
  }
}

/** A file's statements: what each declares, uses, and takes from where. */
function read(name, text) {
  const { program, errors } = parseSync(name, text)
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`)
  const targetOf = ({ value }) =>
    value.startsWith('.') ? path.join(path.dirname(name), value.replace(/\.js$/, '.d.ts')) : undefined
  let end = 0
  const statements = program.body.map((node) => {
    const statement = {
      // With the comments before it.
      text: text.slice(end, node.end),
      names: new Set(),
      uses: new Set(),
      links: new Map(),
      linked: new Set(),
      all: [],
      imported: [],
      isExported: node.type.startsWith('Export'),
      isAlways: false,
    }
    end = node.end
    const target = node.source ? targetOf(node.source) : undefined
    if (node.type === 'ExportAllDeclaration') statement.all.push(target)
    else if (
      node.type === 'ImportDeclaration' ||
      (node.type === 'ExportNamedDeclaration' && !node.declaration)
    ) {
      // Of a package, `export {}`, or for its effect.
      statement.isAlways = target === undefined || node.specifiers.length === 0
      if (statement.isAlways) {
        if (target !== undefined) statement.all.push(target)
        if (!node.source) for (const { local } of node.specifiers) statement.uses.add(local.name)
        return statement
      }
      for (const { imported, local, exported } of node.specifiers)
        statement.links.set((exported ?? local).name, { target, name: (imported ?? local).name })
      statement.only = (names) => {
        const listed = node.specifiers.filter(({ local, exported }) => names.has((exported ?? local).name))
        const before = text.slice(node.start, text.indexOf('{', node.start))
        return `\n${before}{ ${listed.map((each) => text.slice(each.start, each.end)).join(', ')} } from ${node.source.raw};`
      }
    } else {
      const declared = node.declaration ?? node
      statement.isAlways = declared.type === 'TSModuleDeclaration' || declared.type === 'TSGlobalDeclaration'
      for (const { id } of declared.declarations ?? [declared]) statement.names.add(id?.name)
      visit(declared, (each) => {
        if (each.type === 'Identifier') statement.uses.add(each.name)
        if (each.type !== 'TSImportType') return
        const from = targetOf(each.source)
        if (from === undefined) return
        if (each.qualifier) statement.imported.push([from, leftmost(each.qualifier)])
        else statement.all.push(from)
      })
    }
    return statement
  })
  return { statements, kept: new Set(), isReached: false }
}

function visit(node, see) {
  if (typeof node?.type === 'string') see(node)
  for (const child of Object.values(node)) if (child !== null && typeof child === 'object') visit(child, see)
}

function leftmost({ left, name }) {
  return left === undefined ? name : leftmost(left)
}

function written({ statements, kept }) {
  const texts = statements.flatMap((statement) => {
    if (kept.has(statement)) return [statement.text]
    return statement.linked.size > 0 ? [statement.only(statement.linked)] : []
  })
  const text = texts.join('').trimStart()
  // Without any of these it would be a script, whose declarations are everybody's.
  return /^(import|export)\b/m.test(text) ? `${text}\n` : `${text}\nexport {};\n`
}
