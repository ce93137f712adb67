/** Reads the code samples of a Markdown page. */

/** What becomes of a sample; each `ts` block says it in a comment above it, `<!-- sample: passes -->`. */
const KINDS = ['setup', 'passes', 'fails', 'test file passes', 'test file fails', 'not run'] as const

export interface Sample {
  readonly kind: (typeof KINDS)[number]
  /** The page and line, and the heading it stands under. */
  readonly name: string
  readonly code: string
  /** The message of a sample that fails: the `text` block after it. */
  readonly message?: string
  /** The lines of that block in the page, first and last. */
  readonly messageLines?: readonly [number, number]
}

/** What a sample that is not run begins with, so that a reader sees it too. */
const NOT_RUN = '_Not run by our tests:'

/** Reads a page's samples, in order. @throws Error for a block that does not say what becomes of it */
export function readSamples(page: string, text: string): Sample[] {
  const lines = text.split('\n')
  const samples: Sample[] = []
  let heading = ''
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '').replaceAll('`', '')
    const fence = /^```(\w*)$/.exec(line)
    if (fence === null) continue
    const end = lines.indexOf('```', index + 1)
    const where = `${page}:${index + 1}`
    if (end === -1) throw new Error(`${where}: the block does not end`)
    if (/^(js|mjs|javascript|typescript)$/.test(fence[1] ?? ''))
      throw new Error(`${where}: samples are ts, so that they are run`)
    if (fence[1] === 'ts') {
      const kind = kindOf(lines, index, where)
      const code = lines.slice(index + 1, end).join('\n')
      const name = `line ${index + 1}, ${heading}`
      samples.push({ kind, name, code, ...(kind.endsWith('fails') ? messageOf(lines, end, where) : {}) })
    }
    index = end
  }
  return samples
}

function kindOf(lines: readonly string[], fence: number, where: string): Sample['kind'] {
  for (let index = fence - 1; index >= 0; index -= 1) {
    const line = lines[index] as string
    const kind = KINDS.find((name) => line === `<!-- sample: ${name} -->`)
    if (kind === undefined && (line === '' || line.startsWith(NOT_RUN))) continue
    if (kind === undefined) break
    if (kind === 'not run' && !lines.slice(index, fence).some((text) => text.startsWith(NOT_RUN)))
      throw new Error(`${where}: a sample that is not run says why: ${NOT_RUN} …_`)
    return kind
  }
  throw new Error(
    `${where}: say what becomes of this sample, one of ${KINDS.map((name) => `<!-- sample: ${name} -->`).join(', ')}`,
  )
}

function messageOf(
  lines: readonly string[],
  end: number,
  where: string,
): Pick<Sample, 'message' | 'messageLines'> {
  const next = lines.findIndex((line, index) => index > end && /^(```|#)/.test(line))
  if (lines[next] !== '```text')
    throw new Error(`${where}: a sample that fails is followed by its message in a text block`)
  const last = lines.indexOf('```', next + 1)
  return { message: lines.slice(next + 1, last).join('\n'), messageLines: [next + 1, last] }
}

/** A page with other messages in the place of some samples'. */
export function withMessages(text: string, messages: ReadonlyMap<Sample, string>): string {
  const lines = text.split('\n')
  const ordered = [...messages].sort(([a], [b]) => (b.messageLines?.[0] ?? 0) - (a.messageLines?.[0] ?? 0))
  for (const [{ messageLines }, message] of ordered) {
    if (messageLines === undefined) continue
    const [first, last] = messageLines
    lines.splice(first, last - first, ...message.split('\n'))
  }
  return lines.join('\n')
}

/** The text a page shows for a message: without what differs from run to run, and without colors. */
export function shownMessage(message: string): string {
  return (
    message
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colors begin with one
      .replace(/\u001b\[[\d;]*m/g, '')
      .replace(/^([<>✗→] (?:date|etag): ).*$/gim, '$1…')
      .replace(/\br[0-9a-z]{4,12}\.(example|test|invalid)\b/g, 'r….$1')
      .replace(/(127\.0\.0\.1|localhost):\d{5}/g, '$1:…')
      .trimEnd()
  )
}

/** A sample as a module: the page's set-up and the sample's imports at its top, the rest in a function. */
export function moduleOf(setup: readonly Sample[], sample: Sample): string {
  const imports = new Set<string>(["import { expect as expectDocumented } from 'vitest'"])
  const body = (code: string): string =>
    code
      .replace(/^import [^;]*?(?:from )?'[^']+'$/gm, (statement) => {
        for (const line of separateImports(statement)) imports.add(line)
        return ''
      })
      .replace(/^( *)(\S.*?) +\/\/ → (.+)$/gm, '$1expectDocumented($2).toEqual($3)')
  const top = setup.map(({ code }) => body(code)).join('\n')
  const own = body(sample.code)
  return `${[...imports].join('\n')}\n${top}\nexport async function sample() {\n${own}\n}\n`
}

/** One import for each name, so that the same name imported twice is the same line. */
function separateImports(statement: string): string[] {
  const named = /^import (type )?\{([^}]*)\} from ('[^']+')$/.exec(statement)
  if (named === null) return [statement]
  return (named[2] as string)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => `import ${named[1] ?? ''}{ ${name} } from ${named[3]}`)
}
