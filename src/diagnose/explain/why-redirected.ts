/** Why a server redirects, as far as the two URLs tell, and what to do about it. */
import type { BlockedCase } from '../case.js'
import { type Evidence, evidenceOf, type Redirected } from '../evidence.js'

/** What a redirect is for. */
export type RedirectKind = 'login' | 'https' | 'slash-added' | 'slash-dropped' | 'host' | 'path'

const LOGIN = /log-?in|sign-?in|auth|sso|oauth|saml|openid/i

export function redirectKind({ from, to }: Pick<Redirected, 'from' | 'to'>): RedirectKind {
  const [start, end] = [new URL(from), new URL(to)]
  if (LOGIN.test(`${end.host}${end.pathname}`) && !LOGIN.test(`${start.host}${start.pathname}`))
    return 'login'
  if (start.protocol === 'http:' && end.protocol === 'https:') return 'https'
  if (end.pathname === `${start.pathname}/`) return 'slash-added'
  if (start.pathname === `${end.pathname}/`) return 'slash-dropped'
  return start.host === end.host ? 'path' : 'host'
}

/** Whether a redirect has led to a login, where no CORS header would help a script. */
export function leadsToLogin({ redirect }: Evidence): boolean {
  return redirect !== null && redirectKind(redirect) === 'login'
}

/** Whether what was blocked is such a redirect or the login itself, and not a preflight, which rules that run first would respond to. */
export function isLoginBlocked(found: BlockedCase): boolean {
  return found.blockedAt !== 'preflight' && leadsToLogin(evidenceOf(found))
}

const ADVICE: Readonly<Record<Exclude<RedirectKind, 'login'>, string>> = {
  https: 'the server moves http to https: have the page ask https at once',
  'slash-added': 'the server adds a trailing slash: have the page ask for the URL with it, or serve both',
  'slash-dropped':
    'the server drops the trailing slash: have the page ask for the URL without it, or serve both',
  host: 'the server moves to another host: have the page ask that host at once',
  path: 'have the page ask for the final URL, or let the server respond to OPTIONS before it redirects',
}

/** What the server does, and what the page or the server should do instead. */
export function redirectAdvice(redirected: Pick<Redirected, 'from' | 'to'>, isPreflight: boolean): string {
  const kind = redirectKind(redirected)
  if (kind === 'login')
    return isPreflight
      ? 'it leads to a login, so authentication runs before CORS, and preflights never carry credentials'
      : 'it leads to a login, where no request of a script can log in: have the server respond with 401 and CORS headers instead'
  if (kind === 'path' && !isPreflight)
    return 'have the page ask for the final URL, or let the CORS rules run before the server redirects'
  return ADVICE[kind]
}
