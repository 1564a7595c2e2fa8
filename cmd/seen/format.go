package main

import (
	"fmt"
	"strconv"
)

// format is how results are printed: the value of -o.
type format int

const (
	asText format = iota
	asJSON
)

func (f *format) String() string {
	if *f == asJSON {
		return "json"
	}
	return "text"
}

func (f *format) Set(s string) error {
	switch s {
	case "text":
		*f = asText
	case "json":
		*f = asJSON
	default:
		return fmt.Errorf("want text or json")
	}
	return nil
}

func (f *format) Type() string { return "format" }

// jsonFlag is --json, another way to set a format.
type jsonFlag struct{ format *format }

func (j jsonFlag) String() string   { return "false" }
func (j jsonFlag) Type() string     { return "bool" }
func (j jsonFlag) IsBoolFlag() bool { return true }

func (j jsonFlag) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err == nil && on {
		*j.format = asJSON
	}
	return err
}
