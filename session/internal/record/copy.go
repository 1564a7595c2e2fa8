package record

import (
	"bytes"
	"slices"
)

// Copy returns a record of its own. It shares the usernames and the sources with
// p: those are replaced and never changed.
func (p *Peer) Copy() *Peer {
	q := &Peer{}
	p.CopyTo(q)
	return q
}

// CopyTo makes q say what p says, as Copy does.
func (p *Peer) CopyTo(q *Peer) {
	q.AccessHash = p.AccessHash
	q.HashClass = p.HashClass
	q.HashGeneration = p.HashGeneration
	q.Min = p.Min
	q.FirstName = p.FirstName
	q.LastName = p.LastName
	q.Language = p.Language
	q.Phone = p.Phone
	q.Title = p.Title
	q.Usernames = p.Usernames
	q.Flags = p.Flags
	q.FirstSeen = p.FirstSeen
	q.LastSeen = p.LastSeen
	q.FactsAt = p.FactsAt
	q.FirstSource = p.FirstSource
	q.LastSource = p.LastSource
	q.MigratedTo = p.MigratedTo
	q.SealedHash = p.SealedHash
	q.unknownFields = p.unknownFields
}

// Same reports whether two records say the same.
func (p *Peer) Same(q *Peer) bool {
	return (p.AccessHash == q.AccessHash || p.AccessHash != nil && q.AccessHash != nil && *p.AccessHash == *q.AccessHash) &&
		p.HashClass == q.HashClass &&
		p.HashGeneration == q.HashGeneration &&
		p.Min == q.Min &&
		p.FirstName == q.FirstName &&
		p.LastName == q.LastName &&
		p.Language == q.Language &&
		p.Phone == q.Phone &&
		p.Title == q.Title &&
		slices.EqualFunc(p.Usernames, q.Usernames, (*Username).same) &&
		p.Flags == q.Flags &&
		p.FirstSeen == q.FirstSeen &&
		p.LastSeen == q.LastSeen &&
		p.FactsAt == q.FactsAt &&
		p.FirstSource.Same(q.FirstSource) &&
		p.LastSource.Same(q.LastSource) &&
		p.MigratedTo == q.MigratedTo &&
		bytes.Equal(p.SealedHash, q.SealedHash) &&
		bytes.Equal(p.unknownFields, q.unknownFields)
}

func (u *Username) same(v *Username) bool {
	return u == v || u.Name == v.Name && u.Editable == v.Editable && bytes.Equal(u.unknownFields, v.unknownFields)
}

// Same reports whether two sources say the same. Both may be nil.
func (s *Source) Same(t *Source) bool {
	return s == t || s != nil && t != nil &&
		s.Via == t.Via && s.What == t.What && s.Chat == t.Chat && bytes.Equal(s.unknownFields, t.unknownFields)
}

// CopyTo makes n say what m says.
func (m *Dialog) CopyTo(n *Dialog) {
	n.Standing = m.Standing
	n.Reason = m.Reason
	n.At = m.At
	n.Payload = m.Payload
	n.GreetedMessage = m.GreetedMessage
	n.Detail = m.Detail
	n.Chat = m.Chat
	n.Asked = m.Asked
	n.Until = m.Until
	n.Confirmed = m.Confirmed
	n.Refusal = m.Refusal
	n.Refused = m.Refused
	n.FirstMessage = m.FirstMessage
	n.FirstStart = m.FirstStart
	n.unknownFields = m.unknownFields
}

// Same reports whether two records say the same.
func (m *Dialog) Same(n *Dialog) bool {
	return m.Standing == n.Standing &&
		m.Reason == n.Reason &&
		m.At == n.At &&
		m.Payload == n.Payload &&
		m.GreetedMessage == n.GreetedMessage &&
		m.Detail == n.Detail &&
		m.Chat == n.Chat &&
		m.Asked == n.Asked &&
		m.Until == n.Until &&
		m.Confirmed == n.Confirmed &&
		m.Refusal == n.Refusal &&
		m.Refused == n.Refused &&
		m.FirstMessage == n.FirstMessage &&
		m.FirstStart == n.FirstStart &&
		bytes.Equal(m.unknownFields, n.unknownFields)
}
