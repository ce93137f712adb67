/** Every server there are snippets for, by the name that the `server` option takes. */
import { apache } from './apache.js'
import { aspnet } from './aspnet.js'
import { caddy } from './caddy.js'
import { cloudfront } from './cloudfront.js'
import { django } from './django.js'
import { express } from './express.js'
import { fastapi } from './fastapi.js'
import { fastify } from './fastify.js'
import { flask } from './flask.js'
import { h3 } from './h3.js'
import { haproxy } from './haproxy.js'
import { hono } from './hono.js'
import { koa } from './koa.js'
import { nest } from './nest.js'
import { nginx } from './nginx.js'
import { php } from './php.js'
import { rackCors } from './rack-cors.js'
import type { ServerRemedies } from './remedy.js'
import { s3 } from './s3.js'
import { type ServerName, serverNames } from './server-names.js'
import { spring } from './spring.js'
import { tomcat } from './tomcat.js'
import { varnish } from './varnish.js'
import { vite } from './vite.js'

export type { ServerName } from './server-names.js'

export const servers: Readonly<Record<ServerName, ServerRemedies>> = {
  express,
  fastify,
  hono,
  koa,
  nest,
  h3,
  vite,
  nginx,
  apache,
  caddy,
  haproxy,
  varnish,
  flask,
  django,
  fastapi,
  'rack-cors': rackCors,
  php,
  spring,
  tomcat,
  aspnet,
  s3,
  cloudfront,
}

/** Servers whose snippets our tests do not run. */
export const untried: readonly ServerName[] = serverNames.filter((name) => servers[name].untested === true)
