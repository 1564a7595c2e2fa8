package main

import "slices"

// median is NaN-free: of nothing it is 0.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// medianOf is the median of something about results.
func medianOf(list []result, of func(result) float64) float64 {
	values := make([]float64, len(list))
	for i, r := range list {
		values[i] = of(r)
	}
	return median(values)
}

// ratio is the median of what the results are to those of the same rounds of
// another client; 0 if they have no round in common.
func ratio(list, to []result, of func(result) float64) float64 {
	base := map[int]float64{}
	for _, r := range to {
		base[r.Round] = of(r)
	}
	var values []float64
	for _, r := range list {
		if b := base[r.Round]; b > 0 {
			values = append(values, of(r)/b)
		}
	}
	return median(values)
}
