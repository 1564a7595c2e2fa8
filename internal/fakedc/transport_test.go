package fakedc_test

import (
	"testing"

	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/transport"

	"github.com/f48b34c0/seen/internal/fakedc"
)

func TestGotdWorksOverEveryTransport(t *testing.T) {
	s := serve(t, nil)
	for name, o := range map[string]dcs.PlainOptions{
		"abridged":            {Protocol: transport.Abridged},
		"intermediate":        {Protocol: transport.Intermediate},
		"padded intermediate": {Protocol: transport.PaddedIntermediate},
		"full":                {Protocol: transport.Full},

		"obfuscated abridged":            {Protocol: transport.Abridged, Obfuscated: true},
		"obfuscated intermediate":        {Protocol: transport.Intermediate, Obfuscated: true},
		"obfuscated padded intermediate": {Protocol: transport.PaddedIntermediate, Obfuscated: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, s, clientOptions{resolver: dcs.Plain(o)})
			do(t, s, fakedc.Step{Do: "start", Who: "ann"})
			c.received(1)
			if got := c.resolve("carol").ID; got != 1003 {
				t.Errorf("carol is %d", got)
			}
		})
	}
}
