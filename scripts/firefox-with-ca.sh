#!/bin/sh
# Starts stock Firefox for Playwright, which makes a fresh profile for each launch: this puts the
# certificate store that holds the local CA into that profile first.
here=$(dirname "$(readlink -f "$0")")
previous=
profile=
for argument in "$@"; do
  if [ "$previous" = --profile ] || [ "$previous" = -profile ]; then profile=$argument; fi
  previous=$argument
done
if [ -n "$profile" ]; then
  store="$here/../.test/trust/firefox"
  cp "$store/cert9.db" "$store/key4.db" "$store/pkcs11.txt" "$profile/"
fi
exec "${FIREFOX_BIN:-/usr/bin/firefox-esr}" "$@"
