/** The words of `toCachePreflightFor`. */
import { deviationsOf, type Profile } from '../../engines/profiles.js'
import { getHeader, type HeaderList } from '../../fetch/header-list.js'
import { preflightMaxAge } from '../../fetch/preflight-cache.js'
import { argument } from '../../text/shown.js'
import { engineNames } from '../engines.js'
import type { Finding } from '../finding.js'
import type { Words } from '../judgment.js'

/** What a preflight came to, and for how long it was to be kept. */
export interface Cached {
  readonly findings: readonly Finding[]
  readonly seconds: number
  /** Of the preflight's response. */
  readonly headers: HeaderList
  /** Whether it succeeded in any engine. */
  readonly passed: boolean
}

/** Who keeps the response for how long, and what would make them. */
export function cachedWords(cached: Cached, negated: boolean): Omit<Words, 'expected'> {
  const { findings, seconds, headers, passed } = cached
  const value = getHeader(headers, 'access-control-max-age')
  const said =
    value === null ? 'There is no Access-Control-Max-Age' : `Access-Control-Max-Age is ${argument(value)}`
  const sentence = `${said}: ${keepers(cached)}.`
  if (negated) return { sentence, ofEveryEngine: true }
  if (!passed)
    return { sentence: 'The preflight does not succeed, so nothing is cached.', ofEveryEngine: true }
  const useless = findings.filter((finding) => hasNoUse(finding, cached))
  const tooShort = findings.some((finding) => !finding.holds && !useless.includes(finding))
  return {
    sentence,
    ofEveryEngine: true,
    notes:
      useless.length > 0
        ? [
            `${engineNames(useless.map(({ engine }) => engine))} ${useless.length === 1 ? 'does' : 'do'} not look \`*\` up in ${useless.length === 1 ? 'its' : 'their'} cache: list the methods and headers by name.`,
          ]
        : [],
    instead: tooShort ? { lines: [['Access-Control-Max-Age', String(seconds)]] } : false,
  }
}

/** What is said of a response that permits nothing. */
export function nothingCachedWords(): Omit<Words, 'expected'> {
  return {
    sentence:
      'It permits no method and no header that a page may use and that needs a preflight, so there is nothing to cache it for.',
    ofEveryEngine: true,
    explain: false,
    instead: false,
  }
}

function keptIn(engine: Profile, { headers }: Cached): number {
  return preflightMaxAge(headers, deviationsOf(engine))
}

/** Whether an engine keeps the response for long enough, but has no use for it. */
function hasNoUse({ engine, holds }: Finding, cached: Cached): boolean {
  return !holds && keptIn(engine, cached) >= Math.min(cached.seconds, deviationsOf(engine).cache.maxAgeLimit)
}

/** Who keeps the response for how long, those that do alike together. */
function keepers(cached: Cached): string {
  const groups = new Map<string, Profile[]>()
  for (const finding of cached.findings) {
    const { engine } = finding
    const kept = keptIn(engine, cached)
    const limit = deviationsOf(engine).cache.maxAgeLimit
    const words = hasNoUse(finding, cached)
      ? 'but has no use for it'
      : `for ${kept} s${kept >= limit && limit < cached.seconds ? ', its maximum' : ''}`
    groups.set(words, [...(groups.get(words) ?? []), engine])
  }
  return [...groups]
    .map(
      ([words, engines]) =>
        `${engineNames(engines)} ${engines.length === 1 ? 'keeps' : 'keep'} the response ${words}`,
    )
    .join('; ')
}
