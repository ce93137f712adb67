/** The list of switches in docs/fidelity.md is made of the sources. `npx vitest run test/docs/fidelity -u` writes it into the page. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Deviations, type Profile, profiles } from 'expect-cors'
import { expect, test } from 'vitest'
import { engineOf } from '../../src/engines/profiles.js'

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')
const page = 'docs/fidelity.md'
const BEGIN = /<!-- switches: begin[^>]*-->\n/
const END = '<!-- switches: end -->'

interface Switch {
  readonly group: string
  /** With its section: `cache.maxAgeLimit`. */
  readonly name: string
  readonly doc: string
}

/** Every switch, with its comment and the heading it stands under. */
function readSwitches(): Switch[] {
  const source = read('src/fetch/deviations.ts')
  const body = source.slice(source.indexOf('const standard = {'))
  const switches: Switch[] = []
  let group = ''
  let section = ''
  let doc: string[] = []
  for (const line of body.slice(0, body.indexOf('\n}')).split('\n').slice(1)) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1]
    const member = /^ {4}(\w+):/.exec(line)?.[1]
    if (heading !== undefined) group = heading
    else if (/^ {4}( \*|\/\*\*)/.test(line))
      doc.push(
        line
          .replace(/^ {4}( \*\/?|\/\*\*)/, '')
          .replace(/\*\/$/, '')
          .trim(),
      )
    else if (member !== undefined) {
      switches.push({ group, name: `${section}.${member}`, doc: doc.join(' ').trim() })
      doc = []
    } else section = /^ {2}(\w+): \{$/.exec(line)?.[1] ?? section
  }
  return switches
}

interface Setting {
  readonly value: string
  readonly note: string
}

const engines = (Object.keys(profiles) as Profile[]).filter((profile) => profile !== 'standard')

/** The sources of all engines, and of one. */
const sources = readdirSync(fileURLToPath(new URL('../../src/engines/', import.meta.url)))
  .map((file) => read(`src/engines/${file}`))
  .join('\n')
function definitionOf(engine: string): string {
  const start = sources.indexOf(`export const ${engine}: Engine = {`)
  return sources.slice(start, start + sources.slice(start).search(/ \}\n|\n\}/))
}
/** The engine that another is made of. */
const baseOf = (engine: string): Profile =>
  (/\.\.\.(\w+),/.exec(definitionOf(engine))?.[1] ?? 'standard') as Profile

/** What an engine's table sets, as written, with the comment beside it. */
function readSettings(engine: string): Map<string, Setting> {
  const own = definitionOf(engine).includes('deviate(')
  const definition = sources.indexOf(`export const ${engine}: Engine = {`)
  const start = own ? sources.indexOf('deviate(', definition) : sources.lastIndexOf('deviate(', definition)
  const settings = new Map<string, Setting>()
  if (!own && baseOf(engine) !== 'standard') return settings
  let section = ''
  for (const line of sources.slice(start).split('\n').slice(1)) {
    section = /^ +(\w+): \{$/.exec(line)?.[1] ?? section
    const [, name, value, note] = /^ +(\w+): (.*?),(?: \/\/ (.*))?$/.exec(line) ?? []
    if (name !== undefined) settings.set(`${section}.${name}`, { value: value as string, note: note ?? '' })
    if (/^(\}\)| {4}\},)$/.test(line)) break
  }
  return settings
}

/** A profile's switches by their names. */
const flat = (deviations: Deviations): Map<string, unknown> =>
  new Map(
    Object.entries(deviations).flatMap(([section, switches]) =>
      Object.entries(switches).map(([name, value]): [string, unknown] => [`${section}.${name}`, value]),
    ),
  )

const settings = new Map(engines.map((engine) => [engine, readSettings(engine)]))

test('what the engines\u2019 tables are read as is what they are', () => {
  const switches = readSwitches()
  expect(new Set(switches.map(({ name }) => name))).toEqual(new Set(flat(profiles.standard).keys()))
  for (const engine of engines) {
    const base = flat(profiles[baseOf(engine)])
    const set = [...flat(profiles[engine])].flatMap(([name, value]) =>
      value === base.get(name) ? [] : [name],
    )
    expect([...(settings.get(engine)?.keys() ?? [])].sort(), engine).toEqual(set.sort())
  }
})

test(`${page} lists every switch`, () => {
  const text = read(page)
  const [before = '', rest = ''] = text.split(BEGIN)
  const begin = BEGIN.exec(text)?.[0] ?? ''
  const after = rest.slice(rest.indexOf(END))
  const expected = `${before}${begin}${listing()}${after}`
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } }
  if (snapshotState?._updateSnapshot === 'all' && expected !== text) {
    writeFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), expected)
    return
  }
  expect(text, 'run: npx vitest run test/docs/fidelity -u').toBe(expected)
})

function listing(): string {
  const lines: string[] = []
  let group = ''
  for (const { group: heading, name, doc } of readSwitches()) {
    if (heading !== group) lines.push('', `### ${heading}`, '')
    group = heading
    const who = engines.flatMap((engine) => {
      const setting = settings.get(engine)?.get(name)
      return setting === undefined
        ? []
        : [`${engineOf(engine).name}${shownValue(setting.value)}${shownNote(setting.note)}`]
    })
    lines.push(`- **\`${name}\`**: ${doc}`, `  ${who.length === 0 ? 'No engine.' : `${who.join('; ')}.`}`)
  }
  return `${lines.join('\n').trimStart()}\n\n`
}

const shownValue = (value: string): string => (value === 'true' ? '' : `: \`${value.replaceAll('`', '')}\``)

/** Recordings in code; what is said besides as it is. */
const shownNote = (note: string): string =>
  note === ''
    ? ''
    : ` (${note.replaceAll('\u0060', '').replace(/\b(?:s1|probe|[a-z]\d{4}|auth|beacon|cache|corp|element|keepalive|origin|preload|referrer|status)-[\w-]+/g, (id) => `\`${id}\``)})`
