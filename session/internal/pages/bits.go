package pages

// bits is a set of page numbers below a bound.
type bits []uint64

func newBits(n uint64) bits { return make(bits, (n+63)/64) }

func (b bits) has(n uint64) bool { return b[n/64]&(1<<(n%64)) != 0 }
func (b bits) set(n uint64)      { b[n/64] |= 1 << (n % 64) }
