package fakedc

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/gotd/td/tg"
)

// getConfig answers help.getConfig. A client replaces its list of data centers by
// the one in here, so it must lead back to this server.
//
// See https://core.telegram.org/method/help.getConfig.
func (s *Server) getConfig(ctx context.Context) (*tg.Config, error) {
	// The end that the client has dialed: what the server listens on may be every
	// address there is.
	local, err := netip.ParseAddrPort(callerOf(ctx).local.String())
	if err != nil {
		return nil, fmt.Errorf("own address: %w", err)
	}
	ip := local.Addr().Unmap()
	now := int(s.world.now().Unix())
	return &tg.Config{
		Date:             now,
		Expires:          now + 3600,
		TestMode:         true,
		ThisDC:           s.opts.DC,
		DCOptions:        []tg.DCOption{{ID: s.opts.DC, IPAddress: ip.String(), Port: int(local.Port()), Ipv6: ip.Is6(), Static: true}},
		ChatSizeMax:      200,
		MegagroupSizeMax: 200000,
		MeURLPrefix:      "https://t.me/",
		CaptionLengthMax: 1024,
		MessageLengthMax: maxMessageLength,
		WebfileDCID:      s.opts.DC,
	}, nil
}
