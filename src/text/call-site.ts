/** Where an error belongs: at the line of the user's that made the call. What lies between is this package's and the runner's, and helps nobody. */

/** Where something was called. */
export interface CallSite {
  readonly stack?: string
}

/** Frames to look through: this package's own come first, and calls below a runner are deep. */
const FRAMES = 60

/** Where what is called now was called from. */
export function callSite(): CallSite {
  const site: CallSite = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = Math.max(stackTraceLimit ?? 0, FRAMES)
  Error.captureStackTrace(site, callSite)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

/** Gives an error the stack of a call, of which the user's own line is the first. */
export function placeAt(error: Error, site: CallSite): void {
  error.stack = `${error.name}: ${error.message}${userFrames(site)}`
}

/** The frames of a call from the user's own on; all of them where none is. */
function userFrames({ stack = '' }: CallSite): string {
  const frames = stack.split('\n').filter((line) => FRAME.test(line))
  const first = frames.findIndex((frame) => !isOwn(frame) && !BETWEEN.test(frame))
  return frames
    .slice(Math.max(first, 0), Math.max(first, 0) + 10)
    .map((frame) => `\n${frame}`)
    .join('')
}

const FRAME = /^\s+at /

/** Frames of Node, and of what runs tests and asserts in them. */
const BETWEEN =
  /\(?node:|[\\/]node_modules[\\/](?:vitest|@vitest|vite|vite-node|chai|expect|@jest|jest[^\\/]*|expect-cors|playwright[^\\/]*|@playwright)[\\/]|\(<anonymous>\)$|\(native\)$/

let own: string | undefined

/** Up to the folder that this package's code is in, built or not. Found with the first error: a stack takes long to write. */
function ownFolder(): string {
  own ??= FOLDER.exec((callSite().stack ?? '').split('\n').find((line) => FRAME.test(line)) ?? '')?.[1] ?? ''
  return own
}

const FOLDER = /((?:file:\/\/)?[^\s(]*[\\/](?:src|dist)[\\/])/

function isOwn(frame: string): boolean {
  return ownFolder() !== '' && frame.includes(ownFolder())
}
