#!/bin/sh
# Installs what the recorder drives and needs, from Debian's packages. Run as root.
#   sh test/browsers/install.sh                    all three engines
#   sh test/browsers/install.sh chromium firefox   these only
set -eu

engines=${*:-chromium firefox webkit}
packages='openssl iproute2 mount util-linux'
for engine in $engines; do
  case $engine in
    chromium) packages="$packages chromium" ;;
    firefox) packages="$packages firefox-esr libnss3-tools" ;;
    webkit) packages="$packages webkit2gtk-driver xvfb" ;;
    *) echo "unknown engine: $engine (chromium, firefox, webkit)" >&2; exit 2 ;;
  esac
done

apt-get update
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages
