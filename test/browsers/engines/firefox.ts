import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type EngineDriver, find, start } from './engine.js'

const preferences: Readonly<Record<string, boolean | number | string>> = {
  // An http page must stay one.
  'dom.security.https_first': false,
  'dom.security.https_first_pbm': false,
  'dom.security.https_first_schemeless': false,
  // Nothing but the pages of the run.
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.topsites.contile.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.trr.mode': 5,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
  'dom.min_background_timeout_value': 4,
}

export const firefox: EngineDriver = {
  name: 'firefox',
  needs: [
    ['firefox-esr', 'firefox-esr'],
    ['certutil', 'libnss3-tools'],
  ],
  async launch({ url, dir, ca }) {
    const lines = Object.entries(preferences).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    )
    writeFileSync(path.join(dir, 'user.js'), lines.join(''))
    const certutil = (...args: string[]) =>
      execFileSync(find('certutil') ?? 'certutil', [...args, '-d', `sql:${dir}`], { stdio: 'ignore' })
    certutil('-N', '--empty-password')
    certutil('-A', '-n', 'recorder', '-t', 'C,,', '-i', ca)
    return start('firefox-esr', ['-headless', '-no-remote', '-profile', dir, url], dir, {
      LANG: 'en_US.UTF-8',
      MOZ_CRASHREPORTER_DISABLE: '1',
    })
  },
}
