/** What the families are put together from. */
import { origins, type Rule, type Scenario, type StepRequest } from '../scenario.js'
import type { Random } from './random.js'

export type Page = Scenario['page']
export type Lines = [string, string][]
export type Step = Scenario['steps'][number]

/** A request being made; the properties of StepRequest, still to be written. */
export type Draft = { -readonly [K in keyof StepRequest]: StepRequest[K] }

/** A scenario without its name. */
export interface Plan {
  readonly page: Page
  readonly steps: readonly Step[]
  readonly rules: readonly Rule[]
}

export const headerLines = (name: string, values: readonly string[]): Lines =>
  values.map((value): [string, string] => [name, value])

/** A page, mostly a window. */
export function page(random: Random): Page {
  return {
    origin: random.weighted([
      [10, 'app-http'],
      [6, 'app-https'],
      [1, 'app-http-80'],
      [1, 'app-https-443'],
    ]),
    context: random.weighted<Page['context']>([
      [8, 'window'],
      [2, 'sandboxed-iframe'],
      [1, 'worker'],
    ]),
  }
}

/** What the page's `Origin` header says. */
export const sentOrigin = ({ origin, context }: Page): string =>
  context === 'sandboxed-iframe' ? 'null' : (origins[origin] as string)

/** `http:` or `https:`. */
export const schemeOf = (key: string): string => new URL(origins[key] as string).protocol

const https = (key: string): boolean => schemeOf(key) === 'https:'

/** A server of another origin that the page may ask: an https page asks https. */
export function target(random: Random, from: Page): string {
  const all = [
    'api-http',
    'api-https',
    'sub-http',
    'sub-https',
    'app-otherport',
    'app-https-otherport',
    'other-http',
    'other-https',
  ]
  return random.pick(all.filter((key) => key !== from.origin && (!https(from.origin) || https(key))))
}

/** Any server, the page's own included and, from https, http as well. */
export function anyTarget(random: Random, from: Page): string {
  return random.weighted<() => string>([
    [6, () => target(random, from)],
    [3, () => from.origin],
    [1, () => random.pick(['api-http', 'sub-https', 'app-http', 'app-https'])],
  ])()
}

/** `credentials`, left out half the time. */
export function credentials(random: Random): Pick<StepRequest, 'credentials'> {
  return random.pick([
    {},
    {},
    { credentials: 'include' },
    { credentials: 'omit' },
    { credentials: 'same-origin' },
  ] as const)
}

/** A right answer's origin lines: the origin with credentials allowed, or any origin. */
export function granted(random: Random): Lines {
  return random.weighted<Lines>([
    [
      4,
      [
        ['Access-Control-Allow-Origin', '{{origin}}'],
        ['Access-Control-Allow-Credentials', 'true'],
      ],
    ],
    [2, [['Access-Control-Allow-Origin', '{{origin}}']]],
    [2, [['Access-Control-Allow-Origin', '*']]],
  ])
}

/** The rule for preflights. */
export function preflight(random: Random, headers: Lines, status = random.pick([200, 204])): Rule {
  return { when: { preflight: true }, status, headers }
}

/** The rule for all else. */
export const actual = (headers: Lines, status = 200, body = 'ok'): Rule => ({ status, headers, body })

/** A body with nothing special about it. */
export function body(random: Random): NonNullable<StepRequest['body']> {
  return random.pick([
    { type: 'text' },
    { type: 'urlsearchparams' },
    { type: 'formdata' },
    { type: 'uint8array' },
    { type: 'arraybuffer' },
    { type: 'blob', mime: 'text/plain' },
    { type: 'blob', mime: 'application/json' },
    { type: 'blob' },
  ])
}

const mayHaveBody = (method: string | undefined): boolean => !/^(get|head)?$/i.test(method ?? '')

/** Gives a request a body where its method allows one. */
export function withBody(random: Random, request: Draft, probability: number): Draft {
  if (mayHaveBody(request.method) && random.chance(probability)) request.body = body(random)
  return request
}

/** Some request headers, now and then a name twice. */
export function headers(random: Random, make: (random: Random) => [string, string], most: number): Lines {
  const lines = Array.from({ length: random.int(1, most) }, () => make(random))
  if (random.chance(0.15)) {
    const [name] = random.pick(lines)
    const again = make(random)
    lines.push(random.chance(0.5) ? [name, again[1]] : again)
  }
  return lines
}

/** Names that a preflight would have to list. */
export const namesOf = (lines: Lines): string[] => [...new Set(lines.map(([name]) => name.trim() || 'x'))]
