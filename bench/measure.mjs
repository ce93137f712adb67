// Rounds of the contenders in turn, so that whatever else the machine does hits all of them alike; the median of the rounds counts.

/** @param {Record<string, (index: number) => unknown>} contenders */
export function inTurn(contenders, { count, rounds = 41, milliseconds = 40, warmUp = 20_000 }) {
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
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, median(values)]))
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

export function table(title, rows) {
  console.log(`\n${title}`)
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, ...cells] of rows) console.log(`  ${name.padEnd(width)}  ${cells.join('  ')}`)
}
