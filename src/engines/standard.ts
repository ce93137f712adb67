/** The Fetch Standard. It has neither cookie rules nor words nor a console: the first two are Chromium's. */
import { noDeviations } from '../fetch/deviations.js'
import { chromium } from './chromium.js'
import type { Engine } from './engine.js'

export const standard: Engine = {
  name: 'the Fetch Standard',
  userAgent: 'Mozilla/5.0',
  languages: 'en-US',
  deviations: noDeviations,
  cookies: chromium.cookies,
  errors: chromium.errors,
  console: null,
}
