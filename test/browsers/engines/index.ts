import type { Engine } from '../scenario.js'
import { chromium } from './chromium.js'
import { type EngineDriver, find } from './engine.js'
import { firefox } from './firefox.js'
import { webkit } from './webkit.js'

export const drivers: Readonly<Record<Engine, EngineDriver>> = { chromium, firefox, webkit }

/** What every engine takes besides its own. */
const common: EngineDriver['needs'] = [
  ['openssl', 'openssl'],
  ['ip', 'iproute2'],
  ['unshare', 'util-linux'],
  ['mount', 'mount'],
]

/** The Debian packages that an engine still wants; none when it can run. */
export function missingPackages(engine: Engine): string[] {
  const absent = [...drivers[engine].needs, ...common].filter(([program]) => find(program) === null)
  return [...new Set(absent.map(([, name]) => name))]
}
