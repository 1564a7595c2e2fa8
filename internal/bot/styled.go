package bot

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gotd/td/tg"

	"github.com/f48b34c0/seen/internal/answer"
)

// styled is a text with what its parts mean. A link to a user is a mention there
// whose access hash is not known yet: see compose.
type styled struct {
	text     string
	entities []tg.MessageEntityClass
}

// userLinks are the forms of a link to a user that TDLib takes; see its
// LinkManager::get_link_user_id.
var userLinks = regexp.MustCompile(`(?i)^tg:(?://)?user(?:/|\?|$)`)

var userLink = regexp.MustCompile(`(?i)^tg:(?://)?user/?\?id=([0-9]{1,19})$`)

func linkedUser(url string) (id int64, ok bool) {
	m := userLink.FindStringSubmatch(url)
	if m == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(m[1], 10, 64)
	return id, err == nil && id > 0
}

// linkTo is a link, or the mention that it is. What links to no user was refused.
func linkTo(url string, offset, length int) tg.MessageEntityClass {
	if id, ok := linkedUser(url); ok {
		return &tg.InputMessageEntityMentionName{Offset: offset, Length: length, UserID: &tg.InputUser{UserID: id}}
	}
	return &tg.MessageEntityTextURL{Offset: offset, Length: length, URL: url}
}

func badUserLink(url string) error {
	return answer.Errorf(answer.Usage, "%q links to no user", url).WithHint("write tg://user?id=1002")
}

// trim cuts white space off both ends of the text, and off the end of every entity:
// an entity may not end in it. Those of which nothing is left go.
// See core.telegram.org/api/entities#entity-length.
func (s styled) trim() styled {
	left := strings.TrimLeftFunc(s.text, unicode.IsSpace)
	shift := width(s.text) - width(left)
	out := styled{text: strings.TrimRightFunc(left, unicode.IsSpace)}
	end := width(out.text)
	at := units(out.text)
	for _, e := range s.entities {
		from, to := max(e.GetOffset()-shift, 0), min(e.GetOffset()+e.GetLength()-shift, end)
		for to > from && unicode.IsSpace(at[to-1]) {
			to--
		}
		if to > from {
			out.entities = append(out.entities, moved(e, from, to-from))
		}
	}
	slices.SortStableFunc(out.entities, func(a, b tg.MessageEntityClass) int {
		return cmp.Or(cmp.Compare(a.GetOffset(), b.GetOffset()), cmp.Compare(b.GetLength(), a.GetLength()))
	})
	return out
}

// without is the styled text after pieces of it were cut out, which do not overlap.
func (s styled) without(text string, cuts []cut) styled {
	place := func(at int) int {
		gone := 0
		for _, c := range cuts {
			gone += max(min(c.to, at)-c.from, 0)
		}
		return at - gone
	}
	out := styled{text: text}
	for _, e := range s.entities {
		from, to := place(e.GetOffset()), place(e.GetOffset()+e.GetLength())
		if to > from {
			out.entities = append(out.entities, moved(e, from, to-from))
		}
	}
	return out
}

// maxEntities is how many entities a message holds; see telegram's limits.
const maxEntities = 100

// units are the runes of a text, twice where UTF-16 takes two units for one.
func units(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		for range width(string(r)) {
			out = append(out, r)
		}
	}
	return out
}

// moved is an entity in another place.
func moved(e tg.MessageEntityClass, offset, length int) tg.MessageEntityClass {
	v := reflect.New(reflect.TypeOf(e).Elem())
	v.Elem().Set(reflect.ValueOf(e).Elem())
	v.Elem().FieldByName("Offset").SetInt(int64(offset))
	v.Elem().FieldByName("Length").SetInt(int64(length))
	return v.Interface().(tg.MessageEntityClass)
}
