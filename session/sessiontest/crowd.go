package sessiontest

import (
	"fmt"

	"github.com/gotd/td/tg"
)

// Person returns somebody of a crowd, the same for the same number: a full user
// as a bot in public groups meets them. Ids are as far apart as Telegram's, six in
// ten have a username, and names are in the scripts and of the lengths that
// people write.
func Person(n int) *tg.User {
	r := scatter(uint64(n))
	u := &tg.User{ID: PersonID(n)}
	u.SetAccessHash(int64(scatter(r)))
	first, last, lang := nameOf(r)
	u.SetFirstName(first)
	if last != "" {
		u.SetLastName(last)
	}
	if lang != "" {
		u.SetLangCode(lang)
	}
	if name := PersonName(n); name != "" {
		u.SetUsername(name)
	}
	if r>>50%100 < 8 {
		u.SetPremium(true)
	}
	u.SetStatus(&tg.UserStatusRecently{})
	u.SetFlags()
	return u
}

// PersonID returns the id of somebody of a crowd. No two have the same.
func PersonID(n int) int64 {
	return int64(shuffle(uint64(n+1), 33)) + 10_000_000
}

// shuffle permutes the numbers of so many bits. Odd factors alone would place them
// more evenly than chance does, and pages of a tree would all fill up together.
func shuffle(n uint64, bits int) uint64 {
	mask := uint64(1)<<bits - 1
	n = n * 0x1_5D588B65 & mask
	n ^= n >> (bits / 2)
	n = n * 0x1_19DE1F35 & mask
	return n ^ n>>(bits/2)
}

// PersonName returns the username of somebody of a crowd, or "". No two have the
// same.
func PersonName(n int) string {
	r := scatter(uint64(n))
	if r%10 >= 6 {
		return ""
	}
	word := usernames()[r>>8%uint64(len(usernames()))]
	// The number makes the name theirs alone.
	return fmt.Sprintf("%s_%x", word, shuffle(uint64(n+1), 32))
}

// scatter maps numbers to numbers that look random.
func scatter(n uint64) uint64 {
	n += 0x9E3779B97F4A7C15
	n = (n ^ n>>30) * 0xBF58476D1CE4E5B9
	n = (n ^ n>>27) * 0x94D049BB133111EB
	return n ^ n>>31
}

func usernames() []string {
	return []string{
		"ann", "Bob", "carol", "dave_the_baker", "x", "Marina", "ivan", "noor", "the_gardener",
		"hiker", "Lena_reads", "sam", "pix", "kotik", "tea", "northwind", "Joao", "mehmet",
	}
}

// nameOf draws a name and the language of its app. Half leave the last name out.
func nameOf(r uint64) (first, last, lang string) {
	lists := []struct {
		lang        string
		first, last []string
	}{
		{"en", []string{"Ann", "Bob", "Carol", "Dave", "Alexander", "Jo"}, []string{"Smith", "Baker", "O'Neill", "Montgomery"}},
		{"ru", []string{"Анна", "Борис", "Екатерина", "Дмитрий", "Лев"}, []string{"Иванова", "Кузнецов", "Преображенская"}},
		{"fa", []string{"آنا", "بابک", "محمدرضا"}, []string{"کریمی", "حسینی"}},
		{"uk", []string{"Олена", "Богдан", "Соломія"}, []string{"Шевченко", "Коваль"}},
		{"es", []string{"Ana", "Begoña", "Carlos Andrés"}, []string{"García", "de la Fuente"}},
		{"id", []string{"Ayu", "Budi", "Citra Dewi"}, []string{"Pratama", "Wijaya"}},
		{"zh-hans", []string{"安", "小明", "丽华"}, []string{"王", "欧阳"}},
		{"", []string{"A.", "☀️", "bob 🎣"}, []string{"B.", ""}},
	}
	weights := []uint64{30, 55, 67, 75, 83, 90, 94, 100}
	pick := r >> 16 % 100
	for i, w := range weights {
		if pick < w {
			l := lists[i]
			first, lang = l.first[r>>24%uint64(len(l.first))], l.lang
			if r>>32%2 == 0 {
				last = l.last[r>>36%uint64(len(l.last))]
			}
			return first, last, lang
		}
	}
	return "Somebody", "", ""
}
