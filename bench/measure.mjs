// Rounds of the contenders in turn, so that whatever else the machine does hits all of them alike.

/** @param {Record<string, (index: number) => unknown>} contenders */
export function inTurn(contenders, { count, rounds = 801, milliseconds = 1, warmUp = 20_000 }) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  let sink
  for (const run of Object.values(contenders)) for (let i = 0; i < warmUp; i++) sink = run(i % count)
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const started = process.hrtime.bigint()
      let calls = 0
      let elapsed = 0
      while (elapsed < milliseconds * 1e6) {
        for (let i = 0; i < count; i++) sink = run(i)
        calls += count
        elapsed = Number(process.hrtime.bigint() - started)
      }
      results[name].push(elapsed / calls)
    }
  }
  globalThis.benchmarkSink = sink
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, undisturbed(values)]))
}

/** Of short rounds those that took least, but for the first few: what else the machine does only adds to them. */
export function undisturbed(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 20)]
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** How many times the base a value is, and whether that is within the aim, where there is one. */
export function ratio(value, base, aim) {
  const times = value / base
  const verdict = aim === undefined ? '' : `  aim ${aim.toFixed(2)} ×: ${times <= aim ? 'met' : 'missed'}`
  return `${times.toFixed(2).padStart(5)} ×${verdict}`
}

/** What part of the base a throughput is, and whether that is as much as the aim, where there is one. */
export function part(value, base, aim) {
  const times = value / base
  const verdict = aim === undefined ? '' : `  aim ${aim.toFixed(2)} ×: ${times >= aim ? 'met' : 'missed'}`
  return `${times.toFixed(2).padStart(5)} ×${verdict}`
}

/** Runs something that sends requests, and says how many it sent in a second, and what a request cost this process, in microseconds of its processor. */
export async function throughput(run) {
  const before = process.cpuUsage()
  const started = performance.now()
  const sent = await run()
  const elapsed = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  return { sent, perSecond: (sent / elapsed) * 1000, cpu: (user + system) / sent }
}

/**
 * Contenders that send the same, by what each round of theirs came to: requests in a second, and what a request costs the client, which counts
 * where other work on the machine slows down who waits for whom.
 * @param {Record<string, readonly { perSecond: number, cpu: number }[]>} results the first is what the others are compared with
 * @param {number} [aim] the least part of its requests in a second
 */
export function throughputTable(title, results, aim) {
  const [[, base], ...others] = Object.entries(results)
  const perSecondOf = (rounds) => median(rounds.map(({ perSecond }) => perSecond))
  const cpuOf = (rounds) => undisturbed(rounds.map(({ cpu }) => cpu))
  const row = (name, rounds, wanted) => [
    name,
    `${Math.round(perSecondOf(rounds)).toLocaleString('en').padStart(8)} /s`,
    part(perSecondOf(rounds), perSecondOf(base), wanted),
    `${cpuOf(rounds).toFixed(1).padStart(8)} µs of the client's processor`,
    part(cpuOf(base), cpuOf(rounds)),
  ]
  const [first] = Object.keys(results)
  table(title, [row(first, base), ...others.map(([name, rounds]) => row(name, rounds, aim))])
}

export function table(title, rows) {
  console.log(`\n${title}`)
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, ...cells] of rows) console.log(`  ${name.padEnd(width)}  ${cells.join('  ')}`)
}
