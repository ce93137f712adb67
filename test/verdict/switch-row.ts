/** One question about a switch: see switches.test.ts. */
import type { Profile } from '../../src/engines/profiles.js'
import type { Deviations } from '../../src/fetch/deviations.js'

export interface Row {
  readonly show: (profile: Profile) => unknown
  readonly standard: unknown
  /** What engines whose switch is set answer; a record where they differ. */
  readonly engines: unknown
}

export class By {
  constructor(readonly answers: Partial<Record<Profile, unknown>>) {}
}

export type SwitchName = {
  [Section in keyof Deviations]: `${Section}.${keyof Deviations[Section] & string}`
}[keyof Deviations]
