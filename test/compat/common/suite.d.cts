interface Runner {
  readonly test: (name: string, run: () => Promise<void>) => unknown
  readonly expect: unknown
  readonly can?: { readonly asymmetric?: boolean; readonly blocks?: boolean }
}
export function defineSuite(runner: Runner): void
