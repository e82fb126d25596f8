package prompts

import "strings"

// bySum recognises numbers that carry a check digit, letters O and l tried as the digits they are mistaken for.
func bySum(t *text, s string, first chunk) (string, int) {
	d := unmistake(s)
	switch {
	case idShape(d) && idSum(d):
		return IDCard, rankID
	case len(s) == 19 && s[0] >= 'A' && s[0] <= 'Z' && idShape(d[1:]) && idSum(d[1:]): // 学籍号
		return IDCard, rankID
	case len(d) == 20 && digits(d[18:]) && idShape(d[:18]) && idSum(d[:18]): // 残疾人证: identity number, kind, grade
		return Licence, rankID
	case usccShape(s) && usccSum(s):
		return USCC, rankUSCC
	case usccShape(d) && usccSum(d) && s != d:
		return USCC, rankUSCC
	case len(d) >= 16 && len(d) <= 19 && digits(d) && strings.HasPrefix(d, "62"):
		if kind, _ := t.cue(first.start, 12); kind != "other" && (luhn(d) || kind == "bank_card" || kind == "") {
			return BankCard, rankCard
		}
	}
	return "", 0
}

// unmistake reads O as 0 and I or L as 1 when most of the characters are digits anyway.
func unmistake(s string) string {
	wrong := 0
	for i := range len(s) {
		if s[i] == 'O' || s[i] == 'I' || s[i] == 'L' {
			wrong++
		}
	}
	if wrong == 0 || wrong > 4 || wrong*2 > len(s) {
		return s
	}
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
}

// byCue recognises numbers by the word before them.
func byCue(t *text, s string, first, last chunk) (string, int) {
	kind, dist := t.cue(first.start, 14)
	d := unmistake(s)
	near := dist >= 0 && dist <= 8 && linked(t, first.start-dist, first.start)
	switch {
	case kind == "id_card" && near && (len(d) >= 15 && len(d) <= 19 && digits(d[:len(d)-1])):
		return IDCard, rankID + 1
	case t.cued(first.start, 14, "id_card") && (idShape(d) || oldID(d)) && kind != "other":
		return IDCard, rankID + 1
	case kind == "uscc" && near && (usccShape(d) || len(s) == 18 || len(s) == 15 && digits(d)):
		return USCC, rankUSCC
	case kind == "bank_card" && dist >= 0 && digits(d) && len(d) >= 12 && len(d) <= 21 && !mobile(d):
		return BankCard, rankCard + 1
	case t.cued(first.start, 14, "bank_card") && digits(d) && len(d) >= 15 && len(d) <= 19 && luhn(d):
		return BankCard, rankCard + 1
	}
	return byPaper(t, s, d, kind, near, first, last)
}

// byPaper recognises the numbers of papers and accounts, which have no shape of their own.
func byPaper(t *text, s, d, kind string, near bool, first, last chunk) (string, int) {
	spoken := first.spoken && len(s) < 6
	switch {
	case passportShape(d) && (t.cued(first.start, 14, "passport") || after(t, last.end, "passport")):
		return Passport, rankDocument
	case permitShape(s, near && kind == "permit") && (t.cued(first.start, 14, "permit") || after(t, last.end, "permit")):
		return Permit, rankDocument
	case spoken || mobile(d):
	case len(s) == 10 && !isDigit(s[0]) && digits(s[1:]) && strings.Contains(t.near(last.end, 6), "证"):
		return BirthCert, rankDocument
	case !near:
	case kind == "qq" && digits(d) && len(d) <= 12:
		return QQ, rankAccount
	case kind == "wechat" && len(s) >= 5 && len(s) <= 24:
		return WeChat, rankAccount
	case kind == "utility" && len(s) <= 20 && hasDigit(s):
		return UtilityAccount, rankAccount
	case kind == "birth_cert" && len(s) >= 8 && len(s) <= 12 && hasDigit(s):
		return BirthCert, rankDocument
	case kind == "deed" && len(s) >= 6 && hasDigit(s) && t.near(last.end, 1) != "年":
		return Deed, rankAccount
	case kind == "licence" && len(s) >= 6 && len(s) <= 26 && hasDigit(s) && t.near(last.end, 1) != "年":
		return Licence, rankDocument
	}
	return "", 0
}

// byShape recognises telephone numbers, which need no word before them.
func byShape(t *text, s string, first, last chunk) (span, bool) {
	if strings.Count(string(t.r[first.start:last.end]), ".") == 3 {
		return span{}, false // 192.168.…
	}
	d := unmistake(s)
	start := first.start
	for start > 0 && (t.r[start-1] == '+' || t.r[start-1] == '(' && strings.ContainsRune(string(t.r[start:min(len(t.r), last.end+1)]), ')')) {
		start--
	}
	if !digitEdges(t, first, last) {
		return span{}, false
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(d, "00"), "86")
	if digits(d) && (mobile(d) || len(d) > 11 && mobile(bare) && len(bare) == 11) {
		if kind, dist := t.cue(first.start, 8); kind == "other" && dist <= 4 {
			return span{}, false
		}
		return span{Phone, start, last.end, rankPhone}, true
	}
	if digits(d) && landlineShape(d, first, last) && !t.official(first.start, last.end) {
		return span{Landline, start, extension(t, last.end), rankLandline}, true
	}
	return span{}, false
}

// mobile says whether 11 digits are a mobile number.
func mobile(s string) bool {
	return len(s) == 11 && s[0] == '1' && s[1] >= '3' && digits(s)
}

// landlineShape: an area code with seven or eight digits, or these alone after a word that says so.
func landlineShape(s string, first, last chunk) bool {
	if s[0] != '0' || s[1] == '0' || len(s) < 10 || len(s) > 12 {
		return false
	}
	code := 4
	if s[1] == '1' || s[1] == '2' {
		code = 3
	}
	n := len(s) - code
	return (n == 7 || n == 8) && s[code] != '0' && s[code] != '1' && (first.end == last.end || len(first.s) == code || first.spoken)
}

// extension takes in what follows a landline: -803, 转803, 分机803.
func extension(t *text, i int) int {
	j := i
	for j < len(t.r) && strings.ContainsRune("-转分机 ", t.r[j]) && j-i < 3 {
		j++
	}
	if j == i || t.r[i] == ' ' {
		return i
	}
	k := j
	for k < len(t.r) && k-j < 6 && t.r[k] >= '0' && t.r[k] <= '9' {
		k++
	}
	if k == j {
		return i
	}
	return k
}

// digitEdges says whether no digit touches the chunks; letters may ("tel0791…").
func digitEdges(t *text, first, last chunk) bool {
	if i := first.start - 1; i >= 0 && classOf(t.r[i]) == 'd' && classOf(t.r[first.start]) != 's' {
		return false
	}
	if last.end < len(t.r) && isAlnum(t.r[last.end]) && isAlnum(t.r[last.end-1]) {
		return false
	}
	return !(first.start > 0 && isAlnum(t.r[first.start-1]) && first.start > 1 && isDigitRune(t.r[first.start-2]))
}

func isDigitRune(r rune) bool { return r >= '0' && r <= '9' }

// official says whether the words before a landline make it an office's, or whether nothing makes it a home's.
func (t *text) official(i, end int) bool {
	for j, seen := i, 0; j > 0 && seen <= 18; j, seen = j-1, seen+1 {
		if isStop(t.r[j-1]) {
			break
		}
		if n := lexicon.context["home"].before(t, j); n > 0 && n >= lexicon.context["office"].before(t, j) {
			return false
		}
		if lexicon.context["office"].before(t, j) > 0 {
			return true
		}
	}
	return strings.Contains(t.near(end, 10), "热线") || strings.Contains(t.near(end, 10), "窗口")
}

// spokenTail finds a mobile number at the head of a run of Chinese digits that goes on into the next word, as in
// "一三九…零一一直没人接".
func spokenTail(t *text, c chunk) []span {
	if !c.spoken || len(c.s) <= 11 || len(c.s) > 14 {
		return nil
	}
	for from := 0; from+11 <= len(c.s); from++ {
		if mobile(c.s[from : from+11]) {
			return []span{{Phone, c.start + from, c.start + from + 11, rankPhone}}
		}
	}
	return nil
}

func passportShape(s string) bool {
	switch {
	case len(s) != 9 || !hasDigit(s):
		return false
	case digits(s[1:]):
		return strings.IndexByte("EGDSPKJH", s[0]) >= 0
	}
	return (s[0] == 'E' || s[:2] == "SE" || s[:2] == "DE" || s[:2] == "PE") && digits(s[2:]) && s[1] >= 'A'
}

func permitShape(s string, near bool) bool {
	switch {
	case len(s) == 9 && (s[0] == 'C' || s[0] == 'L' || s[0] == 'T' || s[0] == 'W' || s[0] == 'H' || s[0] == 'M') && digits(s[2:]):
		return true
	case len(s) == 11 && (s[0] == 'H' || s[0] == 'M') && digits(s[1:]):
		return true
	case len(s) == 15 && !hasDigit(s[:3]) && digits(s[3:]):
		return true
	}
	return near && (len(s) == 8 || len(s) == 10) && digits(s)
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// linked says whether only words like 号码是 and punctuation stand in [i, j): then the cue speaks of this number.
func linked(t *text, i, j int) bool {
	for _, r := range t.r[i:j] {
		if !strings.ContainsRune(" :：,，(（号码编是为就的叫‘'“\"、》」】账户字第个我证-[]【「『=", r) {
			return false
		}
	}
	return true
}

// after says whether a cue of this kind follows within a few runes, as in "E12345678的护照".
func after(t *text, i int, kind string) bool {
	return lexicon.context[kind].within(t, i, i+8)
}

// near gives up to n runes from i.
func (t *text) near(i, n int) string {
	return t.s[t.off[i]:t.off[min(len(t.r), i+n)]]
}
