/** Colors for a terminal. */

/** Paints pieces of text. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly unsure: (text: string) => string
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
}

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`

export const colors: Paint = {
  good: sgr(32, 39),
  bad: sgr(31, 39),
  unsure: sgr(33, 39),
  strong: sgr(1, 22),
  dim: sgr(2, 22),
}

const same = (text: string): string => text

/** No colors. */
export const plain: Paint = { good: same, bad: same, unsure: same, strong: same, dim: same }
