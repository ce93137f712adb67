/** What a contract may say of origins. */

import { argument } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import type { ContractOrigins } from './contract.js'
import type { Place } from './mistakes.js'
import { parsePattern } from './origin-pattern.js'
import { described, isRecord, list, named, object, type Rule, refuseValue } from './rule.js'

const ORIGIN = "an origin such as 'https://app.example.com', or a pattern such as 'https://*.example.com'"
/** What an origin or a pattern looks like; which hosts there are is the check's. */
const ORIGIN_TEXT =
  /^(?:null|(?!http:\/\/[^/]*:80$|https:\/\/[^/]*:443$|file:)[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:.]+\]|[^\s/?#@:A-Z[\]\\]+)(?::(?:[1-9][0-9]{0,4}|\*))?)$/

/** @returns whether it is one */
function checkExact(value: unknown, place: Place): boolean {
  if (value === null)
    place.refuse(": null is not an origin; the opaque origin is the string 'null': write it in quotes")
  else if (typeof value !== 'string') refuseValue(place, ORIGIN, value)
  else {
    try {
      checkOrigin(value)
      return true
    } catch (error) {
      if (!isCorsUsageError(error)) throw error
      place.refuse(`: ${error.message}`)
    }
  }
  return false
}

function checkPattern(value: string, place: Place): void {
  const pattern = parsePattern(value)
  if (typeof pattern === 'string') place.refuse(`: ${argument(value)} ${pattern}`)
}

const originText: Rule = {
  schema: { type: 'string', pattern: ORIGIN_TEXT.source },
  check(value, place) {
    if (value === '*') {
      const { path } = place
      place.refuse(
        path.includes('deny')
          ? ": '*' is not an origin; to deny everybody write allow: []"
          : ": '*' is not an origin; for any origin write allow: '*', not in a list",
      )
    } else if (typeof value === 'string' && value.includes('*')) checkPattern(value, place)
    else checkExact(value, place)
  },
}

const patternWithExample = object(
  {
    pattern: described('What it matches: `https://*.example.com`, `http://localhost:*`.', {
      schema: { type: 'string', pattern: `^(?=.*\\*)${ORIGIN_TEXT.source.slice(1)}` },
      check(value, place) {
        if (typeof value === 'string' && value.includes('*')) checkPattern(value, place)
        else
          refuseValue(place, "a pattern such as 'https://*.example.com'", value, () =>
            typeof value === 'string' ? 'an origin without * stands in the list by itself' : undefined,
          )
      },
    }),
    example: described('The origin that stands for it.', {
      schema: { type: 'string', pattern: ORIGIN_TEXT.source.replaceAll('|\\*', '') },
      check: checkExact,
    }),
  },
  {
    what: 'a pattern with an example',
    required: {
      pattern: "write { pattern: 'https://*.example.com', example: 'https://x.example.com' }",
      example: 'an example is derived where the pattern stands alone, as a string',
    },
  },
)

/** One origin or pattern of a list. */
export const origin = named('origin', {
  schema: { anyOf: [originText.schema, patternWithExample.schema] },
  check(value, place) {
    if (!isRecord(value)) return originText.check(value, place)
    patternWithExample.check(value, place)
    const { pattern, example } = value
    if (typeof pattern !== 'string' || typeof example !== 'string') return
    const parsed = parsePattern(pattern)
    if (typeof parsed !== 'string' && !parsed.matches(example))
      place
        .at('example')
        .refuse(
          `: ${argument(example)} does not match ${argument(pattern)}; write one that does, such as ${argument(parsed.examples[0] as string)}`,
        )
  },
})

function originList(what: string, way: (value: string) => string): Rule {
  const each = list(origin, {
    what,
    hint: (value) => (typeof value === 'string' ? way(value) : undefined),
  })
  return {
    schema: { ...each.schema, uniqueItems: true },
    check(value, place) {
      each.check(value, place)
      if (!Array.isArray(value)) return
      const texts = value.map((item: unknown) => (isRecord(item) ? item.pattern : item))
      for (const [index, item] of texts.entries())
        if (typeof item === 'string' && texts.indexOf(item) < index)
          place.at(index).refuse(`: ${argument(item)} is listed twice; leave one out`)
    },
  }
}

const allowed = originList(
  "'*' for any origin, or a list of origins",
  (value) => `write [${argument(value)}]`,
)

/** Who may call. */
export const originMembers = {
  allow: described(
    'Who may call: exact origins and patterns, `https://*.example.com`, `http://localhost:*`. "*" is any origin; an empty list is none: no page may call.',
    {
      schema: { anyOf: [{ const: '*' }, allowed.schema] },
      check(value, place) {
        if (value !== '*') allowed.check(value, place)
      },
    },
  ),
  deny: described(
    "Who may not call. Default: a stranger's origin, and `null`.",
    originList('a list of origins', (value) =>
      value === '*' ? 'to deny everybody write allow: []' : `write [${argument(value)}]`,
    ),
  ),
} satisfies Record<keyof ContractOrigins, Rule>

const ORIGINS_OPTIONS = {
  what: "an object such as { allow: ['https://app.example.com'] }",
  hint: (value: unknown) =>
    Array.isArray(value) || typeof value === 'string' ? 'write { allow: … }' : undefined,
}
/** Where a part of the contract has its own. */
export const origins = named('origins', object(originMembers, ORIGINS_OPTIONS))
/** Those of the contract itself. */
export const ownOrigins = object(originMembers, {
  ...ORIGINS_OPTIONS,
  required: { allow: 'list the origins that may call; an empty list is none' },
})
