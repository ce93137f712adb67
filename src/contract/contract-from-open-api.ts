/** A first contract from an OpenAPI description: what that says of routes, headers and credentials. It knows no CORS policy. */

import {
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
} from '../fetch/exposed-headers.js'
import { unsafeValueFor } from '../fetch/headers-init.js'
import { byteLowercase, isHeaderValue, isToken } from '../fetch/http-tokens.js'
import { isSafeMethod } from '../fetch/methods.js'
import { isCorsSafelistedRequestHeader, isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { type Members, stringOf } from '../subject/shape.js'
import { argument, listed, shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { ContractOrigin, ContractOrigins, ContractStatus, CorsContract } from './contract.js'
import { checkContract } from './define-contract.js'
import { parametersOf, routeShape } from './notations.js'
import { basePath, listOf, OpenApiDocument } from './open-api-document.js'
import { pathProblem } from './route-name.js'
import { isRecord } from './rule.js'

export interface OpenApiOptions {
  /** Who may call, and who may not, of which a description says nothing; a list is who may. */
  readonly origins: ContractOrigins | '*' | readonly ContractOrigin[]
}

/** See {@link contractFromOpenApi}. */
export interface OpenApiContract {
  readonly contract: CorsContract
  /** What the description does not tell, a sentence each: what was made up, and what is left to say. */
  readonly unknown: readonly string[]
}

/**
 * Makes a contract of an OpenAPI description (3.0 or later): its routes, what pages must send and be able to read.
 * @param document the description as data
 * @throws CorsUsageError for what is not a description of OpenAPI 3
 */
export function contractFromOpenApi(document: unknown, { origins }: OpenApiOptions): OpenApiContract {
  if (origins === undefined)
    throw new CorsUsageError(
      `contractFromOpenApi() needs the origins, which a description does not contain: { origins: { allow: ['https://app.example.com'] } }; got ${describeValue(origins)}`,
    )
  const given = isRecord(origins) ? origins : { allow: origins }
  const reader = new ContractReader(new OpenApiDocument(document), given.allow === '*')
  const routes = reader.read()
  const contract = checkContract({ origins: given, routes }, { name: 'contractFromOpenApi()' })
  return { contract, unknown: reader.unknown }
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'query', 'options', 'trace']

/** What an operation comes to, while it is read. */
interface Draft {
  readonly name: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly params: Record<string, string>
  readonly query: Record<string, string>
  readonly exposes: Set<string>
  /** Header names that prove who is asking. */
  readonly proofs: string[]
  credentials: boolean
  /** Values that the description does not give: the status is anybody's guess. */
  readonly madeUp: string[]
  /** Path parameters for which any text will do. */
  readonly freeText: string[]
}

class ContractReader {
  readonly unknown: string[] = []
  readonly #document: OpenApiDocument
  readonly #isOpen: boolean
  readonly #known = new Map<string, string>()

  /** @param isOpen whether any origin may call, which browsers do not let go with credentials */
  constructor(document: OpenApiDocument, isOpen: boolean) {
    this.#document = document
    this.#isOpen = isOpen
  }

  read(): Record<string, unknown> {
    const { root } = this.#document
    const routes: [string, unknown][] = []
    if (basePath(root.servers).isFirst)
      this.unknown.push(
        `the servers have different paths: that of the first, ${argument(basePath(root.servers).path)}, stands before every route`,
      )
    for (const [template, item] of this.#document.entries(root, 'paths'))
      for (const method of METHODS) {
        const operation = this.#document.resolve(item[method])
        const route = operation === undefined ? undefined : this.#route(template, item, method, operation)
        if (route !== undefined) routes.push(route)
      }
    for (const reference of this.#document.unresolved)
      this.unknown.push(`${argument(reference)} is not in this document: what it stands for is left out`)
    return Object.fromEntries(routes)
  }

  #route(template: string, item: Members, method: string, operation: Members): [string, unknown] | undefined {
    const upper = method.toUpperCase()
    const where = `${upper} ${shown(template)}`
    if (upper === 'TRACE') return this.#leftOut(where, 'no page may use TRACE')
    if (upper === 'OPTIONS')
      return this.#leftOut(
        where,
        'preflights are what browsers send as OPTIONS, and they are checked with each route',
      )
    const parameters = this.#parameters(template, item, operation)
    const params: Record<string, string> = {}
    const path = this.#path(template, item, operation, parameters, params)
    const problem = pathProblem(path)
    if (problem !== undefined) return this.#leftOut(where, `the path ${problem}`)
    const name = `${upper} ${path}`
    const shape = routeShape(name)
    if (this.#known.has(shape))
      return this.#leftOut(where, `it is the same route as ${this.#known.get(shape)}`)
    this.#known.set(shape, name)

    const draft: Draft = {
      name,
      method: upper,
      headers: {},
      params: Object.fromEntries(Object.entries(params).filter(([key]) => parametersOf(path).includes(key))),
      query: {},
      exposes: new Set(),
      proofs: [],
      credentials: false,
      madeUp: [],
      freeText: [],
    }
    for (const parameter of parameters) this.#take(draft, parameter)
    this.#takeSecurity(draft, operation)
    this.#takeBody(draft, operation)
    const statuses = this.#takeResponses(draft, operation)
    if (draft.credentials && this.#isOpen)
      this.#say(draft, 'its cookies are left out, because any origin may call')
    return [name, this.#written(draft, statuses)]
  }

  #leftOut(where: string, why: string): undefined {
    this.unknown.push(`${where} is left out: ${why}`)
    return undefined
  }

  #say(draft: Draft, what: string): void {
    this.unknown.push(`${draft.name}: ${what}`)
  }

  /** An operation's parameters, and those of its path that it does not say itself, declared or not. */
  #parameters(template: string, item: Members, operation: Members): Members[] {
    const found = new Map<string, Members>()
    for (const [, name] of template.matchAll(/\{([^{}]*)\}/g)) found.set(`path ${name}`, { name, in: 'path' })
    for (const each of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
      const parameter = this.#document.resolve(each)
      const name = stringOf(parameter, 'name')
      if (parameter !== undefined && name !== undefined)
        found.set(`${stringOf(parameter, 'in')} ${name}`, parameter)
    }
    return [...found.values()]
  }

  /** The path with `:id` for `{id}`; a parameter that is part of a segment is filled in. */
  #path(
    template: string,
    item: Members,
    operation: Members,
    parameters: readonly Members[],
    params: Record<string, string>,
  ): string {
    const servers = [operation.servers, item.servers, this.#document.root.servers].find(
      (each) => listOf(each).length > 0,
    )
    const path = template.replace(
      /(^|.)\{([^{}]*)\}(?=(\w?))/g,
      (_, before: string, raw: string, after: string) => {
        const parameter = parameters.find(({ in: place, name }) => place === 'path' && name === raw)
        const { value } = this.#document.exampleOf(parameter ?? {})
        if (before !== '/' || after !== '') return `${before}${encodeURIComponent(value)}`
        const name = identifier(raw)
        params[name] = value
        return `/:${name}`
      },
    )
    return `${basePath(servers).path}${path.startsWith('/') ? path : `/${path}`}`
  }

  #take(draft: Draft, parameter: Members): void {
    const name = stringOf(parameter, 'name') as string
    const { value, isGiven } = this.#document.exampleOf(parameter)
    const isRequired = parameter.required === true
    switch (parameter.in) {
      case 'path':
        if (this.#document.isFreeText(parameter) && Object.hasOwn(draft.params, identifier(name)))
          draft.freeText.push(identifier(name))
        if (!isGiven)
          this.#makeUp(
            draft,
            `the path parameter ${argument(name)} has no example: ${argument(value)} is used instead`,
          )
        return
      case 'query':
        if (!isRequired && !this.#hasExample(parameter)) return
        draft.query[name] = value
        if (!isGiven)
          this.#makeUp(
            draft,
            `the query parameter ${argument(name)} has no example: ${argument(value)} is used instead`,
          )
        return
      case 'cookie':
        draft.credentials = true
        this.#makeUp(
          draft,
          `the cookie ${argument(name)} is the browser's to send: to have it sent, write extraHeaders: { cookie: … }`,
        )
        return
      case 'header':
        // These three are said elsewhere: https://spec.openapis.org/oas/v3.1.1.html#parameter-object
        if (['accept', 'content-type', 'authorization'].includes(byteLowercase(name))) return
        if (this.#takeHeader(draft, name, isGiven ? value : unsafeValueFor(name)) && isRequired && !isGiven)
          this.#makeUp(draft, `the header ${argument(name)} has no example`)
        return
      default:
        this.#say(
          draft,
          `${argument(name)} is a parameter in ${shown(String(parameter.in))}, which is not known`,
        )
    }
  }

  #hasExample({ example, examples }: Members): boolean {
    return example !== undefined || examples !== undefined
  }

  #makeUp(draft: Draft, what: string): void {
    draft.madeUp.push(what)
    this.#say(draft, what)
  }

  /** @returns whether a page can set it */
  #takeHeader(draft: Draft, name: string, value: string): boolean {
    if (!isToken(name) || isForbiddenRequestHeader(name, value)) {
      const why = isToken(name) ? 'no page may set it' : 'that is not a valid header name'
      this.#say(draft, `the header ${argument(name)} is left out: ${why}`)
      return false
    }
    draft.headers[byteLowercase(name)] = isHeaderValue(value) ? value : unsafeValueFor(name)
    return true
  }

  /** What proves who is asking. Of several ways any will do, and a policy must let all of them pass. */
  #takeSecurity(draft: Draft, operation: Members): void {
    const ways = listOf(operation.security ?? this.#document.root.security).filter(isRecord)
    const names = [...new Set(ways.flatMap((way) => Object.keys(way)))]
    const components = this.#document.resolve(this.#document.root.components)
    const schemes = new Map(this.#document.entries(components, 'securitySchemes'))
    for (const name of names) {
      const scheme = schemes.get(name)
      if (scheme === undefined)
        this.#say(draft, `the security scheme ${argument(name)} is not in this document`)
      else this.#takeScheme(draft, name, scheme)
    }
    if (ways.length > 1 && names.length > 1)
      this.#say(
        draft,
        `${listed(names.map(argument), 'or')} lets a request in: requests carry all of them together`,
      )
  }

  #takeScheme(draft: Draft, name: string, scheme: Members): void {
    const key = stringOf(scheme, 'name') ?? ''
    const place =
      scheme.type === 'apiKey' ? scheme.in : scheme.type === 'mutualTLS' ? 'certificate' : 'authorization'
    switch (place) {
      case 'query':
        draft.query[key] = 'expect-cors'
        break
      case 'cookie':
      case 'certificate':
        draft.credentials = true
        break
      default: {
        const header = place === 'header' ? key : 'authorization'
        const basic = place !== 'header' && String(scheme.scheme).toLowerCase() === 'basic'
        this.#takeHeader(draft, header, basic ? 'Basic ZXhwZWN0LWNvcnM6' : unsafeValueFor(header))
        draft.proofs.push(byteLowercase(header))
      }
    }
    const what = {
      query: 'a key in the query',
      cookie: 'a cookie',
      certificate: 'a certificate',
      header: `the header ${argument(key)}`,
    }
    this.#makeUp(
      draft,
      `${argument(name)} asks for ${what[place as keyof typeof what] ?? 'the header authorization'}, but no value is known that lets a request in`,
    )
  }

  /** A body is not sent; what it is called decides whether browsers ask before. */
  #takeBody(draft: Draft, operation: Members): void {
    const body = this.#document.resolve(operation.requestBody)
    if (body !== undefined && draft.method !== 'GET' && draft.method !== 'HEAD') {
      const types = this.#document.entries(body, 'content').map(([type]) => type)
      const unsafe = types.find((type) => !isCorsSafelistedRequestHeader('content-type', type))
      if (unsafe?.includes('*') === true) {
        draft.headers['content-type'] = 'application/json'
        this.#say(draft, `its body is ${argument(unsafe)}: 'application/json' is used instead`)
      } else if (unsafe !== undefined) draft.headers['content-type'] = unsafe
    }
    const asksBefore =
      draft.method !== 'POST' ||
      Object.entries(draft.headers).some(([name, value]) => !isCorsSafelistedRequestHeader(name, value))
    if (!isSafeMethod(draft.method) && !asksBefore)
      this.#say(draft, 'browsers send it without a preflight, so it is judged only with send: true')
  }

  /** Headers that scripts read, and the statuses that are known how to get. */
  #takeResponses(draft: Draft, operation: Members): Record<string, ContractStatus> {
    const responses = this.#document.entries(operation, 'responses')
    for (const [status, response] of responses) {
      const names = this.#document.entries(response, 'headers').map(([name]) => name)
      const readable = names.filter((name) => isToken(name) && isRead(name))
      if (/^(?:2|default$)/i.test(status)) for (const name of readable) draft.exposes.add(byteLowercase(name))
      else if (readable.length > 0)
        this.#say(
          draft,
          `whether a script must be able to read ${listed(readable.map(argument))} of ${status}`,
        )
    }
    const declared = responses.map(([status]) => status)
    const statuses: Record<string, ContractStatus> = {}
    if (!isSafeMethod(draft.method)) return statuses
    const success = declared.filter((status) => /^2\d\d$/.test(status)).sort()[0]
    if (success !== undefined && draft.madeUp.length === 0) statuses[success] = {}
    if (declared.includes('401') && draft.proofs.length > 0) statuses['401'] = { without: draft.proofs }
    const [parameter] = draft.freeText
    if (
      declared.includes('404') &&
      parameter !== undefined &&
      draft.proofs.length === 0 &&
      !draft.credentials
    )
      statuses['404'] = { params: { [parameter]: 'expect-cors-none' } }
    const others = declared.filter((status) => !Object.hasOwn(statuses, status))
    if (others.length > 0) this.#say(draft, `how to provoke ${listed(others.map((status) => shown(status)))}`)
    return statuses
  }

  #written(draft: Draft, statuses: Record<string, ContractStatus>): unknown {
    const { headers, params, query, exposes, credentials } = draft
    const filled = { headers, params, query, statuses }
    return {
      ...(credentials && !this.#isOpen ? { credentials: 'include' } : {}),
      ...Object.fromEntries(Object.entries(filled).filter(([, value]) => Object.keys(value).length > 0)),
      ...(exposes.size > 0 ? { exposes: [...exposes] } : {}),
    }
  }
}

/** Whether a script reads a response header only where it is exposed. */
function isRead(name: string): boolean {
  return (
    !isCorsSafelistedResponseHeaderName(name) &&
    !isForbiddenResponseHeaderName(name) &&
    !byteLowercase(name).startsWith('access-control-')
  )
}

/** A name for a parameter: `orderId` for `order-id`. */
function identifier(name: string): string {
  const joined = name
    .replace(/[^A-Za-z0-9_]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase())
    .replace(/^(?=\d)/, '_')
  return joined === '' ? 'value' : joined
}
