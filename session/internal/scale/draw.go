package main

import (
	"fmt"
	"math"
	"strings"
)

// draw is the curve of the ingest, and beside it what look-ups take, as SVG. The
// browser chooses the colors for dark and light.
func (r *Report) draw() string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 300" font-family="sans-serif" font-size="12">
<style>
text{fill:#57606a}path{fill:none;stroke-width:2}.g{stroke:#8886;stroke-width:1}.a{stroke:#0969da}.b{stroke:#bc4c00}.A{fill:#0969da}.B{fill:#bc4c00}
@media(prefers-color-scheme:dark){text{fill:#9198a1}.a{stroke:#4493f8}.b{stroke:#f0883e}.A{fill:#4493f8}.B{fill:#f0883e}}
</style>
`)
	largest := r.Stages[len(r.Stages)-1].Peers
	rates := panel{left: 60, width: 330, from: 1000, to: float64(largest), title: "peers entered a second, by peers in the book"}
	curve := r.curve()
	for _, p := range curve {
		rates.top = max(rates.top, p.y)
	}
	rates.frame(&b, func(v float64) string { return grouped(int(v)) })
	rates.path(&b, "a", curve)

	looks := panel{left: 480, width: 330, from: 1000, to: float64(largest), title: "microseconds of a look-up, by peers in the book"}
	var byID, byName []point
	for _, s := range r.Stages {
		byID = append(byID, point{float64(s.Peers), s.Reading.Lookups.Peer.Nanoseconds / 1000})
		byName = append(byName, point{float64(s.Peers), s.Reading.Lookups.Name.Nanoseconds / 1000})
	}
	for _, p := range append(byID, byName...) {
		looks.top = max(looks.top, p.y)
	}
	looks.frame(&b, func(v float64) string { return fmt.Sprintf("%.0f", v) })
	looks.path(&b, "a", byID)
	looks.path(&b, "b", byName)
	b.WriteString("<text class=\"A\" x=\"490\" y=\"60\">by id</text><text class=\"B\" x=\"490\" y=\"76\">by name</text>\n</svg>\n")
	return b.String()
}

type point struct{ x, y float64 }

// curve is the rate of the ingest, each point over a tenth of the peers that there
// were.
func (r *Report) curve() []point {
	var out []point
	for _, s := range r.Stages {
		last := Point{Peers: s.Ingest.From}
		for _, p := range s.Ingest.Points {
			if p.Peers-last.Peers < p.Peers/10 || p.Seconds <= last.Seconds {
				continue
			}
			out = append(out, point{float64(p.Peers), float64(p.Peers-last.Peers) / (p.Seconds - last.Seconds)})
			last = p
		}
	}
	return out
}

// panel is a diagram whose x axis is logarithmic.
type panel struct {
	left, width, from, to, top float64
	title                      string
}

const (
	panelTop    = 40.0
	panelBottom = 260.0
)

func (p *panel) x(v float64) float64 {
	return p.left + p.width*math.Log(v/p.from)/math.Log(p.to/p.from)
}

func (p *panel) y(v float64) float64 { return panelBottom - (panelBottom-panelTop)*v/p.top }

// frame draws the lines that values are read by, and rounds the top up to one.
func (p *panel) frame(b *strings.Builder, tell func(float64) string) {
	step := math.Pow(10, math.Floor(math.Log10(p.top)))
	for _, part := range []float64{0.2, 0.5, 1, 2} {
		if p.top/(step*part) <= 6 {
			step *= part
			break
		}
	}
	p.top = math.Ceil(p.top/step) * step
	fmt.Fprintf(b, "<text x=\"%.0f\" y=\"20\">%s</text>\n", p.left, p.title)
	for v := 0.0; v <= p.top; v += step {
		fmt.Fprintf(b, "<path class=\"g\" d=\"M%.0f %.1fh%.0f\"/><text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			p.left, p.y(v), p.width, p.left-6, p.y(v)+4, tell(v))
	}
	for v := p.from; v <= p.to; v *= 10 {
		fmt.Fprintf(b, "<path class=\"g\" d=\"M%.1f %.0fv%.0f\"/><text x=\"%.1f\" y=\"280\" text-anchor=\"middle\">%s</text>\n",
			p.x(v), panelTop, panelBottom-panelTop, p.x(v), short(v))
	}
}

// short writes 10,000,000 as 10M.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.0fM", v/1e6)
	case v >= 1e3:
		return fmt.Sprintf("%.0fk", v/1e3)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

func (p *panel) path(b *strings.Builder, class string, points []point) {
	fmt.Fprintf(b, "<path class=\"%s\" d=\"", class)
	for i, at := range points {
		fmt.Fprintf(b, "%c%.1f %.1f", "ML"[min(i, 1)], p.x(at.x), p.y(at.y))
	}
	b.WriteString("\"/>\n")
}
