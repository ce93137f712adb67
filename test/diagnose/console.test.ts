/** Every block of the recordings: what we say the console prints is what it printed. */
import { describe, expect, test } from 'vitest'
import { consoleText } from '../../src/diagnose/console/index.js'
import {
  type RecordedEngine,
  type Recording,
  recordedEngines,
  recordingsOf,
} from '../recordings/recordings.js'
import { journeysOf } from './recorded-journeys.js'

/** Lines that are not about a block: generic, about cookies, about bodies, or about what will be blocked one day. */
const NOT_ABOUT_THE_BLOCK =
  /^(Failed to load resource|Refused to set unsafe header|Cookie “|XML Parsing Error|ArrayBuffer is deprecated|Cross-Origin Request Warning)/

/** Firefox's principal of an opaque origin has an id that is new in every page. */
const PRINCIPAL_ID = /moz-nullprincipal:\{[0-9a-f-]*\}/

const withoutId = (line: string): string => line.replace(PRINCIPAL_ID, 'moz-nullprincipal:{…}')

/** What was recorded, each line once: the recorder hears some of them twice (from a worker and its page, and at a second attempt). */
function recorded(recording: Recording): string[] {
  const lines = recording.console.flatMap(({ text }) =>
    text === undefined || NOT_ABOUT_THE_BLOCK.test(text) ? [] : [withoutId(text.trim())],
  )
  return [...new Set(lines)]
}

function ours(recording: Recording, engine: RecordedEngine): { blocked: boolean; lines: string[] } {
  const journeys = journeysOf(recording.scenario, engine)
  const worker = recording.scenario.page.context === 'worker'
  const blocked = journeys.filter(({ verdict }) => verdict.outcome === 'blocked')
  const lines = blocked.flatMap(
    (journey) => consoleText(journey, undefined, { redact: false, worker })?.split('\n') ?? [],
  )
  return { blocked: blocked.length > 0, lines: [...new Set(lines.map(withoutId))] }
}

const LATE = 'the line came late and was recorded with a later scenario'
const FROM_ANOTHER = 'holds a line of an earlier scenario that came late'

/** Where several headers are refused, Chromium names whichever comes first in its hash table; we name the first of those asked for. */
const NAMES_ANOTHER = [
  's1-acah-values-0028',
  's1-acah-values-0031',
  's1-acah-values-0032',
  's1-acah-values-0078',
  's1-acah-values-0080',
  's1-combos-0066',
  's1-request-headers-0002',
  's1-request-headers-0080',
  's1-request-headers-0109',
  's1-request-headers-0170',
  's1-xhr-0013',
  's1-xhr-0043',
]

/** What is not equal, and why. Nothing else is skipped. */
const UNEQUAL: Readonly<Record<RecordedEngine, Readonly<Record<string, string>>>> = {
  chromium: {
    's1-eventsource-0005': LATE,
    's1-eventsource-0009': LATE,
    's1-eventsource-0011': LATE,
    's1-eventsource-0026': FROM_ANOTHER,
    's1-schemes-0006': LATE,
    's1-schemes-0009': LATE,
    's1-schemes-0024': LATE,
    's1-schemes-0027': LATE,
    's1-schemes-0020': FROM_ANOTHER,
    's1-schemes-0026': FROM_ANOTHER,
    's1-schemes-0030': FROM_ANOTHER,
    ...Object.fromEntries(NAMES_ANOTHER.map((id) => [id, 'Chromium names another of the refused headers'])),
  },
  firefox: {},
  webkit: {},
}

/** How many scenarios print something about a block, or are blocked: so that nothing drops out unseen. */
const COMPARED: Readonly<Record<RecordedEngine, number>> = { chromium: 688, firefox: 682, webkit: 690 }

describe.each(recordedEngines)('%s', (engine) => {
  const recordings = recordingsOf(engine)
  const found = recordings.flatMap((recording) => {
    const says = ours(recording, engine)
    const said = recorded(recording)
    return says.blocked || said.length > 0 ? [{ id: recording.scenario.id, said, says: says.lines }] : []
  })

  test('compares every blocked scenario', () => {
    expect(found.length).toBe(COMPARED[engine])
  })

  test('prints what the console printed', () => {
    const unequal = found.filter(({ said, says }) => JSON.stringify(said) !== JSON.stringify(says))
    expect(unequal.filter(({ id }) => UNEQUAL[engine][id] === undefined)).toEqual([])
  })

  test('is equal but for the header named, where another is', () => {
    const masked = (lines: readonly string[]): string[] =>
      lines.map((line) => line.replace(/Request header field [\w-]+ is/, 'Request header field … is'))
    for (const { id, said, says } of found)
      if (engine === 'chromium' && NAMES_ANOTHER.includes(id)) expect(masked(says), id).toEqual(masked(said))
  })

  test('lists nothing as unequal that is equal', () => {
    const equal = found.filter(({ said, says }) => JSON.stringify(said) === JSON.stringify(says))
    expect(equal.filter(({ id }) => UNEQUAL[engine][id] !== undefined)).toEqual([])
  })
})
