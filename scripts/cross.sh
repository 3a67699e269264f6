#!/usr/bin/env bash
# Builds the static binary for every platform that we give out, into dist/, with their SHA-256 sums.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(git describe --tags --always --dirty 2>/dev/null || echo unknown)
rm -rf dist
mkdir dist
for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 freebsd/amd64; do
	os=${platform%/*} arch=${platform#*/}
	name=cadastro-$version-$os-$arch
	if [ "$os" = windows ]; then
		name=$name.exe
	fi
	echo "$name"
	CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -trimpath -ldflags '-s -w' -o "dist/$name" ./cmd/cadastro
done
(cd dist && sha256sum -- * >SHA256SUMS)
