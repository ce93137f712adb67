/** Several signals as one. */

/** What a signal follows lives as long as it does. */
const followed = new WeakMap<AbortSignal, readonly AbortSignal[]>()

/** `AbortSignal.any`, which does not hold what it follows: in Node a timeout that nobody else holds is collected, and never comes. */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const any = AbortSignal.any([...signals])
  followed.set(any, signals)
  return any
}
