import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EngineDriver, find, start } from './engine.js'

const display = ':1'

/** The browser that WebKitGTK brings, which is not on the path. */
function miniBrowser(): string {
  const fallback = '/usr/lib/webkit2gtk-4.1/MiniBrowser'
  const folders = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))
  const candidates = folders.map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`)
  return candidates.find((candidate) => find(candidate) !== null) ?? fallback
}

export const webkit: EngineDriver = {
  name: 'webkit',
  needs: [
    [miniBrowser(), 'webkit2gtk-driver'],
    ['Xvfb', 'xvfb'],
  ],
  async launch({ url, dir }) {
    start('Xvfb', [display, '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], dir)
    await socketOf(display)
    // --ignore-tls-errors: MiniBrowser has no way to be given an authority of its own.
    const args = ['--ignore-tls-errors', url]
    return start(miniBrowser(), args, dir, {
      // No session bus: nothing of the desktop takes part.
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      GSETTINGS_BACKEND: 'memory',
      LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    })
  },
}

/** Waits for a display to be there. */
async function socketOf(name: string): Promise<void> {
  const socket = path.join('/tmp/.X11-unix', `X${name.slice(1)}`)
  for (let tries = 0; tries < 100; tries++) {
    if (statSync(socket, { throwIfNoEntry: false }) !== undefined) return
    await sleep(100)
  }
  throw new Error('Xvfb did not start')
}
