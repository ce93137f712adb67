/** What to add to CORS rules that are there and allow the request, where only a response header of theirs is to say more. */
import type { Header } from '../../fetch/header-list.js'
import { equalsIgnoringCase } from '../../fetch/http-tokens.js'
import { doubles, type Remedy, singles } from './remedy.js'
import type { ServerName } from './server-names.js'

/** How one server says it. */
interface Options {
  /** Where it is said, as a sentence goes on after "Add this to". */
  readonly place: string
  readonly exposed: (names: readonly string[]) => string
  readonly maxAge: (seconds: string) => string
}

/** A server whose rules are an object of options. */
const object = (place: string, exposed: string): Options => ({
  place,
  exposed: (names) => `${exposed}: ${singles(names)},`,
  maxAge: (seconds) => `maxAge: ${seconds},`,
})

const python = (place: string): Options => ({
  place,
  exposed: (names) => `expose_headers=${doubles(names)},`,
  maxAge: (seconds) => `max_age=${seconds},`,
})

const OPTIONS: Readonly<Partial<Record<ServerName, Options>>> = {
  express: object('the options of cors()', 'exposedHeaders'),
  nest: object('the options of enableCors()', 'exposedHeaders'),
  vite: object('server.cors', 'exposedHeaders'),
  fastify: object('the options of @fastify/cors', 'exposedHeaders'),
  koa: object('the options of cors()', 'exposeHeaders'),
  hono: object('the options of cors()', 'exposeHeaders'),
  h3: {
    ...object('the options of handleCors()', 'exposeHeaders'),
    maxAge: (seconds) => `maxAge: '${seconds}',`,
  },
  flask: python('CORS()'),
  fastapi: python('CORSMiddleware'),
  django: {
    place: 'settings.py',
    exposed: (names) => `CORS_EXPOSE_HEADERS = ${doubles(names)}`,
    maxAge: (seconds) => `CORS_PREFLIGHT_MAX_AGE = ${seconds}`,
  },
  'rack-cors': {
    place: 'the resource line',
    exposed: (names) => `expose: ${singles(names)}`,
    maxAge: (seconds) => `max_age: ${seconds}`,
  },
  spring: {
    place: 'the CORS mapping',
    exposed: (names) => `.exposedHeaders(${names.map((name) => `"${name}"`).join(', ')})`,
    maxAge: (seconds) => `.maxAge(${seconds})`,
  },
  aspnet: {
    place: 'the CORS policy',
    exposed: (names) => `.WithExposedHeaders(${names.map((name) => `"${name}"`).join(', ')})`,
    maxAge: (seconds) => `.SetPreflightMaxAge(TimeSpan.FromSeconds(${seconds}))`,
  },
  nginx: {
    place: 'the existing add_header lines for CORS, replacing any of the same name',
    exposed: (names) => `add_header Access-Control-Expose-Headers "${names.join(', ')}" always;`,
    maxAge: (seconds) => `add_header Access-Control-Max-Age ${seconds};`,
  },
  apache: {
    place: 'the existing Header lines for CORS',
    exposed: (names) => `Header always set Access-Control-Expose-Headers "${names.join(', ')}"`,
    maxAge: (seconds) => `Header always set Access-Control-Max-Age ${seconds}`,
  },
  caddy: {
    place: 'the existing header directive for CORS',
    exposed: (names) => `Access-Control-Expose-Headers "${names.join(', ')}"`,
    maxAge: (seconds) => `Access-Control-Max-Age ${seconds}`,
  },
}

/**
 * The option behind a header that is to be sent, for the first server that has one; the other options stay.
 * @example addedOption(['Access-Control-Max-Age', '600'], ['express']) // { for: 'express', title: 'Add this to the options of cors(), …', snippet: 'maxAge: 600,' }
 */
export function addedOption([name, value]: Header, servers: readonly ServerName[]): Remedy | undefined {
  for (const server of servers) {
    const options = OPTIONS[server]
    if (options === undefined) continue
    const title = `Add this to ${options.place}, and keep the rest`
    if (equalsIgnoringCase(name, 'Access-Control-Expose-Headers'))
      return { for: server, title, snippet: options.exposed(value.split(',').map((each) => each.trim())) }
    if (equalsIgnoringCase(name, 'Access-Control-Max-Age') && /^\d+$/.test(value))
      return { for: server, title, snippet: options.maxAge(value) }
  }
  return undefined
}
