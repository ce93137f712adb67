/** The first line of a failure, which is all that some tools show: the reason, with method, path and origin. */
import { row, shown, shownUrl } from '../text/shown.js'
import { OBSERVED_URL, UNKNOWN_ORIGIN } from '../verdict/client.js'
import type { Exchange } from '../verdict/verdict.js'
import type { Case } from './case.js'

/** The request that a failure is about. */
export interface About {
  /** Several where an assertion lists them. */
  readonly methods: readonly string[]
  readonly url: string
  /** The page's; null where none asked. */
  readonly origin: string | null
}

/** The request that cases are about; undefined without any. */
export function aboutCases(cases: readonly Case[]): About | undefined {
  const [first] = cases
  if (first === undefined) return undefined
  const { url, origin } = first.verdict
  return { methods: [...new Set(cases.map(({ verdict }) => verdict.method))], url, origin }
}

/** The request of an exchange, whoever asked. */
export function aboutExchange({ request }: Exchange): About {
  return { methods: [request.method], url: request.url, origin: null }
}

/**
 * Puts before a reason what it does not say itself of the request.
 * @example withRequest('The preflight does not allow `PUT`.', { methods: ['PUT'], url: 'https://api.example.com/orders', origin: 'https://app.example.com' })
 * // 'PUT /orders from https://app.example.com: the preflight does not allow `PUT`.'
 */
export function withRequest(reason: string, about: About | undefined): string {
  const lead = about === undefined ? '' : leadOf(reason, about)
  return lead === '' ? reason : `${lead}: ${reason.replace(STARTS_A_SENTENCE, (word) => word.toLowerCase())}`
}

/** Words in lower case inside a sentence; others may be names. */
const STARTS_A_SENTENCE = /^(?:An?|It|No|None|One|That|The|There|This)\b/

function leadOf(reason: string, { methods, url, origin }: About): string {
  // Of a response that is merely given it is not known what was asked.
  if (url === OBSERVED_URL) return ''
  const names = methods.map(shown)
  const isNamed = reason.includes(shownUrl(url)) && names.every((name) => reason.includes(name))
  const isPlaced = origin === null || origin === UNKNOWN_ORIGIN || reason.includes(origin)
  if (isNamed && isPlaced) return ''
  const request = `${row(names)} ${pathOf(url)}`
  return isPlaced ? request : `${request} from ${shown(origin)}`
}

/** Path and query, as they may be shown. */
function pathOf(url: string): string {
  const text = shownUrl(url)
  return URL.canParse(text) ? text.slice(text.indexOf('/', text.indexOf('//') + 2)) : text
}
