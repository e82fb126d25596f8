package zh

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Suspect is a place of a text that looks damaged and wants a person's eye.
type Suspect struct {
	Token
	Reason string `json:"reason"`
}

// Reasons for a Suspect.
const (
	SuspectPinyin   = "pinyin"   // an annotation whose character is lost
	SuspectEncoding = "encoding" // characters that come of a wrong encoding, or of none (private use)
	SuspectHTML     = "html"     // tags or entities left
)

const letters = `a-zɡɑü` + toned

var suspects = []struct {
	reason string
	re     *regexp.Regexp
}{
	{SuspectPinyin, regexp.MustCompile(`\?[` + letters + `]+[)）]>?|[A-Za-z][(（][a-zü]*[` + toned + `][a-zü]*[)）]`)},
	{SuspectEncoding, regexp.MustCompile(`[\x{FFFD}\x{E000}-\x{F8FF}]+|锟斤拷|烫烫烫|屯屯屯|â€.?|Ã[\x{80}-\x{BF}]|ï»¿|鈥[^\s]`)},
	{SuspectHTML, regexp.MustCompile(`</?[a-zA-Z][^<>]{0,200}>|&(?:#[0-9]+|[a-zA-Z]{2,8});`)},
}

// Suspects finds the places that Clean could not mend, in the text as given (clean it first), ordered by reason, then by
// place. An importer shows them to a clerk.
func Suspects(s string) []Suspect {
	u := newRuler(s, s)
	var out []Suspect
	for _, k := range suspects {
		for _, loc := range k.re.FindAllStringIndex(s, -1) {
			out = append(out, Suspect{u.token(loc[0], loc[1]), k.reason})
		}
	}
	return out
}

// Some pages were annotated byte by byte: in GBK, an annotator one byte out of step reads the second byte of 府 and the
// first of 數 as 當, writes (dāng) after them, and thereby tears 數 apart; the lone first byte swallows the bracket and
// shows as "?": 政府?dāng)?shù)字化. What was read wrongly tells the lost byte, so the text can be put together again.
var torn = regexp.MustCompile(`(\p{Han})\?([` + letters + `]+)[)）]`)

// maxTorn bounds how many characters a reader stays out of step before it is no longer believed.
const maxTorn = 8

// mendTorn puts torn characters together where exactly one reading fits, and leaves the others for Suspects.
func mendTorn(s string) string {
	if !strings.Contains(s, "?") {
		return s
	}
	var b strings.Builder
	for {
		m := torn.FindStringSubmatchIndex(s)
		if m == nil {
			break
		}
		prev, misread, rest := s[m[2]:m[3]], s[m[4]:m[5]], s[m[1]:]
		b.WriteString(s[:m[3]])
		if text, n, ok := rejoin(prev, misread, rest); ok {
			b.WriteString(text)
			s = rest[n:]
			continue
		}
		b.WriteString(s[m[3]:m[1]])
		s = rest
	}
	b.WriteString(s)
	return b.String()
}

// rejoin tries every lost byte. text stands for the torn part and the first n bytes of rest; ok only if one text fits.
func rejoin(prev, misread, rest string) (text string, n int, ok bool) {
	p, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(prev))
	if err != nil || len(p) != 2 {
		return "", 0, false
	}
	for lost := byte(0x81); lost < 0xFF; lost++ {
		// Such pages annotate traditional characters only.
		if r := gbk(p[1], lost); !reads(r, misread) || t2s.rune(r) == r {
			continue
		}
		for _, c := range inStep(lost, rest, maxTorn) {
			if ok && c.text != text {
				return "", 0, false
			}
			text, n, ok = c.text, c.n, true
		}
	}
	return text, n, ok
}

// joined is one way to go on: text for the first n bytes.
type joined struct {
	text string
	n    int
}

var (
	tornNext  = regexp.MustCompile(`^\?([` + letters + `]+)[)）]`)
	annotated = regexp.MustCompile(`^[(（]([` + letters + `]+)[)）]`)
)

// inStep gives the ways to read rest after a lone first byte, until bytes and characters are in step again.
func inStep(lead byte, rest string, depth int) []joined {
	if depth == 0 || rest == "" {
		return nil
	}
	var out []joined
	if m := tornNext.FindStringSubmatch(rest); m != nil { // the second byte is torn off too, the true sound is given
		for second := byte(0x81); second < 0xFF; second++ {
			if r := gbk(lead, second); reads(r, m[1]) {
				out = append(out, joined{string(r), len(m[0])})
			}
		}
		return out
	}
	r, size := utf8.DecodeRuneInString(rest)
	if r >= 0x40 && r < 0x7F && r != '>' {
		c := gbk(lead, byte(r))
		if !IsHan(c) {
			return nil
		}
		if m := annotated.FindStringSubmatch(rest[size:]); m != nil {
			if !reads(c, m[1]) {
				return nil
			}
			size += len(m[0])
		}
		return []joined{{string(c), size}}
	}
	if r < 0x80 { // the page folded full-width signs after it had misread them
		r += 0xFEE0
	}
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	if err != nil || len(b) != 2 {
		return nil
	}
	c := gbk(lead, b[0])
	if !IsHan(c) {
		return nil
	}
	if m := annotated.FindStringSubmatch(rest[size:]); m != nil && reads(r, m[1]) {
		size += len(m[0])
	}
	for _, j := range inStep(b[1], rest[size:], depth-1) {
		out = append(out, joined{string(c) + j.text, size + j.n})
	}
	return out
}

// gbk decodes two bytes, U+FFFD where they are no character.
func gbk(a, b byte) rune {
	s, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{a, b})
	r, size := utf8.DecodeRune(s)
	if err != nil || size != len(s) {
		return utf8.RuneError
	}
	return r
}

// reads reports whether r has the reading, tone mark included.
func reads(r rune, reading string) bool {
	for known := range strings.SplitSeq(pinyin.PinyinDict[int(r)], ",") {
		if known == reading {
			return true
		}
	}
	return false
}
