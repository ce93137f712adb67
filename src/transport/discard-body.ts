/** Letting go of a body that nobody reads. */

/**
 * Cancels a body and waits for nothing: its owner may never say that it is done, may refuse, or may have locked it.
 */
export function discardBody(body: object | null | undefined): void {
  if (body === null || body === undefined) return
  // A stream of the web's or its reader; or a stream of Node's.
  const { cancel, destroy } = body as { cancel?: () => unknown; destroy?: () => unknown }
  try {
    const cancelled = typeof cancel === 'function' ? cancel.call(body) : destroy?.call(body)
    Promise.resolve(cancelled).catch(() => {})
  } catch {
    // What it throws says nothing of the response's head.
  }
}
