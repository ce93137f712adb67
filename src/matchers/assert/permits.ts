/** Shared by the two matchers that ask what the response to a preflight permits: methods, and request headers. */
import { diagnosis } from '../../diagnose/diagnosis.js'
import { engineNames } from '../../diagnose/engines.js'
import { type Finding, groupedBy, itemsOf } from '../../diagnose/finding.js'
import type { Judgment } from '../../diagnose/judgment.js'
import type { Profile } from '../../engines/profiles.js'
import type { HeadersLike } from '../../fetch/headers-init.js'
import type { LiveOptions } from '../../subject/options.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { quotedNames } from './asked.js'
import type { MatcherDefinition, Question } from './define-matcher.js'
import { judgePreflightResponse } from './observed-preflight.js'
import {
  judgedOrigin,
  type NamelessFailure,
  namelessFailure,
  namelessWords,
  unknownOriginNote,
} from './observed-response.js'
import { type PreflightFinding, preflightAll, preflightFinding } from './preflight-question.js'

/** One thing asked about: a method, or a header. */
export interface Item {
  /** As messages name it. */
  readonly name: string
  /** The request a preflight is sent for to ask about it. */
  readonly request: { readonly method?: string; readonly headers?: HeadersLike }
  /** Holds whatever the server says. */
  readonly always?: boolean
}

/** What is asked about. */
interface PermissionQuestion extends Question {
  readonly names: readonly string[]
  readonly items: readonly Item[]
  readonly options: LiveOptions
}

/** How a matcher asks for permissions. */
interface Permission {
  readonly name: string
  /** In which engines, by the options in force. */
  readonly engines: (options: LiveOptions) => readonly Profile[]
  /** What is said where a negative fails. */
  readonly held: (names: readonly string[]) => string
}

/** The parts of a matcher that asks for permissions. */
export function permission(
  asked: Permission,
): Pick<
  MatcherDefinition<never, PermissionQuestion>,
  'noElements' | 'optionsOnResponse' | 'onResponse' | 'onEndpoint' | 'onEndpointNeeds'
> {
  const { name, engines } = asked
  return {
    noElements: 'it asks without a preflight',
    optionsOnResponse: ['credentials', 'engines', 'method'],
    onResponse(response, { origin: said, options, names, items }, negated) {
      const origin = judgedOrigin(negated, response, said)
      const credentials = options.credentials ?? response.sentCredentials
      const found = items.flatMap((item): Found[] => {
        const request = { method: options.method, ...item.request, origin, credentials }
        const judgeIn = judgePreflightResponse(negated, response, request)
        return engines(options).map((engine) => ({ item, ...preflightFinding(engine, judgeIn(engine)) }))
      })
      const nameless = namelessFailure(response, (found[0] as Found).journey.verdict)
      const notes = negated || said === undefined ? [] : unknownOriginNote(response, said)
      return judged(asked, names, found, notes, nameless)
    },
    async onEndpoint(endpoint, { origin, names, items }, { signal }) {
      const { method, credentials } = endpoint.options
      const found: Found[] = []
      for (const item of items) {
        // What always holds is asked all the same, so that nothing passes because nothing responded.
        const headers = item.always === true ? PROBE : item.request.headers
        const request = { origin, url: endpoint.url.href, credentials, method, ...item.request, headers }
        for (const each of await preflightAll(endpoint, request, engines(endpoint.options), signal))
          found.push({ item, ...each })
      }
      return judged(asked, names, found, [])
    },
    onEndpointNeeds: () => `the page's origin: ${name}(…, { origin: 'https://app.example.com' })`,
  }
}

/** What is permitted, of what was found of each thing asked about. */
function judged(
  { name, held }: Permission,
  names: readonly string[],
  found: readonly Found[],
  notes: readonly string[],
  nameless?: NamelessFailure,
): Judgment {
  const { findings, unasked } = havingASay(name, found)
  return {
    findings,
    words(negated) {
      const said = nameless === undefined || negated ? undefined : namelessWords(nameless)
      return {
        expected: quotedNames(names),
        sentence: negated ? held(itemsOf(findings.filter(({ holds }) => holds))) : undefined,
        ...said,
        notes: [
          ...unasked.map(({ engines, item }) => diagnosis().notAskedNote(engines, item)),
          ...(said?.notes ?? []),
          ...notes,
        ],
      }
    },
  }
}

/**
 * An engine that sends no preflight for a thing (Chromium drops `User-Agent`) does not ask for permission, and has no say.
 * @throws CorsUsageError where none has
 */
function havingASay(
  name: string,
  found: readonly Found[],
): { findings: Finding[]; unasked: { engines: Profile[]; item: string }[] } {
  const findings: Finding[] = []
  const unasked: { engines: Profile[]; item: string }[] = []
  for (const [item, own] of groupedBy(found, (each) => each.item)) {
    const asking = own.filter(({ preflighted }) => preflighted || item.always === true)
    const others = own.filter((each) => !asking.includes(each)).map(({ engine }) => engine)
    if (asking.length === 0) {
      throw new CorsUsageError(
        `${name}: ${engineNames(others)} ${others.length === 1 ? 'sends' : 'send'} no preflight for ${item.name}, so no server can permit or refuse it there`,
      )
    }
    if (others.length > 0) unasked.push({ engines: others, item: item.name })
    for (const { engine, journey, passed } of asking)
      findings.push(
        item.always === true
          ? { engine, item: item.name, holds: true }
          : { engine, item: item.name, journey, holds: passed },
      )
  }
  return { findings, unasked }
}

/** A header that makes any request preflighted. */
const PROBE: HeadersLike = ['x-expect-cors']

/** What the response to a preflight says of one thing, in one engine. */
type Found = PreflightFinding & { readonly item: Item }
