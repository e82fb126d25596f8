package zh

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

var (
	htmlBlock  = regexp.MustCompile(`(?is)<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>`)
	htmlBreak  = regexp.MustCompile(`(?i)<br\s*/?>|</(?:p|div|tr|li|h[1-6]|table|ul|ol)\s*>`)
	htmlTag    = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!(?i:doctype)[^<>]*>`)
	htmlEntity = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp\b`)
	// An annotation has Latin letters only; what else stands in brackets, AI(人工智能) or 村(社区), is the text's own.
	annotation = regexp.MustCompile(`(\p{Han})[(（]([` + letters + `]+)[)）]`)
	blanks     = regexp.MustCompile(`[ \t]+`)
	lineEnds   = regexp.MustCompile(` *\n *`)
	emptyLines = regexp.MustCompile(`\n{3,}`)
)

// toned are the letters with a tone mark.
const toned = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"

// Clean mends text imported from web pages and files: pinyin annotations (政(zhèng)府 becomes 政府), HTML tags and
// entities (escaped twice, too), zero-width and control characters, repeated blanks and empty lines. Brackets that
// explain (AI(人工智能), PC(个人电脑)) stay. Characters that an annotating page tore apart (政府?dāng)?shù)字化) are put
// together where that is certain; Suspects finds what is left. Traditional characters stay; Simplify turns them.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = unescape(s)
	s = strings.Map(visible, s)
	s = stripAnnotations(mendTorn(s))
	s = blanks.ReplaceAllString(s, " ")
	s = lineEnds.ReplaceAllString(s, "\n")
	s = emptyLines.ReplaceAllString(s, "\n\n")
	return strings.TrimSpace(s)
}

// unescape removes HTML. Text that went through two systems is escaped twice (&amp;lt;p&amp;gt;), so it repeats until
// nothing changes, a few times at most: more is not HTML but an attack.
func unescape(s string) string {
	for range 4 {
		before := s
		if strings.Contains(s, "<") {
			s = htmlBlock.ReplaceAllString(s, "")
			s = htmlBreak.ReplaceAllString(s, "\n")
			s = htmlTag.ReplaceAllString(s, "")
		}
		if strings.Contains(s, "&") {
			s = htmlEntity.ReplaceAllStringFunc(s, html.UnescapeString)
		}
		if s == before {
			break
		}
	}
	return s
}

// visible drops what cannot be seen and turns every kind of blank into a space.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t' || r == '\u3000' || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

func stripAnnotations(s string) string {
	if !strings.ContainsAny(s, "(（") {
		return s
	}
	return annotation.ReplaceAllString(s, "$1")
}
