/** What keeps a command from its task, in one line: a wrong argument, or what cannot be judged. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
