#!/bin/sh
# Builds the browser's part into rskg/endpoint/static/, where anything in web/ is newer than that.
# Without Node, or without its packages, the pages stay plain HTML, and this says how to get the rest.
set -e
cd "$(dirname "$0")"
built=../rskg/endpoint/static/manifest.json
newer() { find . ../rskg/endpoint/languages -name node_modules -prune -o -type f -newer "$built" -print; }
[ -f "$built" ] && [ -z "$(newer)" ] && exit 0

able() { command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
plain() { echo "The pages are served as plain HTML: $1"; exit 0; }
if ! able && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v node >/dev/null; then
  apt-get update -qq || true
  case "$(apt-cache policy nodejs 2>/dev/null | sed -n 's/ *Candidate: *//p')" in
    2[0-9].*) apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null || true ;;
  esac
fi
able || plain "for the editor and the live pictures install Node.js 20.19, 22.12 or newer and run this again."
if ! [ -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "installing the browser's part into web/node_modules/ (once)"
  npm ci --ignore-scripts --silent || plain "npm could not install the packages of web/ (see above); run this again with a network."
fi
npm run --silent build -- --logLevel warn
touch "$built"
