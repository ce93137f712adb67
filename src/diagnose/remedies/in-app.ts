/** What the snippets of CORS libraries inside an app have in common: they move or extend what is there, and never replace it. */
import { double, isOrder, type RemedyNeeds, single, singles } from './remedy.js'

/** How a library's snippet is introduced, and where it stands. */
export interface Guide {
  /** What holds the options: `cors()`. */
  readonly tool: string
  /** How a comment starts. */
  readonly mark: '//' | '#'
  /** Where the tool has to stand so that it runs before everything else: `above the routes`. */
  readonly place: string
}

/** The comments above a snippet: where it goes, and what stays of what is there. */
export function guide(needs: RemedyNeeds, { tool, mark, place }: Guide): string[] {
  const { others, seen, missing, hidden } = needs
  const lines = isOrder(needs)
    ? [
        `If ${tool} is there already, move it ${place}, as it is, and add only what its options lack of these; otherwise add it there:`,
      ]
    : seen
      ? [`In the existing ${tool}, change only this and keep your other options`]
      : [`If ${tool} is there already, add this to what its options allow, and keep your other options`]
  const yours = [
    ...(others === 'some' && missing.origin ? ['yourOrigins'] : []),
    ...(hidden.methods && missing.methods.length > 0 ? ['yourMethods'] : []),
    ...(hidden.headers && missing.headers.length > 0 ? ['yourHeaders'] : []),
  ]
  if (yours.length > 0) lines.push(`${yours.join(', ')}: those that are allowed already`)
  return lines.map((line) => `${mark} ${line}`)
}

/** Whether only the order is certain to be wrong: there are rules, and nothing has to be written. */
export function isMove(needs: RemedyNeeds): boolean {
  return isOrder(needs) && needs.seen
}

/** How a JavaScript library's options are called, and what they are where they are left out. */
export interface OptionNames {
  readonly methods: string
  readonly headers: string
  /** The methods that are allowed by default. */
  readonly defaults: readonly string[]
  /** The function that sends the origins of a list back, and `*` to all others. */
  readonly origin: (list: string) => string
}

/** A list to write: what is in it, after what is allowed already and does not show. */
export interface WrittenList {
  readonly yours: string | null
  readonly items: readonly string[]
  /** Whether the default allows the items, so that a list of them would allow less where the option is left out now. */
  readonly isByDefault: boolean
}

/** What a library allows where the option is left out; `any` for whatever is asked for. */
type Defaults = readonly string[] | 'any'

/** Of a list, what has to be written; null where it may stay as it is. */
function changed(
  seen: boolean,
  all: readonly string[],
  missing: readonly string[],
  defaults: Defaults,
  yours: string | null,
  isUnshown: boolean,
): WrittenList | null {
  if (missing.length === 0) return null
  const isDefault =
    defaults === 'any' ||
    missing.every((item) => defaults.some((each) => each.toLowerCase() === item.toLowerCase()))
  if (seen) return { yours, items: yours === null ? all : missing, isByDefault: isUnshown && isDefault }
  return isDefault ? null : { yours: null, items: [...new Set([...defaults, ...all])], isByDefault: false }
}

/** The methods to write, given those that are allowed by default. */
export function methodsToWrite(needs: RemedyNeeds, defaults: readonly string[]): WrittenList | null {
  const { seen, methods, missing, hidden, unshown } = needs
  const yours = hidden.methods ? 'yourMethods' : null
  return changed(seen, methods, missing.methods, defaults, yours, unshown.methods)
}

/** The request headers to write, given those that are allowed by default. */
export function headersToWrite(needs: RemedyNeeds, defaults: Defaults): WrittenList | null {
  const { seen, headers, missing, hidden, unshown } = needs
  const yours = hidden.headers ? 'yourHeaders' : null
  return changed(seen, headers, missing.headers, defaults, yours, unshown.headers)
}

/** The comment behind an option that must not be written where there is none. */
export function onlyIfSet({ isByDefault }: WrittenList, mark: Guide['mark']): string {
  return isByDefault
    ? `${mark === '#' ? '  ' : ' '}${mark} only if you have set it: the default allows this`
    : ''
}

/** As JavaScript writes it. */
function spread({ yours, items }: Pick<WrittenList, 'yours' | 'items'>): string {
  return `[${[...(yours === null ? [] : [`...${yours}`]), ...items.map(single)].join(', ')}]`
}

/** As Python writes it. */
export function unpacked({ yours, items }: Pick<WrittenList, 'yours' | 'items'>): string {
  return `[${[...(yours === null ? [] : [`*${yours}`]), ...items.map(double)].join(', ')}]`
}

/** The lines of an options object. What is at its default or allowed already is left out. */
export function options(needs: RemedyNeeds, names: OptionNames): string[] {
  const methods = methodsToWrite(needs, names.defaults)
  // By default these libraries allow whatever request headers are asked for.
  const headers = headersToWrite(needs, 'any')
  const origin = originOption(needs, names)
  return [
    ...(origin === null ? [] : [`  ${origin},`]),
    ...(methods === null ? [] : [`  ${names.methods}: ${spread(methods)},${onlyIfSet(methods, '//')}`]),
    ...(headers === null ? [] : [`  ${names.headers}: ${spread(headers)},${onlyIfSet(headers, '//')}`]),
    ...(needs.credentials && needs.missing.credentials ? ['  credentials: true,'] : []),
  ]
}

function originOption(needs: RemedyNeeds, names: OptionNames): string | null {
  const { origins, others, missing } = needs
  if (!missing.origin) return null
  if (origins[0] === '*') return others === 'some' ? names.origin('yourOrigins') : "origin: '*'"
  // `*` stays for all other origins: it only does not go with credentials.
  if (others === 'all') return names.origin(singles(origins))
  return `origin: ${spread({ yours: others === 'some' ? 'yourOrigins' : null, items: origins })}`
}

/** What is to be said of `*` where credentials are allowed: some servers would then allow every origin. */
export function wildcardNote({ others, seen, credentials }: RemedyNeeds): string | null {
  if (others === 'all')
    return '`*` does not go with credentials: name every other origin that is to stay allowed'
  return !seen && credentials
    ? 'Where `*` is allowed already, name the origins in its place: it does not go with credentials'
    : null
}
