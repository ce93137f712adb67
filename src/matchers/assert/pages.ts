/** Which pages of this package's documentation a reader can open. */
import { existsSync } from 'node:fs'
import { callSite } from '../../text/call-site.js'

/** Whether this code is installed: in a checkout of its own, messages are those of the projects that it is for. */
const isInstalled = /[\\/]node_modules[\\/]/.test(callSite().stack?.split('\n')[1] ?? '')

/** Whether a page is a file where the runner was started: a project may keep its packages elsewhere, or in archives. */
export function canOpen(page: string): boolean {
  return !isInstalled || existsSync(page)
}
