// Written by Proto/generate.sh. Pointers to the globals that protoc-c generates: Swift reads a C global as a copy, and
// the address of a copy dangles.
#pragma once
#include <protobuf-c/protobuf-c.h>

/// All services, in the order of their files; sets `count` to their number.
const ProtobufCServiceDescriptor *const *bahari_services(size_t *count);

/// A serialized google.protobuf.FileDescriptorSet of every message and service; `length` is in bytes.
const uint8_t *bahari_file_descriptor_set(size_t *length);
