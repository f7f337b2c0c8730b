package export

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

//go:embed assets
var assets embed.FS

// texts is the table of one language: every word that a document shows which
// does not come from the day.
type texts map[string]string

// tables reads the text tables once. They are part of the program, so one that
// cannot be read is a broken program.
var tables = sync.OnceValue(func() map[Lang]texts {
	all := make(map[Lang]texts)
	for _, lang := range []Lang{Swedish, English} {
		var t texts
		if err := json.Unmarshal(asset("text/"+string(lang)+".json"), &t); err != nil {
			panic(fmt.Sprintf("export: text table %s: %v", lang, err))
		}
		all[lang] = t
	}
	return all
})

func asset(name string) []byte {
	content, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("export: " + err.Error())
	}
	return content
}

func textsOf(lang Lang) (texts, error) {
	t, ok := tables()[lang]
	if !ok {
		return nil, fmt.Errorf("%w: no texts in this language: want sv or en", ErrInput)
	}
	return t, nil
}

// say gives a text with {0}, {1} ... replaced. A key that the table lacks is a
// broken program; a test holds the tables equal.
func (t texts) say(key string, args ...any) string {
	text, ok := t[key]
	if !ok {
		panic("export: no text for " + key)
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for i, arg := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", fmt.Sprint(arg))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// word gives the text for a code of the data ("task." + "insulin"), or the
// code itself when the table does not know it: days bring their own tasks.
func (t texts) word(prefix, code string) string {
	if text, ok := t[prefix+code]; ok {
		return text
	}
	return code
}

// date writes a date in full, "onsdag 14 januari 2026".
func (t texts) date(at time.Time) string {
	return fmt.Sprintf("%s %d %s %d", t.say("weekday."+strconv.Itoa(int(at.Weekday()))),
		at.Day(), t.say("month."+strconv.Itoa(int(at.Month()))), at.Year())
}

// span writes a window, with the day in words when it begins on another.
func (b *book) span(w care.Window) string {
	text := b.hm(w.From) + "–" + b.hm(w.To)
	key, date := b.otherDay(w.From)
	if key != "" {
		date = b.texts.say(key)
	}
	if date != "" {
		text += " " + date
	}
	return text
}

func (b *book) spans(windows []care.Window) string {
	list := make([]string, len(windows))
	for i, w := range windows {
		list[i] = b.span(w)
	}
	return strings.Join(list, ", ")
}

// number writes a number with a fixed count of decimals in the manner of the
// language. A no-break space parts thousands in both.
func (l Lang) number(value float64, decimals int) string {
	s := strconv.FormatFloat(value, 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString("\u00a0")
		}
		b.WriteRune(digit)
	}
	if part == "" {
		return sign + b.String()
	}
	if l == Swedish {
		return sign + b.String() + "," + part
	}
	return sign + b.String() + "." + part
}

// The functions below write text so that the page can write it again in the
// other language: a data attribute keeps what it was made from, and report.js
// holds the same three rules as this file.

// live is a text of the table.
func (b *book) live(key string, args ...any) template.HTML {
	text := template.HTMLEscapeString(b.texts.say(key, args...))
	if len(args) == 0 {
		return template.HTML(fmt.Sprintf(`<span data-t="%s">%s</span>`, key, text))
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = fmt.Sprint(arg)
	}
	list, err := json.Marshal(words)
	if err != nil {
		panic("export: " + err.Error()) // strings always marshal
	}
	return template.HTML(fmt.Sprintf(`<span data-t="%s" data-a="%s">%s</span>`, key,
		template.HTMLEscapeString(string(list)), text))
}

// liveWord is the text for a code of the data.
func (b *book) liveWord(prefix, code string) template.HTML {
	if _, ok := b.texts[prefix+code]; ok {
		return b.live(prefix + code)
	}
	return template.HTML(template.HTMLEscapeString(code))
}

// liveNumber is a number.
func (b *book) liveNumber(value float64, decimals int) template.HTML {
	return template.HTML(fmt.Sprintf(`<span data-n="%s" data-d="%d">%s</span>`,
		strconv.FormatFloat(value, 'f', decimals, 64), decimals, b.Lang.number(value, decimals)))
}

// liveDate is a date in full.
func (b *book) liveDate(at time.Time) template.HTML {
	return template.HTML(fmt.Sprintf(`<time datetime="%s">%s</time>`,
		at.Format(time.DateOnly), template.HTMLEscapeString(b.texts.date(at))))
}

// livePart is a numerator over its denominator as a share in percent, or a
// dash when there is nothing to divide by.
func (b *book) livePart(part, whole int64, decimals int) template.HTML {
	if whole <= 0 {
		return "–"
	}
	return b.liveNumber(100*float64(part)/float64(whole), decimals) + "\u00a0%"
}
