/** The ways out of a block: on the servers that answered, and on the page's side. */
import { sendInstead, sendInsteadText } from '../send-instead.js'
import { type BlockedCase, blockedCaseOf, type DiagnosisSubject } from '../subject.js'
import { pageRemedies } from './page.js'
import { recogniseServers } from './recognise.js'
import { needsOf, type Remedy } from './remedy.js'
import { type ServerName, servers } from './servers.js'

export type { Remedy } from './remedy.js'
export type { ServerName } from './servers.js'

/** How remedies are chosen. */
export interface RemedyOptions {
  /** Whose snippets to show, one or several. Default: recognised by the answer's headers. */
  readonly server?: ServerName | readonly ServerName[] | undefined
}

/** The ways out of a block, the most fitting first; empty where nothing was blocked. */
export function remediesFor(subject: DiagnosisSubject, options: RemedyOptions = {}): Remedy[] {
  const found = blockedCaseOf(subject)
  return found === null ? [] : [...serverRemedies(found, options), ...pageRemedies(found)]
}

/** The ways out on the servers: with snippets where the server is known, else the lines to send. */
export function serverRemedies(found: BlockedCase, options: RemedyOptions = {}): Remedy[] {
  const needs = needsOf(found)
  if (needs === null) return []
  const names = options.server === undefined ? recogniseServers(found.answer ?? []) : [options.server].flat()
  if (names.length === 0) return plainRemedy(found)
  return names.map((name) => {
    const { titles, snippet } = servers[name]
    return { for: name, title: titles[needs.kind] ?? titles.policy, snippet: snippet(needs) }
  })
}

function plainRemedy(found: BlockedCase): Remedy[] {
  const instead = sendInstead(found)
  if (instead === null) return []
  const snippet = sendInsteadText(instead).join('\n')
  return snippet === '' ? [] : [{ for: 'server', title: 'Have the server send these lines', snippet }]
}
