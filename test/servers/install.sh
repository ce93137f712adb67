#!/bin/sh
# Installs the servers that `npm run test:servers` starts: from Debian's packages (as root) and from npm.
#   sh test/servers/install.sh                 all of them
#   sh test/servers/install.sh nginx flask     these only
set -eu

here=$(cd "$(dirname "$0")" && pwd)
node_servers='fastify koa nest'
apt_servers='nginx apache caddy haproxy varnish flask django fastapi rack-cors php tomcat spring'
packages=''
npm=''
for server in ${*:-$node_servers $apt_servers}; do
  case $server in
    express | hono | h3 | vite) ;; # development dependencies of the package itself
    fastify | koa | nest) npm=yes ;;
    nginx) packages="$packages nginx-light" ;;
    apache) packages="$packages apache2-bin" ;;
    caddy) packages="$packages caddy" ;;
    haproxy) packages="$packages haproxy" ;;
    varnish) packages="$packages varnish" ;;
    flask) packages="$packages python3-flask python3-flask-cors" ;;
    django) packages="$packages python3-django python3-django-cors-headers" ;;
    fastapi) packages="$packages python3-fastapi python3-uvicorn" ;;
    rack-cors) packages="$packages ruby-rack-cors puma" ;;
    php) packages="$packages php-cli" ;;
    tomcat) packages="$packages libtomcat10-embed-java libtomcat10-java default-jdk-headless" ;;
    spring) packages="$packages libspring-web-servlet-java libtomcat9-java default-jdk-headless" ;;
    *) echo "unknown server: $server (express, hono, h3, vite, $node_servers, $apt_servers)" >&2; exit 2 ;;
  esac
done

if [ -n "$npm" ]; then
  npm install --prefix "$here" --no-package-lock --no-audit --no-fund
fi
if [ -n "$packages" ]; then
  apt-get update
  # The servers are started by the tests, on ports of their own, and not as services.
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages
fi
