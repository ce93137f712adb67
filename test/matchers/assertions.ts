/** Telling apart what an assertion can do: hold, fail, or refuse to judge. */
import { stripVTControlCharacters } from 'node:util'
import { isCorsNetworkError, isCorsUsageError } from 'expect-cors'

async function thrownBy(assertion: () => unknown): Promise<unknown> {
  try {
    await assertion()
  } catch (error) {
    return error
  }
  throw new Error('the assertion held, and should not have')
}

/** The message of an assertion that fails: a verdict, neither a wrong use nor an error of the network. */
export async function failure(assertion: () => unknown): Promise<string> {
  const error = await thrownBy(assertion)
  if (isCorsUsageError(error) || isCorsNetworkError(error) || !(error instanceof Error)) throw error
  // The colors are the runner's.
  return stripVTControlCharacters(error.message)
}

/** The message of an assertion that refuses to judge. */
export async function refusal(assertion: () => unknown): Promise<string> {
  const error = await thrownBy(assertion)
  if (isCorsUsageError(error) || isCorsNetworkError(error)) return error.message
  throw new Error('expected a usage or network error, not a failed assertion', { cause: error })
}

/** The first line of a message, which is all that some tools show. */
export function firstLine(message: string): string {
  return message.split('\n')[0] ?? ''
}
