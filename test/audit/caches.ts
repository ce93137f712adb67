/** Caches in front of an app, in this process: each as wrong as a test wants it. */

/** How a cache goes about it; by default as RFC 9111 has it, apart from how long it keeps something: for as long as the test takes. */
export interface CacheSettings {
  /** Whether it goes by `Vary`. */
  readonly heedsVary?: boolean
  /** What it goes by beside `Vary`; the URL by default. */
  readonly key?: (request: Request) => string
  /** How often it is asked for something before it keeps it. */
  readonly keepsAt?: number
  /** What it adds to a response. */
  readonly says?: (isHit: boolean) => Readonly<Record<string, string>>
  /** Whether it keeps what says `no-store` or `private` too, or that sets a cookie. */
  readonly keepsAll?: boolean
  /** Whether it keeps responses to OPTIONS as well. */
  readonly keepsPreflights?: boolean
  /** What the app behind gets to see. */
  readonly forwards?: (headers: Headers) => void
}

type Handler = (request: Request) => Response | Promise<Response>

/** A handler with a cache in front of it. */
export function cached(app: Handler, settings: CacheSettings = {}): Handler {
  const {
    heedsVary = true,
    key = ({ url }) => url,
    keepsAt = 1,
    says = (isHit) => ({ 'X-Cache': isHit ? 'HIT' : 'MISS' }),
    keepsAll = false,
    keepsPreflights = false,
    forwards,
  } = settings
  const kept = new Map<string, { request: Request; response: Response }[]>()
  const counts = new Map<string, number>()
  return async (request) => {
    const isKept = request.method === 'GET' || request.method === 'HEAD' || keepsPreflights
    const own = `${request.method === 'OPTIONS' ? 'OPTIONS ' : ''}${key(request)}`
    const variants = kept.get(own) ?? []
    const hit = isKept
      ? variants.find((each) => !heedsVary || isSameVariant(each.response, each.request, request))
      : undefined
    if (hit !== undefined) return saying(hit.response.clone(), says(true))
    const headers = new Headers(request.headers)
    forwards?.(headers)
    const response = await app(new Request(request.url, { method: request.method, headers }))
    const count = (counts.get(own) ?? 0) + 1
    counts.set(own, count)
    const says_ = response.headers.get('cache-control') ?? ''
    const mayKeep = keepsAll || !(/no-store|private/.test(says_) || response.headers.has('set-cookie'))
    if (isKept && mayKeep && count >= keepsAt)
      kept.set(own, [...variants, { request, response: response.clone() }])
    return saying(response, says(false))
  }
}

function isSameVariant(response: Response, asked: Request, asks: Request): boolean {
  const names = (response.headers.get('vary') ?? '').split(',').map((name) => name.trim())
  return names.every(
    (name) => name !== '*' && (name === '' || asked.headers.get(name) === asks.headers.get(name)),
  )
}

function saying(response: Response, lines: Readonly<Record<string, string>>): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(lines)) headers.set(name, value)
  return new Response(response.body, { status: response.status, headers })
}
