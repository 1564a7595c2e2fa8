//go:build !(unix && (amd64 || arm64 || ppc64le || s390x || riscv64))

package session

// initialMap is small where address space is, or where a map is allocated.
const initialMap = 0
