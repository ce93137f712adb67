import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type EngineDriver, start } from './engine.js'

/** Debian's build blocks third-party cookies; this is what Chromium ships with. */
const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }

const disabled = [
  // An http page must stay one.
  'HttpsUpgrades',
  'HttpsFirstBalancedMode',
  'HttpsFirstBalancedModeAutoEnable',
  'OptimizationHints',
  'MediaRouter',
]

export const chromium: EngineDriver = {
  name: 'chromium',
  needs: [['chromium', 'chromium']],
  async launch({ url, dir }) {
    mkdirSync(path.join(dir, 'Default'))
    writeFileSync(path.join(dir, 'Default', 'Preferences'), JSON.stringify(preferences))
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-renderer-backgrounding',
      '--disable-background-timer-throttling',
      '--ignore-certificate-errors',
      `--disable-features=${disabled.join(',')}`,
      `--user-data-dir=${dir}`,
      // Without a debugger a headless browser may leave once the page has loaded.
      '--remote-debugging-port=0',
      url,
    ]
    return start('chromium', args, dir)
  },
}
