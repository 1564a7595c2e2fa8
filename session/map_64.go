//go:build unix && (amd64 || arm64 || ppc64le || s390x || riscv64)

package session

// initialMap reserves address space, not memory, so that a growing file is not
// mapped anew: bbolt waits for every reader before it maps.
const initialMap = 64 << 30
