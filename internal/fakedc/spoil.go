package fakedc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gotd/td/tgerr"
)

// spoil makes something go wrong. Method names what: a TL method, "*" for any,
// or one of "updates", "network" and "salts", which are no methods.
func (w *World) spoil(s Step) error {
	delay, err := durationOf(s.For)
	if err != nil {
		return err
	}
	count := s.Count
	if count == 0 {
		count = 1
	}
	switch s.Method {
	case "":
		w.faults.clear()
		w.board.behave()
		w.board.network.mend()
		return nil
	case "updates":
		return w.spoilUpdates(s.Error, count)
	case "network":
		return w.spoilNetwork(s, count, delay)
	case "salts":
		if s.Error != "expire" {
			return errors.New("salts can only expire")
		}
		w.keys.expireSalts(w.clock.server())
		return nil
	}
	x := &fault{method: s.Method, count: count, code: s.Code, error: s.Error, silent: s.Silent, delay: delay}
	switch s.Error {
	case "cut":
		x.error, x.ending = "", cutOff
	case "lost":
		x.error, x.ending = "", lost
	}
	if x.error == "" && !x.silent && x.delay == 0 && x.ending == answered {
		return errors.New("a fault needs an error, silence or a delay")
	}
	if x.error != "" && x.code == 0 {
		x.code = codeOf(x.error)
	}
	w.faults.add(x)
	return nil
}

func (w *World) spoilUpdates(how string, count int) error {
	fates := map[string]fate{"drop": dropped, "double": doubled, "reorder": held}
	f, ok := fates[how]
	if !ok {
		return fmt.Errorf("updates can be dropped, doubled or reordered, not %q", how)
	}
	w.board.spoilUpdates(plan{fate: f, count: count})
	return nil
}

func (w *World) spoilNetwork(s Step, count int, delay time.Duration) error {
	n := &w.board.network
	switch code, isCode := strings.CutPrefix(s.Error, "-"); {
	case count < 0 && s.Error != "":
		return errors.New("a network that always fails is no network")
	case s.Error == "" && s.For != "":
		n.slow(delay)
	case s.Error == "cut":
		n.tear(count)
	case s.Error == "bend":
		n.bend(count)
	case isCode:
		c, err := strconv.ParseInt(code, 10, 32)
		if err != nil {
			return fmt.Errorf("transport error: %w", err)
		}
		n.answer(int32(c), count)
	default:
		return errors.New(`a network can be slow (for), "cut", "bend" or answer a code such as "-404"`)
	}
	return nil
}

func durationOf(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	return time.ParseDuration(s)
}

// codeOf is the code that Telegram gives with an error.
//
// See https://core.telegram.org/api/errors.
func codeOf(name string) int {
	switch tgerr.New(0, name).Type {
	case "FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT":
		return 420
	case "AUTH_KEY_UNREGISTERED", "AUTH_KEY_INVALID", "SESSION_REVOKED", "SESSION_EXPIRED", "USER_DEACTIVATED":
		return 401
	case "AUTH_KEY_DUPLICATED":
		return 406
	case "INTERNAL_SERVER_ERROR", "RPC_CALL_FAIL", "RPC_MCGET_FAIL", "MSG_WAIT_TIMEOUT":
		return 500
	}
	return 400
}

// endsSignIn says that an error tells the truth: after it the key is signed in no more.
func endsSignIn(name string) bool {
	switch name {
	case "AUTH_KEY_UNREGISTERED", "AUTH_KEY_DUPLICATED", "SESSION_REVOKED", "SESSION_EXPIRED", "USER_DEACTIVATED":
		return true
	}
	return false
}
