/** The list of switches in docs/fidelity.md is made of the sources. `npx vitest run test/docs/fidelity -u` writes it into the page. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Deviations, type Profile, profiles } from 'expect-cors'
import { expect, test } from 'vitest'

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')
const page = 'docs/fidelity.md'
const BEGIN = /<!-- switches: begin[^>]*-->\n/
const END = '<!-- switches: end -->'

interface Switch {
  readonly group: string
  readonly name: keyof Deviations
  readonly doc: string
}

/** Every member of `Deviations`, with its comment and the heading it stands under. */
function readSwitches(): Switch[] {
  const source = read('src/fetch/deviations.ts')
  const body = source.slice(source.indexOf('export interface Deviations {'))
  const switches: Switch[] = []
  let group = ''
  let doc: string[] = []
  for (const line of body.slice(0, body.indexOf('\n}')).split('\n').slice(1)) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1]
    const member = /^ {2}readonly (\w+):/.exec(line)?.[1]
    if (heading !== undefined) group = heading
    else if (/^ {2}( \*|\/\*\*)/.test(line))
      doc.push(
        line
          .replace(/^ {2}( \*\/?|\/\*\*)/, '')
          .replace(/\*\/$/, '')
          .trim(),
      )
    else if (member !== undefined) {
      switches.push({ group, name: member as keyof Deviations, doc: doc.join(' ').trim() })
      doc = []
    }
  }
  return switches
}

interface Setting {
  readonly value: string
  readonly note: string
}

const TITLES: Readonly<Record<Exclude<Profile, 'standard'>, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKit',
  webkitgtk: 'WebKitGTK',
}
const engines = Object.keys(TITLES) as (keyof typeof TITLES)[]

/** What an engine's table sets, as written, with the comment beside it. */
function readSettings(engine: string): Map<string, Setting> {
  const source = read('src/engines/profiles.ts')
  const start = source.indexOf(`const ${engine}: Deviations = {`)
  const table = source.slice(start, source.indexOf('\n}', start))
  const settings = new Map<string, Setting>()
  for (const [, name, value, note] of table.matchAll(/^ {2}(\w+): (.*?),(?: \/\/ (.*))?$/gm)) {
    settings.set(name as string, { value: value as string, note: note ?? '' })
  }
  return settings
}

const settings = new Map(engines.map((engine) => [engine, readSettings(engine)]))

test('what the engines\u2019 tables are read as is what they are', () => {
  const switches = readSwitches()
  expect(new Set(switches.map(({ name }) => name))).toEqual(new Set(Object.keys(profiles.standard)))
  for (const engine of engines) {
    const base = engine === 'webkitgtk' ? profiles.webkit : profiles.standard
    const set = Object.keys(base).filter(
      (name) => profiles[engine][name as keyof Deviations] !== base[name as keyof Deviations],
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
        : [`${TITLES[engine]}${shownValue(setting.value)}${shownNote(setting.note)}`]
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
    : ` (${note.replaceAll('\u0060', '').replace(/\b(?:s1|probe|[a-z]\d{4})-[\w-]+/g, (id) => `\`${id}\``)})`
