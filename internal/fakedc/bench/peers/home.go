package main

import "os"

// home is the folder of this program's source, which it is run in: the clients are
// beside it.
func home() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}
