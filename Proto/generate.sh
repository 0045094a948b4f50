#!/usr/bin/env bash
# Generates code from the .proto files; all of it is committed:
#   Sources/CBahari                     C messages (protoc-c), the list of services, the embedded descriptors
#   Clients/BahariClient/Generated      Swift messages for clients (protoc-gen-swift)
#   Tests/BahariFrameTests/Generated    the envelope in Swift, to compare our own with
#
# Use: Proto/generate.sh            after a change of a .proto file
#      Proto/generate.sh --check    fails unless inputs and outputs are those of the last run; takes a moment
set -euo pipefail
cd "$(dirname "$0")/.."
sums=Proto/.generated.sha256
c=Sources/CBahari/generated
client=Clients/BahariClient/Generated
tests=Tests/BahariFrameTests/Generated
protobuf_version=1.39.0

covered() { # every input and output, in a fixed order
  { find Proto -name '*.proto'; echo Proto/generate.sh; find Sources/CBahari "$client" "$tests" -type f; } | LC_ALL=C sort
}

if [ "${1:-}" = --check ]; then
  if ! diff <(covered) <(cut -c67- "$sums") >/dev/null; then
    echo "generated code: files were added or removed since the last Proto/generate.sh; run it and commit" >&2
    diff <(covered) <(cut -c67- "$sums") >&2 || true
    exit 1
  fi
  sha256sum --check --quiet "$sums" || { echo "generated code is stale: run Proto/generate.sh and commit" >&2; exit 1; }
  echo "generated code matches the .proto files"
  exit 0
fi

for tool in protoc protoc-c; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install protobuf-compiler protobuf-c-compiler" >&2; exit 1; }
done
plugin=$(command -v protoc-gen-swift || true)
if [ -z "$plugin" ]; then
  checkout=.build/checkouts/swift-protobuf
  [ -d "$checkout" ] || swift package resolve
  echo "building protoc-gen-swift $protobuf_version (once, some minutes)"
  swift build --package-path "$checkout" --scratch-path .build-protoc-gen-swift --product protoc-gen-swift
  plugin=.build-protoc-gen-swift/debug/protoc-gen-swift
fi

own=$(cd Proto && find . -name '*.proto' | sed 's|^\./||' | LC_ALL=C sort)
known="google/protobuf/any.proto google/protobuf/duration.proto google/protobuf/field_mask.proto google/protobuf/timestamp.proto"
served=$(grep -v '^ttrpc/\|^google/rpc/status' <<<"$own")
envelope=$(grep '^ttrpc/\|^google/rpc/status' <<<"$own")

rm -rf "$c" "$client" "$tests"
mkdir -p "$c" "$client" "$tests" Sources/CBahari/include
# shellcheck disable=SC2086
{
  protoc-c -I Proto --c_out="$c" $served $known
  protoc -I Proto --plugin=protoc-gen-swift="$plugin" --swift_opt=Visibility=Public \
    --swift_opt=FileNaming=PathToUnderscores --swift_out="$client" $served
  protoc -I Proto --plugin=protoc-gen-swift="$plugin" \
    --swift_opt=FileNaming=PathToUnderscores --swift_out="$tests" $envelope
  protoc -I Proto --include_imports --descriptor_set_out="$c/descriptors.bin" $served
}

cat >Sources/CBahari/include/CBahari.h <<'H'
// Written by Proto/generate.sh. Pointers to the globals that protoc-c generates: Swift reads a C global as a copy, and
// the address of a copy dangles.
#pragma once
#include <protobuf-c/protobuf-c.h>

/// All services, in the order of their files; sets `count` to their number.
const ProtobufCServiceDescriptor *const *bahari_services(size_t *count);

/// A serialized google.protobuf.FileDescriptorSet of every message and service; `length` is in bytes.
const uint8_t *bahari_file_descriptor_set(size_t *length);
H
{
  echo '// Written by Proto/generate.sh.'
  echo '#include "CBahari.h"'
  (cd "$c" && find . -name '*.pb-c.h' | sed 's|^\./||' | LC_ALL=C sort) | sed 's|.*|#include "&"|'
  echo 'static const ProtobufCServiceDescriptor *const services[] = {'
  (cd "$c" && find . -name '*.pb-c.h' | LC_ALL=C sort | xargs sed -n 's/^extern const ProtobufCServiceDescriptor \(.*\);/  \&\1,/p')
  echo '};'
  echo 'const ProtobufCServiceDescriptor *const *bahari_services(size_t *count) {'
  echo '  *count = sizeof services / sizeof services[0];'
  echo '  return services;'
  echo '}'
  echo 'static const uint8_t file_descriptor_set[] = {'
  od -An -v -tu1 -w24 "$c/descriptors.bin" | sed 's/  */,/g; s/^,/  /; s/$/,/'
  echo '};'
  echo 'const uint8_t *bahari_file_descriptor_set(size_t *length) {'
  echo '  *length = sizeof file_descriptor_set;'
  echo '  return file_descriptor_set;'
  echo '}'
} >"$c/registry.c"
rm "$c/descriptors.bin"
covered | xargs sha256sum >"$sums"
echo "wrote $(covered | grep -vc '\.proto$') files; commit them with the .proto files"
