/** What commands have in common that report on servers: they may be interrupted, and their report may go to a file. */

import { writeFileSync } from 'node:fs'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'

/** Runs until it is done, or told to end by Ctrl-C; the second time that is meant at once. */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController()
  const interrupt = (): void => {
    if (interrupted.signal.aborted) process.exit(130)
    interrupted.abort()
  }
  process.on('SIGINT', interrupt)
  try {
    return await run(interrupted.signal)
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** The report where it was asked for, and its headline alone on the terminal where that is a file. @throws CommandError where that cannot be written */
export function writeReport(
  text: string,
  headline: string,
  file: string | undefined,
  out: (text: string) => void,
): void {
  if (file === undefined) {
    out(`${text}\n`)
    return
  }
  try {
    writeFileSync(file, `${text}\n`)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new CommandError(`--output ${literal(file)} cannot be written (${code})`)
  }
  out(`${headline}; the report is in ${literal(file)}\n`)
}
