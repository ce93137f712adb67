/**
 * What a part of a contract must be, said once: a rule checks a value, and is a JSON Schema for editors. The schema accepts whatever the
 * check does; the check knows more and says it in words.
 */

import { nearest } from '../text/nearest.js'
import { argument, listed, literal, shown } from '../text/shown.js'
import { describeValue } from '../text/usage-error.js'
import type { Place } from './mistakes.js'

export type JsonSchema = { readonly [key: string]: unknown }

export interface Rule {
  readonly schema: JsonSchema
  check(value: unknown, place: Place): void
}

/** What may be known of a value that is wrong: what was meant, to be said after what it must be. */
export type Hint = (value: unknown) => string | undefined

/** @param what follows "must be" */
export function refuseValue(place: Place, what: string, value: unknown, hint?: Hint): void {
  const meant = hint?.(value)
  place.refuse(`must be ${what}; got ${describeValue(value)}${meant === undefined ? '' : `: ${meant}`}`)
}

/** What another name may have been meant for. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return near === undefined ? '' : `; did you mean ${argument(near)}?`
}

/** A rule with the sentence that editors show. */
export function described(description: string, rule: Rule): Rule {
  // Beside a reference, a schema's other members count for nothing.
  const schema = '$ref' in rule.schema ? { allOf: [rule.schema] } : rule.schema
  return { ...rule, schema: { description, ...schema } }
}

/** A rule that stands at several places, by the name it has in the schema. */
export interface NamedRule extends Rule {
  readonly name: string
  readonly definition: JsonSchema
}

export function named(name: string, rule: Rule): NamedRule {
  return { ...rule, schema: { $ref: `#/definitions/${name}` }, name, definition: rule.schema }
}

/** An object that keys were chosen for. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

interface ObjectOptions {
  /** Follows "must be". */
  readonly what: string
  /** Members without which it means nothing, with what to write. */
  readonly required?: Readonly<Record<string, string>>
  /** Keys that are nobody's business here. */
  readonly ignored?: RegExp
  readonly hint?: Hint
}

/** An object of known members. */
export function object(
  members: Readonly<Record<string, Rule>>,
  { what, required = {}, ignored, hint }: ObjectOptions,
): Rule {
  const known = Object.keys(members)
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(members).map(([key, { schema }]) => [key, schema])),
      ...(ignored ? { patternProperties: { [ignored.source]: {} } } : {}),
      ...(Object.keys(required).length > 0 ? { required: Object.keys(required) } : {}),
      additionalProperties: false,
    },
    check(value, place) {
      if (!isRecord(value)) return refuseValue(place, what, value, hint)
      for (const key of Object.keys(value)) {
        const member = Object.hasOwn(members, key) ? members[key] : undefined
        if (member !== undefined) member.check(value[key], place.at(key))
        else if (ignored?.test(key) !== true) {
          const near = didYouMean(key, known)
          place
            .at(key)
            .refuseKey(
              `is not a known key${near === '' ? ` here; the known keys are ${listed(known)}` : near}`,
            )
        }
      }
      for (const [key, way] of Object.entries(required))
        if (!Object.hasOwn(value, key)) place.at(key).refuseKey(`is missing: ${way}`)
    },
  }
}

interface RecordOptions {
  readonly what: string
  /** What every key is, for editors. */
  readonly keys: RegExp
  checkKey(key: string, place: Place): void
  readonly value: Rule
  readonly hint?: Hint
  /** What to write where there is none. */
  readonly empty?: string
}

/** An object whose keys are its user's. */
export function record({ what, keys, checkKey, value: rule, hint, empty }: RecordOptions): Rule {
  return {
    schema: {
      type: 'object',
      ...(empty === undefined ? {} : { minProperties: 1 }),
      propertyNames: { pattern: keys.source },
      additionalProperties: rule.schema,
    },
    check(value, place) {
      if (!isRecord(value)) return refuseValue(place, what, value, hint)
      if (empty !== undefined && Object.keys(value).length === 0) place.refuse(`is empty: ${empty}`)
      for (const [key, member] of Object.entries(value)) {
        checkKey(key, place.at(key))
        rule.check(member, place.at(key))
      }
    },
  }
}

/** A list of things of one kind. */
export function list(items: Rule, { what, hint }: { readonly what: string; readonly hint?: Hint }): Rule {
  return {
    schema: { type: 'array', items: items.schema },
    check(value, place) {
      if (!Array.isArray(value)) return refuseValue(place, what, value, hint)
      for (const [index, item] of value.entries()) items.check(item, place.at(index))
    },
  }
}

/** One of some words. */
export function choice(words: readonly string[], hint?: Hint): Rule {
  return {
    schema: { enum: words },
    check(value, place) {
      if (words.includes(value as string)) return
      const near = typeof value === 'string' ? nearest(value, words) : undefined
      const meant = near === undefined ? hint : () => `did you mean ${argument(near)}?`
      refuseValue(place, listed(words.map(argument), 'or'), value, meant)
    },
  }
}

interface TextOptions {
  readonly what: string
  readonly pattern: RegExp
  /** What the pattern does not tell, said of a text that matches it, or of any. */
  check?(value: string, place: Place): void
  readonly hint?: Hint
}

/** A text in a notation of its own. */
export function text({ what, pattern, check, hint }: TextOptions): Rule {
  return {
    schema: { type: 'string', pattern: pattern.source },
    check(value, place) {
      if (typeof value === 'string' && check) return check(value, place)
      if (typeof value !== 'string' || !pattern.test(value)) refuseValue(place, what, value, hint)
    },
  }
}

/** What goes into a URL: a text or a number. */
export const urlValue: Rule = {
  schema: { type: ['string', 'number'] },
  check(value, place) {
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return
    refuseValue(place, 'a string or a number', value, (given) =>
      typeof given === 'boolean' ? `write ${literal(String(given))}` : undefined,
    )
  },
}

/** A whole number from 0. */
export function count(what: string): Rule {
  return {
    schema: { type: 'integer', minimum: 0 },
    check(value, place) {
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return
      refuseValue(place, what, value, (given) =>
        typeof given === 'string' && /^\d+$/.test(given)
          ? `write ${shown(given)}, without quotes`
          : undefined,
      )
    },
  }
}

/** True or false. */
export const flag: Rule = {
  schema: { type: 'boolean' },
  check(value, place) {
    if (typeof value === 'boolean') return
    refuseValue(place, 'true or false', value, (given) =>
      typeof given === 'string' && /^(true|yes|on)$/i.test(given) ? 'write true, without quotes' : undefined,
    )
  },
}
