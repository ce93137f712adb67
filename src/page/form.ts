/** A form's submission, whose target is a frame: the page stays. */
import { hasMembers } from '../subject/shape.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { Journey } from '../verdict/verdict.js'
import { type PageState, send } from './page-fetch.js'

/** What a form's attributes say. */
export interface FormOptions {
  /** Default `application/x-www-form-urlencoded`. */
  readonly enctype?: 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain' | undefined
}

/** The values of a form's fields, by name. */
export type FormFields =
  | Readonly<Record<string, string>>
  | Iterable<readonly [name: string, value: string]>
  | URLSearchParams
  | FormData

const ENCODINGS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm */
export async function postForm(
  page: PageState,
  url: string | URL,
  fields: FormFields,
  { enctype = 'application/x-www-form-urlencoded' }: FormOptions,
): Promise<Journey> {
  if (!hasMembers(fields))
    throw new CorsUsageError(
      `page.postForm() takes a URL and the fields of a form, { name: 'value' }; got ${describeValue(fields)}`,
    )
  if (!ENCODINGS.includes(enctype))
    throw new CorsUsageError(
      `page.postForm(): enctype must be one of ${ENCODINGS.join(', ')}; got ${literal(String(enctype))}`,
    )
  const entries = entriesOf(fields)
  const { journey } = await send(
    page,
    { url: String(url), initiator: 'form', ...encoded(entries, enctype) },
    undefined,
  )
  return journey
}

type Entry = readonly [name: string, value: string | Blob]

function entriesOf(fields: FormFields): Entry[] {
  const isIterable = typeof (fields as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
  return isIterable
    ? [...(fields as Iterable<Entry>)]
    : Object.entries(fields as Readonly<Record<string, string>>).map(([name, value]) => [name, String(value)])
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
