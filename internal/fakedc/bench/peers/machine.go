package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine is what the figures are of.
type machine struct {
	CPU      string   `json:"cpu"`
	Cores    int      `json:"cores"`
	Kernel   string   `json:"kernel"`
	Go       string   `json:"go"`
	Node     string   `json:"node,omitempty"`
	Python   string   `json:"python,omitempty"`
	Versions []string `json:"versions"`
	Date     string   `json:"date"`
}

func thisMachine(ready []program) machine {
	m := machine{
		CPU: processor(), Cores: runtime.NumCPU(), Kernel: said("uname", "-sr"), Go: runtime.Version(),
		Date: time.Now().UTC().Format(time.DateOnly),
	}
	seen := map[string]bool{}
	for _, p := range ready {
		if !seen[p.version] {
			m.Versions = append(m.Versions, p.version)
		}
		seen[p.version] = true
		switch p.args[0] {
		case node:
			m.Node = said(node, "--version")
		case python:
			m.Python = said(python, "--version")
		}
	}
	return m
}

const (
	node   = "node"
	python = "/usr/bin/python3"
)

func (m machine) String() string {
	parts := []string{m.CPU, plural(m.Cores, "core"), m.Kernel, m.Go}
	if m.Node != "" {
		parts = append(parts, "Node "+m.Node)
	}
	if m.Python != "" {
		parts = append(parts, m.Python)
	}
	return strings.Join(append(append(parts, m.Versions...), m.Date), ", ")
}

func processor() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func said(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
