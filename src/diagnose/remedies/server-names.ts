/** The servers there are snippets for. */
export const serverNames = [
  'express',
  'fastify',
  'hono',
  'koa',
  'nest',
  'h3',
  'vite',
  'nginx',
  'apache',
  'caddy',
  'haproxy',
  'varnish',
  'flask',
  'django',
  'fastapi',
  'rack-cors',
  'php',
  'spring',
  'tomcat',
  'aspnet',
  's3',
  'cloudfront',
] as const

/** A server there are snippets for. */
export type ServerName = (typeof serverNames)[number]

/** Whether a text names one. */
export function isServerName(name: string): name is ServerName {
  return (serverNames as readonly string[]).includes(name)
}
