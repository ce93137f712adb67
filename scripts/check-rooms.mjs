// The rooms of `src/` and what each may import: dependencies point one way, packages stay where they belong.
// A table of what is allowed; whatever it does not name is an error. Part of `npm run lint`.
import { readdir, readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'rolldown/utils'

const knowledge = ['text', 'fetch', 'engines', 'verdict', 'diagnose']
const page = [...knowledge, 'transport', 'subject', 'page']
const matchers = [...page, 'matchers']

/**
 * `rooms`: the other rooms it may import from, types included. `node`: whether it may use Node's own modules.
 * `lazy`: packages it may load with `import()` when they are first needed (their types are free to import).
 * `packages`: packages it may import outright.
 */
const rooms = {
  text: { rooms: [] },
  fetch: { rooms: ['text'] },
  engines: { rooms: ['text', 'fetch'] },
  verdict: { rooms: ['text', 'fetch', 'engines'] },
  diagnose: { rooms: ['text', 'fetch', 'engines', 'verdict'] },
  transport: { rooms: ['text', 'fetch', 'verdict'], node: true, lazy: ['undici'] },
  subject: { rooms: ['text', 'fetch', 'verdict', 'diagnose', 'transport'], node: true },
  page: { rooms: page, node: true, lazy: ['tough-cookie', 'tldts', 'eventsource-parser'] },
  matchers: { rooms: page, node: true },
  contract: { rooms: matchers, node: true },
  audit: { rooms: matchers, node: true },
  msw: { rooms: page, packages: ['msw'] },
  runners: {
    rooms: [...matchers, 'contract', 'audit'],
    packages: ['vitest', 'expect', '@jest/globals', 'bun:test'],
  },
  cli: { rooms: [...matchers, 'contract', 'audit'], node: true },
  // The public surface.
  'index.ts': { rooms: [...matchers, 'contract', 'audit'] },
}

const src = fileURLToPath(new URL('../src/', import.meta.url))
const problems = []

for (const file of await sources()) {
  const room = roomOf(file)
  const rule = rooms[room]
  if (!rule) {
    problems.push(`src/${file}: no room "${room}" in scripts/check-rooms.mjs; say there what it may import`)
    continue
  }
  const text = await readFile(path.join(src, file), 'utf8')
  for (const { specifier, offset, how } of imports(file, text)) {
    const objection = judge(file, room, rule, specifier, how)
    if (objection) {
      const line = text.slice(0, offset).split('\n').length
      problems.push(`src/${file}:${line}: ${objection}`)
    }
  }
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)

function judge(file, room, rule, specifier, how) {
  if (specifier.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(file), specifier)
    if (target.startsWith('..')) return `${specifier} is outside src/`
    const targetRoom = roomOf(target)
    if (targetRoom === room || rule.rooms.includes(targetRoom)) return
    return `${room} must not import from ${targetRoom} (${specifier}): dependencies point one way`
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `write node:${specifier}`
    return rule.node ? undefined : `${room} does no I/O and must not import ${specifier}`
  }
  const name = specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0]
  if (rule.packages?.includes(name)) return
  if (!rule.lazy?.includes(name)) return `${room} must not import the package ${specifier}`
  if (how === 'value') return `${specifier} must load lazily: import() it where it is first needed`
}

/** Every module specifier in a file, however it is imported. */
function imports(file, text) {
  const found = []
  const add = (source, how) => source && found.push({ specifier: source.value, offset: source.start, how })
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) problems.push(`src/${file}: ${errors[0].message}`)
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type' ? 'type' : 'value'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'type' : 'value'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type' ? 'type' : 'value'),
    ImportExpression: (node) => {
      if (node.source.type === 'Literal') add(node.source, 'lazy')
    },
    TSImportType: (node) => add(node.source, 'type'),
  }).visit(program)
  return found
}

async function sources() {
  const files = await readdir(src, { recursive: true })
  return files
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !/\.test\.ts$/.test(file))
    .sort()
}

function roomOf(file) {
  return file.split('/')[0].replace(/^index\.js$/, 'index.ts')
}
