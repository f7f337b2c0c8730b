package osm

import (
	"fmt"
	"strconv"
	"strings"
)

var monthWords = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
	"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var monthDays = [...]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// seasonWords are the seasons of the road authorities in northern Europe,
// where half of the year is winter. Spring and autumn overlap with both.
var seasonWords = map[string]dateSpan{
	"winter": {monthDay{0, 11, 1}, monthDay{0, 4, 30}},
	"summer": {monthDay{0, 5, 1}, monthDay{0, 10, 31}},
	"spring": {monthDay{0, 3, 1}, monthDay{0, 5, 31}},
	"autumn": {monthDay{0, 9, 1}, monthDay{0, 11, 30}},
}

var weekdayWords = map[string]int{"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}

// hoursWords cuts a text into words, numbers with a colon, and single signs.
func hoursWords(text string) []string {
	var words []string
	isWord := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == ':' || c >= 0x80 }
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case isWord(c):
			j := i
			for j < len(text) && isWord(text[j]) {
				j++
			}
			words = append(words, text[i:j])
			i = j
		default:
			words = append(words, text[i:i+1])
			i++
		}
	}
	return words
}

// hoursParser goes through the words of Hours.
type hoursParser struct {
	words []string
	at    int
}

func (p *hoursParser) peek(ahead int) string {
	if p.at+ahead < len(p.words) {
		return p.words[p.at+ahead]
	}
	return ""
}

func (p *hoursParser) take(word string) bool {
	if p.peek(0) != word || word == "" {
		return false
	}
	p.at++
	return true
}

func (p *hoursParser) unexpected() error {
	if p.at >= len(p.words) {
		return fmt.Errorf("%w: they break off", ErrHours)
	}
	return fmt.Errorf("%w: at %q", ErrHours, text(p.words[p.at], 40))
}

// more reports, after an item of a list, whether a comma leads to another item
// of the same list, and goes past the comma.
func (p *hoursParser) more(starts func(word string) bool) bool {
	if p.peek(0) == "," && starts(p.peek(1)) {
		p.at++
		return true
	}
	return false
}

func (p *hoursParser) rule() (r hoursRule, err error) {
	begin := p.at
	switch {
	case p.peek(0) == "24" && p.peek(1) == "/" && p.peek(2) == "7":
		p.at += 3
	default:
		if startsDate(p.peek(0)) {
			for {
				span, err := p.dates()
				if err != nil {
					return r, err
				}
				r.dates = append(r.dates, span)
				if !p.more(startsDate) {
					break
				}
			}
			p.take(":")
		}
		if err := p.weekdays(&r); err != nil {
			return r, err
		}
		if startsClock(p.peek(0)) {
			for {
				span, err := p.clock()
				if err != nil {
					return r, err
				}
				r.spans = append(r.spans, span)
				if !p.more(startsClock) {
					break
				}
			}
		}
	}
	if p.take("off") || p.take("closed") {
		r.off = true
	} else {
		p.take("open")
	}
	if p.at == begin {
		return r, p.unexpected()
	}
	return r, nil
}

func startsDate(word string) bool {
	_, month := monthWords[word]
	_, season := seasonWords[word]
	return month || season || isYear(word)
}

func isYear(word string) bool { return len(word) == 4 && number(word) >= 1970 && number(word) <= 9999 }

// number is a whole number of at most four digits, or -1.
func number(word string) int {
	if len(word) == 0 || len(word) > 4 {
		return -1
	}
	n, err := strconv.Atoi(word)
	if err != nil || word[0] < '0' || word[0] > '9' {
		return -1
	}
	return n
}

// dates reads one span of dates.
func (p *hoursParser) dates() (s dateSpan, err error) {
	if season, ok := seasonWords[p.peek(0)]; ok {
		p.at++
		return season, nil
	}
	from, err := p.date(monthDay{}, true)
	if err != nil {
		return s, err
	}
	to := from
	if p.take("-") {
		if to, err = p.date(from, false); err != nil {
			return s, err
		}
	}
	s = dateSpan{from, to}
	if s.from.month == 0 { // a year, or years
		s.from.month, s.from.day = 1, 1
		s.to.month, s.to.day = 12, 31
	}
	if s.from.day == 0 {
		s.from.day = 1
	}
	if s.to.month == 0 {
		return s, fmt.Errorf("%w: a span of dates ends in a year without a month", ErrHours)
	}
	if s.to.day == 0 {
		s.to.day = monthDays[s.to.month]
	}
	switch {
	case s.from.year == 0 && s.to.year > 0:
		return s, fmt.Errorf("%w: a span of dates has a year at its end only", ErrHours)
	case s.from.year > 0 && s.to.year == 0:
		if s.to.year = s.from.year; s.to.before(s.from) {
			s.to.year++
		}
	case s.from.year > 0 && s.to.before(s.from):
		return s, fmt.Errorf("%w: a span of dates ends before it begins", ErrHours)
	}
	return s, nil
}

// date reads a date as far as it is given. A second one may leave out the
// month ("Nov 1-15"), and a year alone is followed by a year alone.
func (p *hoursParser) date(before monthDay, first bool) (d monthDay, err error) {
	if isYear(p.peek(0)) {
		d.year = number(p.peek(0))
		p.at++
	}
	if month, ok := monthWords[p.peek(0)]; ok {
		d.month = month
		p.at++
	} else if !first && d.year == 0 && before.day > 0 {
		d.month = before.month
		if number(p.peek(0)) < 0 {
			return d, p.unexpected()
		}
	} else if d.year == 0 || !first && before.month > 0 {
		return d, p.unexpected()
	}
	if n := number(p.peek(0)); d.month > 0 && n >= 0 && len(p.peek(0)) <= 2 && (first || before.day > 0) {
		if n < 1 || n > monthDays[d.month] {
			return d, p.unexpected()
		}
		d.day = n
		p.at++
	}
	if first || before.day == 0 || d.day > 0 {
		return d, nil
	}
	return d, p.unexpected()
}

func startsWeekday(word string) bool {
	_, day := weekdayWords[word]
	return day || word == "ph" || word == "sh"
}

func (p *hoursParser) weekdays(r *hoursRule) error {
	if !startsWeekday(p.peek(0)) {
		return nil
	}
	r.never = true
	for {
		if from, ok := weekdayWords[p.peek(0)]; ok {
			p.at++
			to := from
			if p.peek(0) == "-" {
				if to, ok = weekdayWords[p.peek(1)]; !ok {
					p.at++
					return p.unexpected()
				}
				p.at += 2
			}
			for day := from; ; day = (day + 1) % 7 {
				r.week |= 1 << day
				if day == to {
					break
				}
			}
			r.never = false
		} else {
			p.at++ // a holiday
		}
		if !p.more(startsWeekday) {
			p.take(":")
			return nil
		}
	}
}

func startsClock(word string) bool { return clockMinute(word) >= 0 }

// clockMinute reads "7", "07", "7:30" and "24:00" up to "48:00"; -1 if it is
// something else.
func clockMinute(word string) int {
	hour, minute, colon := strings.Cut(word, ":")
	h := number(hour)
	if h < 0 || len(hour) > 2 || h > 48 {
		return -1
	}
	if !colon {
		return h * 60
	}
	m := number(minute)
	if m < 0 || len(minute) != 2 || m > 59 || h == 48 && m > 0 {
		return -1
	}
	return h*60 + m
}

func (p *hoursParser) clock() (s clockSpan, err error) {
	if s.from = clockMinute(p.peek(0)); s.from >= dayMinutes {
		return s, p.unexpected()
	}
	p.at++
	if !p.take("-") {
		return s, p.unexpected()
	}
	if s.to = clockMinute(p.peek(0)); s.to < 0 {
		return s, p.unexpected()
	}
	if s.to <= s.from {
		s.to += dayMinutes
	}
	if s.to > s.from+dayMinutes {
		return s, p.unexpected()
	}
	p.at++
	return s, nil
}
