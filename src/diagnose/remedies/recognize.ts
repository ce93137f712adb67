/** Which server responded, as far as its headers say. */
import { type HeaderList, headerLines } from '../../fetch/header-list.js'
import type { ServerName } from './server-names.js'

/** Header, what its value looks like, whose it is. What stands nearer to the app comes first. */
const SIGNS: readonly (readonly [header: string, value: RegExp, server: ServerName])[] = [
  ['x-powered-by', /\bexpress\b/i, 'express'],
  ['x-powered-by', /\bphp\b/i, 'php'],
  ['x-powered-by', /\basp\.net\b/i, 'aspnet'],
  ['x-application-context', /./, 'spring'],
  ['x-aspnet-version', /./, 'aspnet'],
  ['server', /\bkestrel\b|microsoft-iis/i, 'aspnet'],
  ['server', /\bwerkzeug\b/i, 'flask'],
  ['server', /\bwsgiserver\b/i, 'django'],
  ['server', /\b(uvicorn|hypercorn)\b/i, 'fastapi'],
  ['server', /\b(puma|webrick|thin|phusion passenger)\b/i, 'rack-cors'],
  ['x-runtime', /^\d+\.\d+$/, 'rack-cors'],
  ['server', /\b(coyote|tomcat)\b/i, 'tomcat'],
  ['x-rack-cors', /./, 'rack-cors'],
  ['server', /^AmazonS3$/, 's3'],
  // The S3 API, as Amazon, MinIO and s3rver speak it.
  ['x-amz-request-id', /./, 's3'],
  ['server', /\b(nginx|openresty)\b/i, 'nginx'],
  ['server', /\bapache\b(?!-coyote)/i, 'apache'],
  ['server', /\bcaddy\b/i, 'caddy'],
  ['via', /\bcaddy\b/i, 'caddy'],
  ['server', /\bhaproxy\b/i, 'haproxy'],
  ['via', /\bhaproxy\b/i, 'haproxy'],
  ['server', /^varnish\b/i, 'varnish'],
  ['x-varnish', /^\d/, 'varnish'],
  ['via', /\(varnish\//i, 'varnish'],
  ['server', /\bcloudfront\b/i, 'cloudfront'],
  ['via', /\bcloudfront\b/i, 'cloudfront'],
  ['x-amz-cf-id', /./, 'cloudfront'],
]

/**
 * The servers a response went through, the app first, each once; empty where nothing gives one away (Fastify, h3, Hono, Koa, Nest and Vite do not).
 * @example recognizeServers([['X-Powered-By', 'Express'], ['Server', 'nginx/1.27']]) // ['express', 'nginx']
 */
export function recognizeServers(lines: HeaderList): ServerName[] {
  const found = new Set<ServerName>(isSprings(lines) ? ['spring'] : [])
  for (const [header, value, server] of SIGNS) {
    if (lines.some((line) => line[0].toLowerCase() === header && value.test(line[1]))) found.add(server)
  }
  return [...found]
}

const SPRING_VARY = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'].join()

/** Spring's CORS rules send these three, each on a line of its own, whatever they allow; other servers join them. */
function isSprings(lines: HeaderList): boolean {
  return headerLines(lines, 'vary').join() === SPRING_VARY
}
