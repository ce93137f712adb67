/** Waiting: for a turn where requests are limited, or for some time. */

import { startTimer, stopTimer } from '../subject/clock.js'

/** Milliseconds, by a clock that no test fakes. */
const now = (): number => process.uptime() * 1000

/** Gives out turns, no more in a second than may be. */
export class Pace {
  private readonly gap: number
  private next = 0

  /** @param rate turns in a second; undefined for no limit */
  constructor(rate: number | undefined) {
    this.gap = rate === undefined ? 0 : 1000 / rate
  }

  /** Whether nobody has to wait. */
  get isFree(): boolean {
    return this.gap === 0 && (this.next === 0 || this.next <= now())
  }

  /** Resolves when it is this one's turn, or when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const start = now()
    if (this.gap === 0) {
      // Whoever waits may be told to wait again.
      for (let left = this.next - start; left > 0 && !signal.aborted; left = this.next - now())
        await pause(left, signal)
      return
    }
    const turn = Math.max(start, this.next)
    this.next = turn + this.gap
    if (turn > start) await pause(turn - start, signal)
  }

  /** Nobody's turn comes before so many milliseconds have passed. */
  hold(milliseconds: number): void {
    this.next = Math.max(this.next, now() + milliseconds)
  }
}

/** Resolves after so many milliseconds, or when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const end = (): void => {
      stopTimer(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = startTimer(end, Math.ceil(milliseconds))
    signal.addEventListener('abort', end, { once: true })
  })
}
