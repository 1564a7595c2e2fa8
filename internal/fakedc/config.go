package fakedc

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/gotd/td/tg"
)

// getConfig answers help.getConfig. A client replaces its list of data centers by
// the one in here, so it must lead back to this server and to its neighbors.
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
	list := []tg.DCOption{}
	for _, dc := range s.world.board.centers() {
		at, err := netip.ParseAddrPort(dc.Addr())
		if err != nil {
			return nil, fmt.Errorf("address of dc %d: %w", dc.DC(), err)
		}
		list = append(list, tg.DCOption{ID: dc.DC(), IPAddress: ip.String(), Port: int(at.Port()), Ipv6: ip.Is6(), Static: true})
	}
	now := int(s.world.now().Unix())
	return &tg.Config{
		Date:             now,
		Expires:          now + 3600,
		TestMode:         true,
		ThisDC:           s.opts.DC,
		DCOptions:        list,
		ChatSizeMax:      200,
		MegagroupSizeMax: 200000,
		MeURLPrefix:      "https://t.me/",
		CaptionLengthMax: 1024,
		MessageLengthMax: maxMessageLength,
		WebfileDCID:      s.opts.DC,
	}, nil
}

// getNearestDC answers help.getNearestDc: there is no nearer one.
//
// See https://core.telegram.org/method/help.getNearestDc.
func (s *Server) getNearestDC(context.Context) (*tg.NearestDC, error) {
	return &tg.NearestDC{Country: "US", ThisDC: s.opts.DC, NearestDC: s.opts.DC}, nil
}
