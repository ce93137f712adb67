/** What is used of `bun:test`. Its own types, `bun-types`, would put Bun's globals in the place of Node's. */
declare module 'bun:test' {
  export interface Matchers<T = unknown> {
    not: Matchers<T>
  }
  export interface AsymmetricMatchers {}
  export const expect: { extend(matchers: object): void }
  export function describe(name: string, body: () => void): void
  export function test(name: string, run: () => Promise<void>, timeout: number): void
}
