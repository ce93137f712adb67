/** A way out: what to change, where. */
export interface Remedy {
  /** Where the change goes: `express`, `nginx`, `page`. */
  readonly for: string
  /** What to do, in one line. */
  readonly title: string
  /** What to write, where there is something to write. */
  readonly snippet?: string
}
