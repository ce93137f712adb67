/**
 * What is wrong with each recorded server, from its configuration: which origins it allows, which responses its CORS rules leave out, and
 * what its owner would have to change there.
 */
import type { CorsCause } from 'expect-cors'

/** One question that every server was asked. */
export interface Probe {
  readonly origin: string
  readonly path: string
  /** The method that a preflight asks for; a GET where there is none. */
  readonly preflight?: string
  readonly headers?: readonly string[]
}

/** What is true of a configuration. */
export interface Configuration {
  readonly allows: (origin: string) => boolean
  /** What is at fault where no CORS rules run for a response, whatever its origin. */
  readonly uncovered?: (probe: Probe, status: number) => readonly CorsCause[] | undefined
  /** Whether the rules refuse a method or a header of a preflight as they refuse an origin. */
  readonly refusesAlike?: boolean
  /** Whether a cache in front gives one origin what it kept for another. */
  readonly isCached?: boolean
}

const APP = 'https://app.example.com'
const LISTED = [APP, 'http://localhost:3000']

const listed = (origin: string): boolean => LISTED.includes(origin)
const any = (): boolean => true
const none = (): boolean => false
const only = (origin: string): boolean => origin === APP
const matching =
  (pattern: RegExp) =>
  (origin: string): boolean =>
    pattern.test(origin)

type Uncovered = NonNullable<Configuration['uncovered']>

/** No CORS rules at all. */
const noCors: Uncovered = ({ preflight }, status) =>
  preflight === undefined
    ? ['no-cors-here', ...(status >= 400 ? (['errors-without-cors'] as const) : [])]
    : ['no-cors-here', 'no-options-route', ...(status === 401 ? (['auth-before-cors'] as const) : [])]
/** Authentication in front of the CORS rules. */
const authFirst: Uncovered = (_, status) => (status === 401 ? ['auth-before-cors'] : undefined)
/** Errors with these statuses leave without the headers. */
const bareErrors =
  (...statuses: number[]): Uncovered =>
  ({ preflight }, status) =>
    preflight === undefined && statuses.includes(status) ? ['errors-without-cors'] : undefined
/** The rules run for some paths only. */
const elsewhere =
  (...paths: string[]): Uncovered =>
  (probe, status) =>
    paths.includes(probe.path.replace('/api/', '')) ? undefined : noCors(probe, status)
/** GET has rules, OPTIONS has none. */
const noPreflights: Uncovered = ({ preflight }, status) =>
  preflight === undefined
    ? undefined
    : ['no-cors-here', 'no-options-route', ...(status === 401 ? (['auth-before-cors'] as const) : [])]
const both =
  (...rules: Uncovered[]): Uncovered =>
  (probe, status) => {
    const causes = rules.flatMap((rule) => rule(probe, status) ?? [])
    return causes.length === 0 ? undefined : causes
  }
/** A gateway whose app is down. */
const gatewayDown: Uncovered = (_, status) => (status >= 502 ? ['gateway'] : undefined)

const LOOSE = /app.example.com/
const correct: Configuration = { allows: listed }
const star: Configuration = { allows: any }
const bare: Configuration = { allows: listed, uncovered: noCors }

/** Each configuration by the name it was recorded under: the server, how its CORS is set up, and after `+` that of the app behind it. */
export const configurations: Readonly<Record<string, Configuration>> = {
  'express:correct': correct,
  'express:default': star,
  'express:reflect': star,
  'express:starcreds': star,
  'express:afterauth': { allows: listed, uncovered: authFirst },
  'express:regexloose': { allows: matching(LOOSE) },
  'express:endswith': {
    allows: (origin) => origin === 'null' || /app\.example\.com$|^http:\/\/localhost:3000/.test(origin),
  },
  'express:throwing': correct,
  'express:string': { allows: only },
  'express:handwritten': correct,
  'express:handwrittenvary': correct,
  'express:routelevel': { allows: listed, uncovered: both(elsewhere('items'), noPreflights) },
  'express:none': bare,
  'fastify:correct': correct,
  'fastify:default': star,
  'fastify:reflect': star,
  'fastify:afterauth': { allows: listed, uncovered: authFirst },
  'hono:correct': correct,
  'hono:default': star,
  'hono:reflect': star,
  'hono:starcreds': star,
  'hono:afterauth': { allows: listed, uncovered: authFirst },
  'hono:rawresponse': correct,
  'koa:correct': correct,
  'koa:default': star,
  'koa:credsdefault': star,
  'koa:reflect': star,
  'koa:keepfalse': { allows: listed, uncovered: bareErrors(500) },
  'koa:afterauth': { allows: listed, uncovered: authFirst },
  'nest:correct': correct,
  'nest:default': star,
  'nest:authmw': { allows: listed, uncovered: authFirst },
  'nest:none': bare,
  'h3v1:correct': correct,
  'h3v1:default': star,
  'h3v2:correct': correct,
  'h3v2:default': star,
  's3rver:correct': {
    allows: listed,
    refusesAlike: true,
    uncovered: (probe, status) => (status === 404 || status === 405 ? noCors(probe, status) : undefined),
  },
  's3rver:none': { allows: none, refusesAlike: true },
  's3rver:wild': {
    allows: any,
    refusesAlike: true,
    uncovered: (probe, status) => (status === 404 ? noCors(probe, status) : undefined),
  },
  'yoga:correct': correct,
  'yoga:default': star,
  'apollo:correct': {
    allows: listed,
    uncovered: (probe, status) => (status === 404 ? noCors(probe, status) : undefined),
  },
  'apollo:default': star,
  'vite:correct': correct,
  'vite:default': { allows: matching(/^https?:\/\/localhost(:\d+)?$/) },
  'vite:true': star,
  'vite:false': bare,
  'viteproxy:default+correct': { allows: ({ length }) => length === LISTED[1]?.length },
  'viteproxy:default+none': { allows: matching(/^https?:\/\/localhost(:\d+)?$/) },
  'viteproxy:correct+correct': correct,
  'viteproxy:correct+none': correct,
  'viteproxy:false+correct': correct,
  'viteproxy:false+none': bare,
  'wds:default+correct': correct,
  'wds:default+none': bare,
  'wds:star+correct': correct,
  'wds:star+none': star,
  'hpm:plain+correct': correct,
  'hpm:plain+none': bare,
  'hpm:double+correct': correct,
  'hpm:double+none': correct,
  'hpm:doublestar+correct': correct,
  'hpm:doublestar+none': star,
  'hpm:stripOrigin+correct': { allows: none, uncovered: () => ['origin-not-passed-on'] },
  'hpm:stripOrigin+none': bare,
  'hpm:onres+correct': star,
  'hpm:onres+none': star,
  jsonserver017: star,
  'nginx:naive+none': { allows: matching(LOOSE), uncovered: bareErrors(401, 404, 500) },
  'nginx:naive+correct': { allows: matching(LOOSE) },
  'nginx:naive2+none': { allows: any, uncovered: bareErrors(401, 404, 500) },
  // nginx adds nothing to errors, and the app behind it does not list every origin.
  'nginx:naive2+correct': {
    allows: any,
    uncovered: (_, status) => (status >= 400 ? ['origin-not-listed'] : undefined),
  },
  'nginx:inherit+none': bare,
  'nginx:map+none': correct,
  'nginx:map+correct': correct,
  'nginx:noalways+none': { allows: listed, uncovered: bareErrors(401, 404, 500) },
  'nginx:maphide+correct': correct,
  'nginx:basicauth+none': { allows: listed, uncovered: authFirst },
  'nginx:cache+handwritten': { allows: listed, isCached: true },
  'nginx:cache+handwrittenvary': correct,
  'nginx:ratelimit+none': correct,
  'apache:always+none': correct,
  'apache:always+correct': correct,
  'apache:onsuccess+none': {
    allows: matching(/^https:\/\/app.example.com|^http:\/\/localhost:3000/),
    uncovered: noPreflights,
  },
  'apache:onsuccess+correct': { allows: listed, uncovered: noPreflights },
  'apache:add+correct': correct,
  'apache:add+none': { allows: any, uncovered: authFirst },
  'apache:auth+none': { allows: listed, uncovered: authFirst },
  'lighttpd:ok+none': correct,
  'lighttpd:ok+correct': correct,
  'lighttpd:star+correct': correct,
  'lighttpd:pct0+none': { allows: none, uncovered: noCors },
  'haproxy:ok+none': correct,
  'haproxy:ok+correct': correct,
  'haproxy:down': { allows: listed, uncovered: gatewayDown },
  'haproxy:dup+correct': correct,
  'caddy:ok+none': correct,
  'caddy:ok+correct': correct,
  'caddy:naive+none': star,
  'caddy:naive+correct': star,
  'caddy:ok-down': correct,
  'varnish+handwritten': { allows: listed, isCached: true },
  'varnish+handwrittenvary': correct,
  'varnish+correct': correct,
  'varnish-down': { allows: listed, uncovered: gatewayDown },
  'flask:correct': correct,
  'flask:default': star,
  'flask:resources': { allows: listed, uncovered: elsewhere('items') },
  'flask:starcreds': star,
  'flask:afterauth': { allows: listed, uncovered: authFirst },
  'flask:regexloose': { allows: matching(/^https:\/\/.*app.example.com/) },
  'django:correct': correct,
  'django:default': { allows: none },
  'django:last': {
    allows: listed,
    uncovered: both(authFirst, ({ path, preflight }) =>
      path.endsWith('slash') && preflight === undefined ? ['redirected'] : undefined,
    ),
  },
  'django:all': star,
  'django:regexloose': { allows: matching(/^https:\/\/app.example.com/) },
  'django:prefix': { allows: listed, uncovered: elsewhere('items') },
  'php:correct': correct,
  'php:naive': star,
  'php:star': { allows: any, uncovered: authFirst },
  'fastapi:correct': { allows: listed, uncovered: bareErrors(500) },
  'fastapi:all': { allows: any, uncovered: bareErrors(500) },
  'fastapi:regexloose': { allows: matching(/^https:\/\/.*app.example.com$/), uncovered: bareErrors(500) },
  'fastapi:afterauth': { allows: listed, uncovered: both(bareErrors(500), authFirst) },
  'rack:correct': { allows: listed, refusesAlike: true, uncovered: bareErrors(500) },
  'rack:star': { allows: any, refusesAlike: true, uncovered: bareErrors(500) },
  'rack:regexloose': { allows: matching(LOOSE), refusesAlike: true, uncovered: bareErrors(500) },
  'tomcat10:correct': { allows: listed, refusesAlike: true },
  'tomcat10:default': { allows: none, refusesAlike: true },
  'tomcat10:star': { allows: any, refusesAlike: true },
  'spring4:correct': { allows: listed, refusesAlike: true },
  'spring4:filter': { allows: listed, refusesAlike: true, uncovered: authFirst },
  'spring4:annot': {
    allows: listed,
    refusesAlike: true,
    uncovered: both(authFirst, (probe, status) => (status === 404 ? noCors(probe, status) : undefined)),
  },
  'spring4:global': {
    allows: listed,
    refusesAlike: true,
    uncovered: both(authFirst, (probe, status) => (status === 404 ? noCors(probe, status) : undefined)),
  },
  'spring4:default': {
    allows: any,
    refusesAlike: true,
    uncovered: both(authFirst, (probe, status) => (status === 404 ? noCors(probe, status) : undefined)),
  },
}
