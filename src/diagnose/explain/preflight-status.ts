/** What the status of a preflight's answer gives away about its cause. */

const CAUSES: Readonly<Record<number, string>> = {
  400: 'the server rejects OPTIONS itself, or a header it does not expect',
  401: 'preflights never carry credentials, so authentication must not run before CORS',
  403: 'the server refuses OPTIONS before its CORS rules run, or refuses this origin; preflights never carry credentials',
  404: 'the server has no route for OPTIONS at this path, so its CORS rules never run',
  405: 'the server has no route for OPTIONS at this path: it answers "method not allowed" before its CORS rules run',
  407: 'a proxy asks for credentials, and preflights never carry any',
  413: 'a proxy refuses the request by its size before CORS rules run',
  415: 'the server asks for a Content-Type, and preflights have no body',
  426: 'the server asks for another protocol before its CORS rules run',
  429: 'a rate limit counts preflights and answers before CORS rules run',
  500: 'the server fails on OPTIONS: its handler or its CORS set-up throws',
  501: 'the server does not implement OPTIONS',
  502: 'the proxy passes OPTIONS on to a server it cannot reach',
  503: 'the server or its proxy is not available for OPTIONS',
  504: 'the proxy passes OPTIONS on to a server that does not answer',
}

/** Why a preflight is answered with this status; null for a status that is fine. */
export function preflightStatusCause(status: number): string | null {
  if (status >= 200 && status <= 299) return null
  const cause = CAUSES[status]
  if (cause !== undefined) return cause
  if (status >= 500) return 'the server fails on OPTIONS'
  if (status >= 400) return 'the server refuses OPTIONS before its CORS rules run'
  if (status === 304) return 'a preflight has to be answered anew, not called unchanged'
  if (status >= 300) return 'a preflight has to be answered where it was asked'
  return null
}
