/** An OpenAPI description as it is read: local references followed, examples found. @see https://spec.openapis.org/oas/latest.html */

import { type Members, membersOf, stringOf } from '../subject/shape.js'
import { shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { isRecord } from './rule.js'

/** A value for a parameter, and whether the document gives it. */
export interface ExampleValue {
  readonly value: string
  readonly isGiven: boolean
}

/** Reads the objects of a description; whatever is not what it should be is not there. */
export class OpenApiDocument {
  readonly root: Members
  /** References that lead nowhere, or out of the document. */
  readonly unresolved = new Set<string>()

  /** @throws CorsUsageError for what is not a description of OpenAPI 3 */
  constructor(document: unknown) {
    if (typeof document === 'string')
      throw new CorsUsageError(
        'contractFromOpenApi() takes the description as data, not its text or path: JSON.parse it, or parse it with the package "yaml"',
      )
    if (!isRecord(document))
      throw new CorsUsageError(
        `contractFromOpenApi() takes an OpenAPI description as an object; got ${describeValue(document)}`,
      )
    if (document.swagger !== undefined)
      throw new CorsUsageError(
        `contractFromOpenApi() reads OpenAPI 3; this is Swagger ${shown(String(document.swagger))}: convert it first, with \`npx swagger2openapi\``,
      )
    if (!/^3\.\d/.test(String(document.openapi)))
      throw new CorsUsageError(
        `contractFromOpenApi() reads OpenAPI 3; got openapi: ${shown(String(document.openapi))}`,
      )
    if (!isRecord(document.paths))
      throw new CorsUsageError(
        'contractFromOpenApi(): the description has no paths, so there is nothing to call',
      )
    this.root = document
  }

  /** An object, behind its references. */
  resolve(value: unknown): Members | undefined {
    const seen = new Set<unknown>()
    let found = value
    while (isRecord(found) && typeof found.$ref === 'string') {
      const reference = found.$ref
      if (seen.has(reference)) return this.#unresolvable(reference)
      seen.add(reference)
      const target = this.#at(reference)
      if (target === undefined) return this.#unresolvable(reference)
      found = target
    }
    return isRecord(found) ? found : undefined
  }

  /** The members of a member, behind references. */
  entries(of: Members | undefined, name: string): [string, Members][] {
    const member = of === undefined ? undefined : this.resolve(of[name])
    return Object.entries(member ?? {}).flatMap(([key, value]): [string, Members][] => {
      const resolved = this.resolve(value)
      return resolved === undefined ? [] : [[key, resolved]]
    })
  }

  #unresolvable(reference: string): undefined {
    this.unresolved.add(reference)
    return undefined
  }

  /** @see https://www.rfc-editor.org/rfc/rfc6901 */
  #at(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined
    let found: unknown = this.root
    for (const part of reference.slice(1).split('/').slice(1)) {
      const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
      found = (found as Members)[key]
    }
    return found
  }

  /** What a parameter is sent with: what the document says, else something of its type. */
  exampleOf(parameter: Members): ExampleValue {
    const [, content] = this.entries(parameter, 'content')[0] ?? []
    const schema = this.#schemaOf(parameter.schema ?? content?.schema)
    const given = [
      ...this.#examplesOf(parameter),
      ...(content === undefined ? [] : this.#examplesOf(content)),
      ...this.#examplesOf(schema),
      ...[schema.const, listOf(schema.enum)[0], schema.default],
    ]
    for (const example of given) {
      const value = textOf(example)
      if (value !== undefined) return { value, isGiven: true }
    }
    return { value: madeUp(schema), isGiven: false }
  }

  /** Whether any text will do for a parameter. */
  isFreeText(parameter: Members): boolean {
    const schema = this.#schemaOf(parameter.schema)
    return (
      schema.type === 'string' &&
      ['format', 'enum', 'const', 'pattern', 'maxLength', 'minLength'].every(
        (name) => schema[name] === undefined,
      )
    )
  }

  /** A schema; of one that is made of others, the first that has a type. */
  #schemaOf(value: unknown, depth = 0): Members {
    const schema = this.resolve(value) ?? {}
    if (schema.type !== undefined || depth > 8) return schema
    for (const name of ['allOf', 'oneOf', 'anyOf']) {
      const parts = listOf(schema[name]).map((part) => this.#schemaOf(part, depth + 1))
      const typed = parts.find(({ type }) => type !== undefined)
      if (typed !== undefined) return { ...typed, ...schema }
    }
    return schema
  }

  /** `example`, and the values of `examples`, which is a list in schemas. */
  #examplesOf(of: Members): unknown[] {
    const named = Array.isArray(of.examples)
      ? (of.examples as unknown[])
      : this.entries(of, 'examples').map(([, { value }]) => value)
    return [of.example, ...named]
  }
}

/** A list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** As a URL or a header has it; a list with commas, as parameters have it by default. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value) || value.length === 0) return undefined
  const items = value.map(textOf)
  return items.includes(undefined) ? undefined : items.join(',')
}

const OF_FORMAT: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  date: '2024-01-01',
  'date-time': '2024-01-01T00:00:00Z',
  email: 'user@example.com',
  uri: 'https://example.com/',
}

function madeUp(schema: Members): string {
  const type = Array.isArray(schema.type) ? (schema.type as unknown[])[0] : schema.type
  if (type === 'boolean') return 'true'
  if (type === 'integer' || type === 'number')
    return typeof schema.minimum === 'number' ? String(Math.ceil(schema.minimum)) : '1'
  return OF_FORMAT[stringOf(schema, 'format') ?? ''] ?? '1'
}

/** The path that everything is below: of the first server. */
export function basePath(servers: unknown): { readonly path: string; readonly isFirst: boolean } {
  const paths = listOf(servers).map((server) => {
    if (!isRecord(server) || typeof server.url !== 'string') return ''
    const variables = membersOf(server, 'variables')
    const url = server.url.replace(/\{([^}]*)\}/g, (_, name: string) => {
      const variable = variables === undefined ? undefined : membersOf(variables, name)
      return stringOf(variable, 'default') ?? name
    })
    // One that is relative is seen from where the description is, which nobody tells.
    return URL.canParse(url, 'https://server.invalid/')
      ? new URL(url, 'https://server.invalid/').pathname.replace(/\/+$/, '')
      : ''
  })
  return { path: paths[0] ?? '', isFirst: paths.some((path) => path !== paths[0]) }
}
