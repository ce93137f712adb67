/**
 * A share of what takes long, so that a run of the tests on one's own machine does not. Which share follows from a seed that differs from run to
 * run and that vitest.config.ts prints: the same seed takes the same cases again. `EXPECT_CORS_FULL=1`, as in `.ci/run`, takes them all.
 */
const full = process.env.EXPECT_CORS_FULL === '1'

/** What random cases are made from. */
export const seed = Number(process.env.EXPECT_CORS_SEED ?? 0)

/** One in `every` of the cases of a table. */
export function slice<T>(cases: readonly T[], every: number): T[] {
  if (cases.length < every)
    throw new RangeError(`a slice of one in ${every} of ${cases.length} cases may be empty`)
  return cases.filter((_, index) => full || index % every === seed % every)
}

/** The same of each kind, at least one of it. */
export function sliceOfEach<T>(cases: readonly T[], every: number, kindOf: (one: T) => string): T[] {
  const kinds = new Map<string, T[]>()
  for (const one of cases) kinds.set(kindOf(one), [...(kinds.get(kindOf(one)) ?? []), one])
  return [...kinds.values()].flatMap((same) => slice(same, Math.min(every, same.length)))
}

/** So many random cases when all are taken, one in `every` otherwise. */
export const howMany = (all: number, every: number): number => (full ? all : Math.ceil(all / every))

/** What fast-check takes: as many runs, from the seed. */
export const runs = (all: number, every: number): { numRuns: number; seed: number } => ({
  numRuns: howMany(all, every),
  seed,
})
