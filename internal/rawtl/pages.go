package rawtl

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gotd/td/bin"
)

// Pages goes through a list that a method returns in parts.
type Pages struct {
	req   *Request
	how   paging
	at    *part // the field that says where a page begins; nil byHash
	value reflect.Value
	seen  int // elements so far
}

// paging is how a method is asked for the next part.
type paging uint8

const (
	byCount paging = iota // offset: how many came before
	byID                  // offset_id: the id of the last one
	byMark                // offset: what the last answer says
	byHash                // hash: all at once, unless it is the same as before
)

// pageSize is how many elements a page has where the call does not say.
const pageSize = 100

// ErrSamePage means that a server does not go on from page to page.
var ErrSamePage = errors.New("the server sends the same page again")

// Pages returns what goes through the list that the request asks for, or an
// [*Error] if its method does not return one in parts: one that does has a limit,
// and an offset or offset_id. A list that has a hash and no limit is one part.
func (r *Request) Pages() (*Pages, error) {
	v := reflect.ValueOf(r.object).Elem()
	s, err := r.schema.shape(v.Type())
	if err != nil {
		return nil, err
	}
	field := func(name string, sorts ...sort) *part {
		if i, ok := s.index[name]; ok {
			for _, sort := range sorts {
				if s.parts[i].form.sort == sort {
					return &s.parts[i]
				}
			}
		}
		return nil
	}
	p := &Pages{req: r, value: v}
	limit, peer := field("limit", anInt), field("offset_peer", aClass)
	switch offset := field("offset", anInt, aString); {
	case limit == nil && field("hash", aLong) != nil && r.schema.lists(classOf(r.method.line)):
		p.how = byHash
		return p, nil
	case limit == nil || peer != nil:
	case offset != nil && offset.form.sort == aString:
		p.how, p.at = byMark, offset
	case offset != nil:
		p.how, p.at = byCount, offset
	default:
		p.how, p.at = byID, field("offset_id", anInt)
	}
	if p.at == nil {
		return nil, &Error{
			Path: r.name, Message: "it does not return a list in pages that can be followed",
			Hint: "those that do have a limit, and an offset or offset_id, or a hash",
		}
	}
	if size := v.Field(limit.slot); size.Int() == 0 {
		limit.give(v)
		size.SetInt(pageSize)
	}
	p.at.give(v)
	if p.how == byCount {
		p.seen = int(v.Field(p.at.slot).Int())
	}
	return p, nil
}

// Turn takes the answer that is a page and sets the request to the next one. It
// returns the elements of the list, as they print, and whether there may be more.
func (p *Pages) Turn(result bin.Decoder, view View) ([][]byte, bool, error) {
	page := reflect.ValueOf(result).Elem()
	if inner, ok := unboxed(page); ok {
		page = inner
	}
	for page.Kind() == reflect.Interface || page.Kind() == reflect.Pointer {
		page = page.Elem()
	}
	if page.Kind() != reflect.Struct {
		return nil, false, fmt.Errorf("%s does not answer with pages", p.req.name)
	}
	s, err := p.req.schema.shape(page.Type())
	if err != nil {
		return nil, false, err
	}
	list, ok := s.list(page)
	if !ok && p.how != byMark { // such as messagesNotModified
		return nil, false, nil
	}
	if !ok {
		more, err := p.next(s, page, list)
		return nil, more, err
	}
	out := make([][]byte, list.Len())
	for i := range out {
		printer := printer{schema: p.req.schema, view: view}
		is, err := formOf(list.Type().Elem())
		if err != nil {
			return nil, false, err
		}
		if err := printer.value(list.Index(i), &is, ""); err != nil {
			return nil, false, err
		}
		out[i] = printer.out
	}
	p.seen += len(out)
	more, err := p.next(s, page, list)
	return out, more, err
}

// next sets the request to the page after this one.
func (p *Pages) next(s *shape, page, list reflect.Value) (bool, error) {
	if p.how == byHash {
		return false, nil
	}
	slot := p.value.Field(p.at.slot)
	if p.how == byMark {
		i, ok := s.index["next_offset"]
		if !ok || !s.parts[i].given(page) {
			return false, nil
		}
		mark := page.Field(s.parts[i].slot).String()
		if mark == "" {
			return false, nil
		}
		if mark == slot.String() {
			return false, ErrSamePage
		}
		slot.SetString(mark)
		return true, nil
	}
	// A list without a count is the whole one.
	i, ok := s.index["count"]
	if !ok || list.Len() == 0 || p.seen >= int(page.Field(s.parts[i].slot).Int()) {
		return false, nil
	}
	if p.how == byCount {
		slot.SetInt(int64(p.seen))
		return true, nil
	}
	last := list.Index(list.Len() - 1)
	for last.Kind() == reflect.Interface || last.Kind() == reflect.Pointer {
		last = last.Elem()
	}
	id := last.FieldByName("ID")
	if !id.IsValid() || id.Kind() != reflect.Int {
		return false, fmt.Errorf("the elements of %s have no id to go on from", s.name)
	}
	if id.Int() == slot.Int() {
		return false, ErrSamePage
	}
	slot.SetInt(id.Int())
	return true, nil
}

// lists says whether objects of a type have lists in them.
func (s *Schema) lists(class string) bool {
	return slices.ContainsFunc(s.classes[class], func(e *entry) bool { return strings.Contains(e.line, "Vector<") })
}

// list is the vector of a page: the first that is there and does not only say what
// is in the others.
func (s *shape) list(page reflect.Value) (reflect.Value, bool) {
	for i := range s.parts {
		p := &s.parts[i]
		if p.form.sort == aVector && p.given(page) && p.name != "users" && p.name != "chats" && p.name != "topics" && p.name != "packs" {
			return page.Field(p.slot), true
		}
	}
	return reflect.Value{}, false
}
