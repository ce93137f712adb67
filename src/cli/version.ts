/** Which version of this package runs. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Of the package this file is in, wherever it is there. */
export function version(): string {
  const require = createRequire(import.meta.url)
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(require.resolve(path), 'utf8')) as {
        name?: string
        version?: string
      }
      if (manifest.name === 'expect-cors') return manifest.version ?? ''
    } catch {
      // Not there.
    }
  }
  return ''
}
