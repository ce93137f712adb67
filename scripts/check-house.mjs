// The rules of the house that a machine can check. Part of `npm run lint`; CONTRIBUTING.md says what the rules are for.
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { roomOf, sources } from './source-imports.mjs'

const knowledge = ['text', 'fetch', 'engines', 'verdict', 'diagnose']
const page = [...knowledge, 'transport', 'subject', 'page']
const matchers = [...page, 'contract', 'audit', 'matchers']

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
  contract: { rooms: page, node: true, lazy: ['yaml'] },
  audit: { rooms: [...page, 'contract'], node: true },
  matchers: { rooms: [...page, 'contract', 'audit'], node: true },
  msw: { rooms: [...page, 'contract'], node: true, packages: ['msw'] },
  runners: {
    rooms: matchers,
    packages: ['vitest', 'expect', '@jest/globals', 'bun:test'],
  },
  cli: { rooms: matchers, node: true },
  // The public surface.
  'index.ts': { rooms: matchers },
}

const problems = []
const files = await sources()
const engines = /const engines = \{([^}]*)\}/
  .exec(files.find(({ file }) => file === 'engines/profiles.ts').text)[1]
  .match(/\w+/g)

/** What stands in the way of the one place that may use it. */
const ONLY_IN = [
  {
    pattern: /\bmainFetch\(/g,
    files: ['fetch/main-fetch.ts', 'verdict/run.ts'],
    why: 'only verdict/run.ts turns the fetch steps',
  },
  {
    pattern: new RegExp(`(?:[!=]==? |case )'(?:${engines.join('|')})'`, 'g'),
    files: /^engines\//,
    why: 'only engines/ asks which engine it is: give the profile a switch, and ask that',
  },
  {
    pattern: /\b(?:sentence|notes|wayOut):(?:(?!,\n)[\s\S])*?[`'"][A-Z][a-z ]/g,
    files: /^(?!matchers\/to-)/,
    why: 'a matcher judges: its words are in diagnose/assertions/',
  },
]

/** Files that may be short: each is a seam that its neighbours know by name. */
const SEAMS = [
  // Entries, and what lists the files of a folder.
  /(^|\/)index\.ts$/,
  /\.d\.ts$/,
  /^(runners|cli)\//,
  // One of many of a kind: an engine, a client's reader, a server's remedy, a matcher, its words.
  /^engines\//,
  /^subject\/[a-z0-9-]+-(response|message|headers)\.ts$/,
  /^diagnose\/remedies\//,
  /^matchers\/to-[a-z-]+\.ts$/,
  /^diagnose\/assertions\//,
  // Where code starts to load late, or is kept apart by the build: scripts/build.mjs names them.
  /^(diagnose\/(on-failure|diagnosis)|contract\/(contracts|for-assertions)|audit\/(audits|for-matchers)|transport\/(senders|lookup|check-timers))\.ts$/,
  // All that a set-up file loads of its room.
  /^subject\/(clock|shared-state)\.ts$/,
]
const SHORT = 25

/** Functions of fetch/ that are ours: no section of a standard has them. */
const OWN_STEPS = [
  'HeadersInitError, readHeaders, unsafeValueFor', // what users write for headers
  'fail, warn, conflictingLines, receivedLine, getNonEmptyLines',
  'InheritedBody, ownBody, createRequest, parsePageUrl',
  'HeaderNames, sortedOnce, stripEnds, stripEnd, startsIgnoringCase, hasEssence, isOrigin, normalRange',
].flatMap((names) => names.split(', '))

const rule = (file, line, text) => problems.push(`src/${file}:${line}: ${text}`)
const lineOf = (text, offset) => text.slice(0, offset).split('\n').length

for (const { file, room, text, imports, errors } of files) {
  for (const message of errors) rule(file, 1, message)
  const allowed = rooms[room]
  if (!allowed) {
    rule(file, 1, `no room "${room}" in scripts/check-house.mjs; say there what it may import`)
    continue
  }
  for (const { specifier, offset, how } of imports) {
    const objection = judge(file, room, allowed, specifier, how)
    if (objection) rule(file, lineOf(text, offset), objection)
  }
  for (const { pattern, files: places, why } of ONLY_IN) {
    if (Array.isArray(places) ? places.includes(file) : places.test(file)) continue
    for (const { index } of text.matchAll(pattern)) rule(file, lineOf(text, index), why)
  }
  const lines = text.trimEnd().split('\n').length
  if (lines < SHORT && !SEAMS.some((seam) => seam.test(file)))
    rule(
      file,
      1,
      `${lines} lines: a file this short is a seam (SEAMS in scripts/check-house.mjs) or part of its neighbour`,
    )
  if (room === 'matchers' && !/^matchers\/(to-[a-z-]+|index)\.ts$|^matchers\/assert\//.test(file))
    rule(file, 1, 'matchers/ holds matchers: what they share is in matchers/assert/')
}
checkNames()
checkCircles()
checkDeviations()
checkSections()

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)

/** No file name twice, whatever the folder (an index.ts only names what is in its folder); and no type that files share. */
function checkNames() {
  const known = new Map()
  for (const { file } of files) {
    const name = path.posix.basename(file)
    if (name === 'index.ts') continue
    if (known.has(name)) rule(file, 1, `there is a src/${known.get(name)} already: no file name twice`)
    else known.set(name, file)
  }
  const types = new Map()
  for (const { file, text } of files) {
    for (const { 1: name, index } of text.matchAll(
      /^export (?:abstract )?(?:interface|type|class) (\w+)\b(?! *,)/gm,
    )) {
      if (types.has(name))
        rule(
          file,
          lineOf(text, index),
          `src/${types.get(name)} exports a ${name} already: no type name twice`,
        )
      else types.set(name, file)
    }
  }
}

/** Where a step reads a switch, `DEVIATION:` says what it departs from, a few lines above at most; and a switch that none reads is gone. */
function checkDeviations() {
  const NEAR = 12
  const declared = files.find(({ file }) => file === 'fetch/deviations.ts').text
  const body = declared.slice(declared.indexOf('const standard = {'), declared.indexOf('\n}'))
  let section = ''
  for (const line of body.split('\n')) {
    section = /^ {2}(\w+): \{$/.exec(line)?.[1] ?? section
    const name = /^ {4}(\w+):/.exec(line)?.[1]
    if (name === undefined) continue
    // `cache.keepsOneResponse`, `{ keepsOneResponse } = deviations.cache`, `{ cache: { keepsOneResponse } }`
    const read = new RegExp(
      `\\b${section}\\.${name}\\b|\\b${name}\\b[^{};]*\\}\\s*=[^;]*?\\.${section}\\b|\\b${section}: \\{[^}]*\\b${name}\\b`,
    )
    const readers = files.filter(
      ({ file, room, text }) =>
        ['fetch', 'verdict', 'page'].includes(room) && file !== 'fetch/deviations.ts' && read.test(text),
    )
    if (readers.length === 0) rule('fetch/deviations.ts', 1, `${section}.${name}: no step reads this switch`)
    for (const { file, text } of readers) {
      const lines = text.split('\n')
      const used = lines.flatMap((code, index) =>
        new RegExp(`\\b${name}\\b`).test(code) && !/^\s*(\*|\/)/.test(code) ? [index] : [],
      )
      const tagged = used.some((index) =>
        lines.slice(Math.max(0, index - NEAR), index + 1).some((above) => above.includes('DEVIATION:')),
      )
      if (!tagged)
        rule(file, used[0] + 1, `${section}.${name} is read here: say what it departs from, DEVIATION: …`)
    }
  }
}

/** A step of fetch/ cites the section of the standard it is. */
function checkSections() {
  for (const { file, room, text } of files) {
    if (room !== 'fetch') continue
    for (const { 1: name, index } of text.matchAll(/^export (?:function\*?|class) (\w+)/gm)) {
      const above = text.slice(0, index).trimEnd()
      const comment = above.endsWith('*/') ? above.slice(above.lastIndexOf('/**')) : ''
      if (!OWN_STEPS.includes(name) && !comment.includes('https://'))
        rule(file, lineOf(text, index), `${name} cites no section of a standard: @see https://…`)
    }
  }
}

/** Circles of types inside a room are fine; circles of values never. */
function checkCircles() {
  const targets = new Map(
    files.map(({ file, imports }) => [
      file,
      imports.flatMap(({ how, target }) => (how === 'value' && target ? [target] : [])),
    ]),
  )
  const done = new Set()
  const visit = (file, trail) => {
    if (done.has(file)) return
    const start = trail.indexOf(file)
    if (start >= 0) {
      rule(file, 1, `files need one another's values: ${[...trail.slice(start), file].join(' → ')}`)
      return
    }
    for (const target of targets.get(file) ?? []) visit(target, [...trail, file])
    done.add(file)
  }
  for (const { file } of files) visit(file, [])
}

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
