// Adds to package-lock.json the optional packages for other platforms that npm left out.
//
// A registry mirror may carry the binaries of a few platforms only. `npm install` skips the rest, and then
// `npm ci` refuses the lockfile for missing them. Run this after an install that changed the lockfile.
import { readFile, writeFile } from 'node:fs/promises'

const lockfile = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(await readFile(lockfile, 'utf8'))
const { packages } = lock

const platforms = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
let added = 0

for (const [location, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    if (installed(location, name)) continue
    const words = name.split('/').at(-1).split('-')
    const os = words.filter((word) => platforms.includes(word))
    const cpu = words.filter((word) => processors.includes(word))
    // Without a platform npm would try to install it here.
    if (os.length + cpu.length === 0 || !/^\d/.test(range)) {
      throw new Error(`${name}@${range} (for ${location}): cannot tell its platform or version`)
    }
    packages[place(location, name, range)] = {
      version: range,
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      ...(words.includes('musl') && { libc: ['musl'] }),
      license: packages[location].license,
      optional: true,
      ...(os.length > 0 && { os }),
    }
    added += 1
  }
}

const [[self, root], ...others] = Object.entries(packages)
const sorted = others.sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries([[self, root], ...sorted])
if (added > 0) await writeFile(lockfile, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} added`)

/** The version this package finds, looking outwards as Node does, if it is one it can use. */
function installed(location, name) {
  const range = packages[location].optionalDependencies[name]
  return outwards(location).some((folder) => {
    const { version } = packages[`${folder}node_modules/${name}`] ?? {}
    return version && (version === range || !/^\d/.test(range))
  })
}

/** As far out as no other version is in the way. */
function place(location, name, range) {
  let free = `${location}/node_modules/${name}`
  for (const folder of outwards(location)) {
    const candidate = `${folder}node_modules/${name}`
    const taken = packages[candidate]
    if (taken && taken.version !== range) break
    free = candidate
  }
  return free
}

function outwards(location) {
  const folders = [`${location}/`]
  for (let at = location; at.includes('/node_modules/'); ) {
    at = at.slice(0, at.lastIndexOf('/node_modules/'))
    folders.push(`${at}/`)
  }
  return [...folders, '']
}
