/** `configure()`: defaults for every assertion. */
import { isServerName, type ServerName, serverNames } from '../diagnose/remedies/server-names.js'
import { nearest } from '../text/nearest.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkNames, type LiveOptions, optionChecks } from './options.js'
import { hasMembers } from './shape.js'
import { sharedState } from './shared-state.js'

/** Defaults for every assertion. What is absent is at its own default. */
export interface Configuration
  extends Pick<
    LiveOptions,
    | 'engines'
    | 'timeout'
    | 'credentials'
    | 'extraHeaders'
    | 'mixedContent'
    | 'diagnose'
    | 'dispatcher'
    | 'baseUrl'
  > {
  /** Whether the Fetch Standard counts where it is stricter than the engines. Default false: it is a warning. */
  readonly strict?: boolean | undefined
  /** What to do about a negative on a response whose sent origin is unknown. Default `refuse`. */
  readonly unknownOrigin?: 'refuse' | 'trust' | undefined
  /** The server that remedies are written for: `express`, `nginx`, `spring`, …. Default: the one that the app or its response gives away. */
  readonly server?: ServerName | undefined
}

type Check = (value: unknown, where: string) => void

const checks = {
  engines: optionChecks.engines,
  timeout: optionChecks.timeout,
  credentials: optionChecks.credentials,
  extraHeaders: optionChecks.extraHeaders,
  mixedContent: optionChecks.mixedContent,
  diagnose: optionChecks.diagnose,
  dispatcher: optionChecks.dispatcher,
  baseUrl: optionChecks.baseUrl,
  strict(value, where) {
    if (typeof value !== 'boolean') refuse(where, 'strict', 'true or false', value)
  },
  unknownOrigin(value, where) {
    if (value !== 'refuse' && value !== 'trust') refuse(where, 'unknownOrigin', "'refuse' or 'trust'", value)
  },
  server(value, where) {
    if (typeof value === 'string' && isServerName(value)) return
    const near = typeof value === 'string' ? nearest(value, serverNames) : undefined
    throw new CorsUsageError(
      `${where}: server must be one of ${serverNames.join(', ')}; got ${describeValue(value)}${near === undefined ? '' : `. Did you mean '${near}'?`}`,
    )
  },
} satisfies Record<keyof Configuration, Check>

function refuse(where: string, name: string, expected: string, value: unknown): never {
  throw new CorsUsageError(`${where}: ${name} must be ${expected}; got ${describeValue(value)}`)
}

interface Shared {
  configuration?: Configuration
}

/** The defaults that are in force. */
export function getConfiguration(): Configuration {
  return sharedState<Shared>().configuration ?? {}
}

/**
 * Sets defaults for every assertion that follows, here and in every copy of this package. What is not named stays as it is;
 * `undefined` sets it back to its own default.
 *
 * @returns a function that restores what this call has changed
 * @throws CorsUsageError for an unknown name or a value that is not of its type
 * @example
 * configure({ timeout: 10_000, extraHeaders: { 'X-Staging-Token': process.env.STAGING_TOKEN } })
 */
export function configure(configuration: Configuration): () => void {
  const where = 'configure()'
  if (!hasMembers(configuration) || Array.isArray(configuration)) {
    throw new CorsUsageError(`${where} takes an object of defaults; got ${describeValue(configuration)}`)
  }
  checkNames(configuration, Object.keys(checks), where)
  const names = Object.keys(configuration) as (keyof Configuration)[]
  for (const name of names)
    if (configuration[name] !== undefined) (checks[name] as Check)(configuration[name], where)
  const before = getConfiguration()
  change(Object.fromEntries(names.map((name) => [name, configuration[name]])))
  return () => change(Object.fromEntries(names.map((name) => [name, before[name]])))
}

function change(changes: Configuration): void {
  const next = { ...getConfiguration(), ...changes }
  sharedState<Shared>().configuration = Object.freeze(
    Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)),
  ) as Configuration
}
