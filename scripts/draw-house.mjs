// Draws the map of the house, docs/house.svg, from the imports of the sources.
//
//   node scripts/draw-house.mjs           write it
//   node scripts/draw-house.mjs --check   fail when it is not what the imports say
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sources } from './source-imports.mjs'

/** The rooms from the roof to the ground, and what each is for. One that is not named here is an error. */
const ROOMS = {
  'index.ts': 'the public surface',
  cli: 'the command: arguments and output',
  msw: 'enforceCors and withCors, over MSW',
  runners: 'registration with Vitest, Jest and Bun; types',
  matchers: 'one file a matcher; assert/ is what they share',
  audit: 'origins that must not get in, caches, hygiene',
  contract: 'every origin × route: define, check, record, report',
  page: 'the simulated page: fetch, XHR, elements, caches',
  subject: 'what was given to expect(): readers, apps, endpoints',
  transport: 'how a request leaves',
  diagnose: 'verdict and exchanges in words',
  verdict: 'the one driver; the verdict and its codes',
  engines: 'everything an engine decides',
  fetch: "the Fetch Standard's steps, pure",
  text: 'how anything is shown',
}

const target = fileURLToPath(new URL('../docs/house.svg', import.meta.url))
const svg = draw(await sources())
if (process.argv.includes('--check')) {
  const drawn = await readFile(target, 'utf8').catch(() => '')
  if (drawn !== svg) {
    console.error('docs/house.svg is not what the imports say: node scripts/draw-house.mjs')
    process.exit(1)
  }
} else await writeFile(target, svg)

function draw(files) {
  const names = Object.keys(ROOMS)
  const counts = new Map(names.map((name) => [name, 0]))
  const arrows = new Map()
  for (const { file, room, imports } of files) {
    if (!counts.has(room)) throw new Error(`src/${file}: no room "${room}" in scripts/draw-house.mjs`)
    counts.set(room, counts.get(room) + 1)
    for (const { target } of imports) {
      const to = target?.split('/')[0]
      if (to === undefined || to === room) continue
      const key = `${room}>${to}`
      arrows.set(key, (arrows.get(key) ?? 0) + 1)
    }
  }

  const [left, width, height, gap, top] = [16, 400, 42, 16, 16]
  const y = (name) => top + names.indexOf(name) * (height + gap)
  const boxes = names.map((name) => {
    const count = counts.get(name)
    return [
      `<rect x="${left}" y="${y(name)}" width="${width}" height="${height}" rx="6"/>`,
      `<text class="name" x="${left + 12}" y="${y(name) + 18}">${name}${name.endsWith('.ts') ? '' : `/ <tspan class="count">${count} ${count === 1 ? 'file' : 'files'}</tspan>`}</text>`,
      `<text class="what" x="${left + 12}" y="${y(name) + 34}">${ROOMS[name]}</text>`,
    ].join('\n')
  })
  const edge = left + width
  let reach = 0
  const arcs = [...arrows].sort().map(([key, count]) => {
    const [from, to] = key.split('>')
    const distance = names.indexOf(to) - names.indexOf(from)
    const bulge = 34 + 26 * Math.abs(distance)
    reach = Math.max(reach, bulge)
    // Leaves low and arrives high, so that arrows of one box stand apart.
    const start = y(from) + height * 0.72
    const end = y(to) + height * 0.28
    const kind = distance < 0 ? 'arc up' : 'arc'
    return `<path class="${kind}" stroke-width="${(0.8 + Math.log2(count) * 0.45).toFixed(2)}" marker-end="url(#tip)" d="M${edge} ${start} C${edge + bulge} ${start} ${edge + bulge} ${end} ${edge + 5} ${end}"><title>${from} → ${to}: ${count} ${count === 1 ? 'import' : 'imports'}</title></path>`
  })
  const size = [Math.ceil(edge + reach * 0.78 + 16), top * 2 + names.length * (height + gap) - gap]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size[0]} ${size[1]}" width="${size[0]}" height="${size[1]}" role="img" aria-label="The rooms of src/ and which imports from which">
<style>
svg { background: #fff; font-family: system-ui, sans-serif; font-size: 12px }
rect { fill: #f3f5f8; stroke: #8893a5 }
text { fill: #1c2430 } .name { font-weight: 600; font-size: 13px } .what, .count { fill: #566073; font-weight: 400; font-size: 12px }
.arc { fill: none; stroke: #4a6fa5; stroke-opacity: .55 } .up { stroke: #c0392b } marker path { fill: #4a6fa5 }
@media (prefers-color-scheme: dark) {
svg { background: #14181f } rect { fill: #1f2630; stroke: #5a6678 } text { fill: #e6eaf0 } .what, .count { fill: #a4afbf }
.arc { stroke: #8fb4e8 } marker path { fill: #8fb4e8 } .up { stroke: #ff7b6b }
}
</style>
<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 6 3 0 6z"/></marker></defs>
${arcs.join('\n')}
${boxes.join('\n')}
</svg>
`
}
