package fakedc

import (
	"errors"
	"strconv"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/tgerr"
	"go.uber.org/zap"
)

// interpreter stands between clients of other layers and the server. A client is
// answered in its own layer or refused by name, never in another layer.
type interpreter struct {
	layers map[int]*layer
}

func newInterpreter() (*interpreter, error) {
	layers, err := readLayers(layerTables)
	if err != nil {
		return nil, err
	}
	return &interpreter{layers: layers}, nil
}

// knows says whether a client may speak a layer.
func (i *interpreter) knows(number int) bool {
	return number == nativeLayer || i.layers[number] != nil
}

// native says that a layer needs no translation: the server's own, or none said.
func native(number int) bool { return number == 0 || number == nativeLayer }

// hasMethod says whether a request of a layer can be read at all.
func (i *interpreter) hasMethod(number int, id uint32) bool {
	return native(number) || i.layers[number].byID[id] != nil
}

// request brings a method of a client's layer into the server's.
func (i *interpreter) request(number int, body []byte) ([]byte, error) {
	if native(number) {
		return body, nil
	}
	// What a client asks for is not to be lost on the way.
	return translate(i.layers[number], i.layers[nativeLayer], body, true)
}

// body brings what the server says into a client's layer.
func (i *interpreter) body(number int, body []byte) ([]byte, error) {
	if native(number) {
		return body, nil
	}
	return translate(i.layers[nativeLayer], i.layers[number], body, false)
}

// answer is a result for a client of another layer, or the error that names what
// the layer lacks.
func (i *interpreter) answer(number int, result bin.Encoder) (bin.Encoder, error) {
	if native(number) {
		return result, nil
	}
	b, err := encode(result)
	if err != nil {
		return nil, err
	}
	if b, err = i.body(number, b); err != nil {
		return nil, layerError(number, err)
	}
	return verbatim(b), nil
}

// layerError tells the client which constructor it was.
func layerError(number int, err error) error {
	var lacks *untranslatable
	if !errors.As(err, &lacks) {
		return err
	}
	return tgerr.New(501, "LAYER_"+strconv.Itoa(number)+"_HAS_NO: "+lacks.what)
}

// verbatim is what is encoded already.
type verbatim []byte

func (v verbatim) Encode(b *bin.Buffer) error {
	b.Put(v)
	return nil
}

// inLayer is a push as a session can read it. What its layer cannot say is left
// out and logged; the client misses it, and asking for the difference names it.
func (c *conn) inLayer(ses *session, body []byte) ([]byte, bool) {
	spoken := int(ses.layer.Load())
	said, err := c.srv.layers.body(spoken, body)
	if err != nil {
		c.srv.log.Warn("push", zap.Error(layerError(spoken, err)))
		return nil, false
	}
	return said, true
}
