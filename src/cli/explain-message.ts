/** `expect-cors explain --message`: a console's message taken apart, without asking anybody. */

import type { Paint } from '../diagnose/colors.js'
import { codeMeanings, looksLikeMeanings, type Meaning } from '../diagnose/console/meanings.js'
import { type ReadMessage, readMessage } from '../diagnose/console/read-message.js'
import { docsFor, pageAbout } from '../diagnose/docs.js'
import { engineName } from '../diagnose/engines.js'
import { explainCommand } from '../diagnose/explain-command.js'
import { canOpen } from '../matchers/assert/conclude.js'
import { redactText, redactUrl } from '../text/redact.js'
import { counted, escapeLines, literal, shown } from '../text/shown.js'
import { CommandError } from './command-error.js'

/** What a message means, and how to see it for oneself. */
export interface ExplainedMessage {
  readonly read: ReadMessage
  /** Each possible cause with its meaning, the likeliest first. */
  readonly causes: readonly (Meaning & { readonly code: string; readonly docs: readonly string[] })[]
  /** The command that asks the server; undefined where the message does not say which, or where no server has a part in it. */
  readonly command: string | undefined
  /** What the message does not tell and the command needs. */
  readonly fillIn: string | undefined
}

/** @throws CommandError where nothing in the text is known */
export function explainMessage(text: string): ExplainedMessage {
  const read = readMessage(text)
  if (read === null || (read.codes.length === 0 && read.looksLike === undefined)) {
    throw new CommandError(
      `no browser console message was recognized in ${literal(text.trim())}; paste the whole line, such as "Access to fetch at 'https://api.example.com/orders' from origin 'https://app.example.com' has been blocked by CORS policy: …"`,
    )
  }
  return { read, causes: causesOf(read), ...reproduction(read) }
}

function causesOf({ codes, looksLike }: ReadMessage): ExplainedMessage['causes'] {
  if (looksLike !== undefined)
    return [{ code: looksLike, ...looksLikeMeanings[looksLike], docs: [pageAbout(looksLike)] }]
  return codes.flatMap((code) => {
    const meaning = codeMeanings[code]
    return meaning === undefined ? [] : [{ code, ...meaning, docs: docsFor(code) }]
  })
}

/** What is not sent, or not by the server's doing, cannot be asked again. */
function reproduction(read: ReadMessage): Pick<ExplainedMessage, 'command' | 'fillIn'> {
  const { url, origin, method, header, credentials, blockedAt } = read
  const none = { command: undefined, fillIn: undefined }
  if (read.looksLike !== undefined || blockedAt === 'request') return none
  if (url === undefined || !/^https?:/.test(url)) return none
  const lacking = [
    ...(origin === undefined ? ["the page's origin"] : []),
    ...(method === undefined && header === undefined && blockedAt === 'preflight'
      ? ["the call's method and headers"]
      : []),
    ...(method === undefined && header !== undefined ? ["the call's method"] : []),
  ]
  const preflighted = method === undefined && header === undefined && blockedAt === 'preflight'
  return {
    command: explainCommand({
      url,
      origin: origin ?? 'https://app.example.com',
      // Any method that needs a preflight: which one it was, the message does not say.
      method: preflighted ? 'PUT' : method,
      credentials: credentials === true ? 'include' : undefined,
      headers: header === undefined ? [] : [[header, '1']],
    }),
    fillIn: lacking.length === 0 ? undefined : lacking.join(' and '),
  }
}

/** The same for people. */
export function messageReport({ read, causes, command, fillIn }: ExplainedMessage, paint: Paint): string {
  const who = read.voice === null ? 'A browser' : `${engineName(read.voice)}`
  const what = read.looksLike === undefined ? '' : ', which is not CORS'
  const [first] = causes
  const heading =
    causes.length > 1
      ? `${who} prints this for ${counted(causes.length)} different faults, the likeliest first:`
      : `${who} says: ${first?.code}${what}${placeOf(read)}`
  const told = [
    ['page', read.origin],
    ['URL', read.url === undefined ? undefined : redactUrl(read.url)],
    ['method', read.method],
    ['header', read.header],
    ['value', read.value === undefined ? undefined : redactText(read.value)],
    ['status', read.status === undefined ? undefined : String(read.status)],
  ] as const
  return [
    paint.strong(heading),
    told
      .flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(8)}${shown(value)}`]))
      .join('\n'),
    ...causes.map(({ code, means, change, docs }) =>
      [
        ...(causes.length > 1 ? [paint.strong(code)] : []),
        escapeLines(means),
        `${paint.strong('What to do:')} ${change}`,
        `Read on: ${docs.find(canOpen) ?? docs[0] ?? ''}`,
      ].join('\n'),
    ),
    command === undefined
      ? ''
      : [
          `See what the server says, and which of its lines is wrong${fillIn === undefined ? '' : ` (fill in ${fillIn})`}:`,
          `  ${command}`,
        ].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function placeOf({ blockedAt }: ReadMessage): string {
  return blockedAt === 'preflight' ? ', on the preflight' : blockedAt === 'redirect' ? ', on a redirect' : ''
}
