/** A form's submission, whose target is a frame: the page stays. */
import { bodyClassOf } from '../fetch/body.js'
import { checkNames } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { Journey } from '../verdict/verdict.js'
import { withLineBreaks } from './body-bytes.js'
import { type PageState, send } from './page-fetch.js'

/** What a form's attributes say. */
export interface FormOptions {
  /** Default `application/x-www-form-urlencoded`. */
  readonly enctype?: 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain' | undefined
}

/** The values of a form's fields, by name; a file is a value, too. */
export type FormFields =
  | Readonly<Record<string, string | Blob>>
  | Iterable<readonly [name: string, value: string | Blob]>
  | URLSearchParams
  | FormData

const ENCODINGS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
const OPTIONS: readonly string[] = ['enctype'] satisfies readonly (keyof FormOptions)[]

/** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm */
export async function postForm(
  page: PageState,
  url: string | URL,
  fields: FormFields,
  options: FormOptions,
): Promise<Journey> {
  const { enctype = 'application/x-www-form-urlencoded' } = checkOptions(options)
  const { journey } = await send(
    page,
    { url: String(url), initiator: 'form', ...encoded(entriesOf(fields), enctype) },
    undefined,
  )
  return journey
}

/** @throws CorsUsageError */
function checkOptions(options: FormOptions): FormOptions {
  if (!hasMembers(options as unknown))
    throw new CorsUsageError(`page.postForm() takes an object of options; got ${describeValue(options)}`)
  checkNames(options, OPTIONS, 'page.postForm()')
  const { enctype } = options
  if (enctype !== undefined && !ENCODINGS.includes(enctype))
    throw new CorsUsageError(
      `page.postForm(): enctype must be one of ${ENCODINGS.join(', ')}; got ${literal(String(enctype))}`,
    )
  return options
}

type Entry = readonly [name: string, value: string | Blob]

/** @throws CorsUsageError */
function entriesOf(fields: FormFields): Entry[] {
  if (!hasMembers(fields))
    throw new CorsUsageError(
      `page.postForm() takes a URL and the fields of a form, { name: 'value' }; got ${describeValue(fields)}`,
    )
  const isIterable = typeof (fields as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
  const pairs = isIterable ? (fields as unknown as Iterable<unknown>) : Object.entries(fields)
  return Array.from(pairs, (pair) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new CorsUsageError(
        `page.postForm(): each of a list of fields must be a pair, ['name', 'value']; got ${describeValue(pair)}`,
      )
    return [withLineBreaks(String(pair[0])), fieldValue(pair[0], pair[1])]
  })
}

/** @throws CorsUsageError for what would only be sent as "undefined" or "[object Object]" */
function fieldValue(name: unknown, value: unknown): string | Blob {
  if (bodyClassOf(value) === 'Blob') return value as Blob
  if (value === null || !['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    const several = Array.isArray(value)
      ? ": a field that has several values is there once for each, [['a', '1'], ['a', '2']]"
      : ''
    throw new CorsUsageError(
      `page.postForm(): the value of ${literal(String(name))} must be text or a file; got ${describeValue(value)}${several}`,
    )
  }
  return withLineBreaks(String(value))
}

/** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-as-entity-body */
function encoded(
  entries: readonly Entry[],
  enctype: NonNullable<FormOptions['enctype']>,
): { body: string | FormData; headers: [string, string][] } {
  if (enctype === 'multipart/form-data') {
    const form = new FormData()
    for (const [name, value] of entries) form.append(name, value as string)
    return { body: form, headers: [] }
  }
  const texts = entries.map(([name, value]): [string, string] => [name, nameOf(value)])
  const body =
    enctype === 'text/plain'
      ? texts.map(([name, value]) => `${name}=${value}\r\n`).join('')
      : new URLSearchParams(texts).toString()
  return { body, headers: [['Content-Type', enctype]] }
}

/** Where a form is not multipart, a file is its name. */
const nameOf = (value: string | Blob): string =>
  typeof value === 'string' ? value : ((value as Partial<File>).name ?? 'blob')
