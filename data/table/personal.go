package table

import "regexp"

// Swedish personal and coordination numbers: (YY)YYMMDD, a hyphen, a plus, a
// space or nothing, four digits. A coordination number has 60 added to the day.
var personalForm = regexp.MustCompile(`(?:^|[^\pL\pN.,])((?:18|19|20)?\d{2})(0[1-9]|1[0-2])(\d{2}) ?([-+–]?) ?(\d{4})(?:$|[^\pL\pN])`)

// personalNumber says whether a cell holds something that looks like a
// personal number. Ten digits in a row count only with a right check digit,
// for they may be an order number; with a hyphen or a century the form is
// enough.
func personalNumber(v string) bool {
	for _, m := range personalForm.FindAllStringSubmatch(v, -1) {
		day := int(m[3][0]-'0')*10 + int(m[3][1]-'0')
		if day > 60 {
			day -= 60
		}
		if day < 1 || day > 31 {
			continue
		}
		if m[4] != "" || len(m[1]) == 4 || luhn(m[1][len(m[1])-2:]+m[2]+m[3]+m[5]) {
			return true
		}
	}
	return false
}

// luhn checks the last of ten digits.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[i] - '0')
		if i%2 == 0 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
