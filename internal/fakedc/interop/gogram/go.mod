// A module of its own: what this client needs is not what seen needs.
module github.com/f48b34c0/seen/internal/fakedc/interop/gogram

go 1.26

require github.com/amarnathcjd/gogram v1.6.11-0.20251216220425-d8aa810fd1e2
