package table

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded is the text of a file and how it was written.
type decoded struct {
	text     string
	encoding string // "UTF-8", "UTF-16", "Windows-1252"
}

// decode turns a file's bytes into text: a byte order mark decides, then valid
// UTF-8, then Windows-1252, of which ISO-8859-1's letters are a part. A
// problem is told in the form of an Error's message and hint.
func decode(data []byte) (d decoded, message, hint string) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return d, "is a workbook or an archive, not text", "name it .xlsx, or save it as CSV UTF-8"
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return d, "is an old Excel file (.xls), not text", "save it as .xlsx or as CSV UTF-8"
	case bytes.HasPrefix(data, []byte("%PDF")):
		return d, "is a PDF, not text", "export the table as CSV UTF-8"
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
		if !utf8.Valid(data) {
			return d, "begins as UTF-8 but has bytes that are not", "save it again as CSV UTF-8"
		}
		d = decoded{string(data), "UTF-8"}
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		if len(data)%2 != 0 {
			return d, "is UTF-16 with half a character at its end", "save it again as CSV UTF-8"
		}
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return d, "is UTF-16 that cannot be read", "save it again as CSV UTF-8"
		}
		d = decoded{string(out), "UTF-16"}
	case bytes.IndexByte(data, 0) >= 0:
		d = decoded{string(data), ""} // refused below
	case utf8.Valid(data):
		d = decoded{string(data), "UTF-8"}
	default:
		out, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return d, "is text in an unknown encoding", "save it as CSV UTF-8"
		}
		d = decoded{string(out), "Windows-1252"}
	}
	if strings.ContainsRune(d.text, 0) {
		return d, "holds NUL bytes: it is damaged, or UTF-16 without a byte order mark", "save it as CSV UTF-8"
	}
	if strings.Contains(d.text, "\r") {
		// Line ends of Windows and of old Macintosh exports.
		d.text = strings.ReplaceAll(strings.ReplaceAll(d.text, "\r\n", "\n"), "\r", "\n")
	}
	return d, "", ""
}

// twiceEncoded finds the traces of Swedish letters that were converted to
// UTF-8 twice.
func twiceEncoded(text string) bool {
	for _, s := range []string{"Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
