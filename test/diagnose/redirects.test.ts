/** Redirects in every phase: what is said of them, and what the first step is. */

import { explainCors, openPage } from 'expect-cors'
import express, { type Express } from 'express'
import { expect, test } from 'vitest'

const APP = 'https://app.example.com'

/** An app whose redirects have CORS headers or not, and whose targets have none. */
function appOf(location: string, allowed: boolean): Express {
  const app = express()
  app.all('/orders', (request, response) => {
    if (allowed) response.set({ 'Access-Control-Allow-Origin': APP, Vary: 'Origin' })
    response.redirect(request.method === 'OPTIONS' ? 301 : 302, location)
  })
  app.all(/./, (_, response) => void response.send('page'))
  return app
}

async function explained(
  app: Express,
  init: RequestInit = {},
): Promise<{ explanation: string; causes: readonly string[] }> {
  const page = openPage(APP, { servers: { 'https://api.example.com': app } })
  const journey = await page.inspect('https://api.example.com/orders', init)
  return explainCors(journey)
}

test.each<[string, string, boolean, RequestInit, string, RegExp]>([
  ['a redirect to a login', '/login?next=%2Forders', false, {}, 'redirected', /leads to a login.*401/],
  ['the login page behind one that is allowed', '/login', true, {}, 'redirected', /leads to a login.*401/],
  [
    'a preflight that is sent to a login',
    '/login',
    false,
    { method: 'PUT' },
    'redirected',
    /authentication runs before CORS/,
  ],
  [
    'a missing slash',
    '/orders/',
    false,
    {},
    'redirected',
    /adds a trailing slash: have the page ask for the URL with it/,
  ],
  [
    'a missing slash, in a preflight',
    '/orders/',
    false,
    { method: 'PUT' },
    'redirected',
    /adds a trailing slash/,
  ],
  ['another path', '/v2/orders', false, {}, 'redirected', /ask for the final URL/],
])('%s', async (_, location, allowed, init, cause, words) => {
  const { explanation, causes } = await explained(appOf(location, allowed), init)
  expect(explanation).toMatch(words)
  expect(causes[0]).toBe(cause)
})
