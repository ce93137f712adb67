export function describeContract(runner: {
  describeCorsContract: unknown
  test: unknown
  expect: unknown
}): void
