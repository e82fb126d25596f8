package prompts

import "strings"

// An address is personal from the street or estate down. It is told by its numbers (128号, 3栋2单元501), with the
// street or estate before them, or by somebody saying that he lives there. District, town and community stay, so that
// the matter can still be sent to the right office; offices' own addresses stay too.
func findAddresses(t *text) []span {
	var spans []span
	for i := 0; i < len(t.r); {
		c := chainAt(t, i)
		if c.parts == 0 {
			i++
			continue
		}
		if start, ok := c.address(t); ok {
			spans = append(spans, span{Address, start, c.end, rankAddress})
		}
		i = c.end
	}
	return append(spans, residences(t)...)
}

// chain is a row of numbered parts: 3栋2单元501室.
type chain struct {
	start, end int
	parts      int
	building   bool // a building, unit or room: what only houses have
	number     bool // 128号
	group      bool // 三组: a part of a village
}

// chainAt reads a row of numbered parts whose first figure is at i.
func chainAt(t *text, i int) chain {
	c := chain{start: i, end: i}
	if t.taken[i] || !figure(t.r[i]) || i > 0 && figure(t.r[i-1]) {
		return c
	}
	for j := i; j < len(t.r); {
		from := j
		for from < len(t.r) && c.parts > 0 && from-j < 2 && strings.ContainsRune(" ,、的", t.r[from]) {
			from++
		}
		k := from
		for k < len(t.r) && k-from < 9 && !t.taken[k] && (figure(t.r[k]) || k > from && strings.ContainsRune("-之", t.r[k])) {
			k++
		}
		n := 0
		if k > from {
			n = c.take(t, from, k)
		}
		if n == 0 {
			break
		}
		j = k + max(n, 0)
		c.end = j
	}
	return c
}

// partWords are the words after a number in an address, longest first.
var partWords = []string{"号楼", "号院", "单元", "门牌", "号", "栋", "幢", "座", "室", "楼", "层", "组", "弄", "排", "期", "队", "#"}

// take reads the word after the number in [from, k) and notes what it says: its length, -1 for a room number without
// a word (3栋501, 2-3-501), 0 when this is no part of an address.
func (c *chain) take(t *text, from, k int) int {
	rest := t.near(k, 3)
	for _, word := range partWords {
		if !strings.HasPrefix(rest, word) || strings.HasPrefix(rest, "号线") || strings.HasPrefix(rest, "组织") || strings.HasPrefix(rest, "户口") ||
			strings.HasPrefix(rest, "号码") || strings.HasPrefix(rest, "层次") || strings.HasPrefix(rest, "期间") || strings.HasPrefix(rest, "室内") || counted(t, from, word) {
			continue
		}
		switch word {
		case "栋", "幢", "单元", "室", "号楼", "号院", "弄":
			c.building = true
		case "座":
			c.building = c.building || isAlnum(t.r[from])
		case "号", "门牌":
			c.number = true
		case "组", "队":
			c.group = true
		}
		c.parts++
		return len([]rune(word))
	}
	number := t.s[t.off[from]:t.off[k]]
	plain := strings.Trim(number, "0123456789-零〇一二三四五六七八九幺") == ""
	room := c.building && c.parts > 0 && k-from >= 3 && k-from <= 9 && !strings.ContainsRune("套户人年元日个名平亩", runeAt(t, k))
	triple := strings.Count(number, "-") == 2 && len(number) >= 5 && len(number) <= 9 && !strings.HasPrefix(number, "19") && !strings.HasPrefix(number, "20")
	if next := runeAt(t, k); next == '-' || isDigitRune(next) {
		return 0
	}
	if plain && (room || triple) {
		c.parts, c.building = c.parts+1, true
		return -1
	}
	return 0
}

// counted says whether a Chinese numeral counts buildings instead of naming one: 一栋四层的楼.
func counted(t *text, from int, word string) bool {
	if (word != "栋" && word != "幢" && word != "座") || !strings.ContainsRune("一两", t.r[from]) {
		return false
	}
	next := runeAt(t, from+2)
	return from+1 < len(t.r) && strings.HasPrefix(t.near(from+1, 1), word) && !(isAlnum(next) || strings.ContainsRune("一二三四五六七八九单", next) && !strings.Contains(t.near(from+2, 4), "层") && !strings.Contains(t.near(from+2, 3), "进"))
}

// runeAt is the rune at i, 0 at the end.
func runeAt(t *text, i int) rune {
	if i < len(t.r) {
		return t.r[i]
	}
	return 0
}

func figure(r rune) bool {
	_, spoken := spokenDigits[r]
	return spoken && r != '么' && r != '洞' && r != '拐' || isAlnum(r) || r == '十' || r == '百'
}

// address decides whether the chain is somebody's address and where that begins.
func (c chain) address(t *text) (start int, ok bool) {
	start, divided := nameStart(t, c.start)
	name := c.start - start
	end := c.start
	for end > start && t.r[end-1] == ' ' {
		end--
	}
	road, estate := max(lexicon.address["road"].before(t, end), lexicon.address["lane"].before(t, end)), lexicon.address["estate"].before(t, end)
	named := road > 0 && end-start > road || estate > 0 && end-start > estate && !generic(t, start, end-estate)
	home := lexicon.address["strict"].near(t, start, 12)
	switch {
	case c.start > 0 && t.r[c.start-1] == '第', !home && c.parts == 1 && buildingTalk(t, c, start):
		return 0, false
	case official(t, start, c.end):
		return 0, false
	case named && (c.number || c.building || c.group || c.parts > 1 || home):
	case named && lexicon.address["estate"].before(t, end) > 1 && c.parts == 1 && home:
	case rural(t, end) && end > start && c.number:
	case name == 0 && divided && (c.building || c.parts > 1 || c.number && !dated(t, c.end) || home):
	case c.building && (c.parts > 1 || home) && name >= 2 && !generic(t, start, c.start):
	case c.building && (home || c.parts > 1):
		start = c.start
	case c.parts > 1 && c.number && c.group && home:
	case home && c.number && name >= 2 && !dated(t, c.end):
	default:
		return 0, false
	}
	return start, true
}

// nameStart goes left from the numbers to where the street's or estate's name begins: after a district, town or
// community, after a word like 住在, or at the first character that is not Chinese.
func nameStart(t *text, end int) (start int, divided bool) {
	lo := end
	for lo > 0 && end-lo < 16 && !t.taken[lo-1] && (isHan(t.r[lo-1]) || t.r[lo-1] == ' ' && lo == end) {
		lo--
	}
	start = lo
	for pos := lo + 1; pos <= end; pos++ {
		if n := lexicon.address["division"].before(t, pos); n > 0 && n >= lexicon.address["estate"].before(t, pos) && !divisionInside(t, pos) {
			start, divided = pos, true
			continue
		}
		if n := lexicon.address["lead"].before(t, pos); n > 0 && pos-n >= start && (n > 1 && (end-pos >= 2 || end == pos) || end-pos >= 3 && pos-n-start != 1) {
			start, divided = pos, false
		}
	}
	return start, divided
}

// divisionInside says whether what looks like a division's last character belongs to another word: 市场路, 区间.
func divisionInside(t *text, pos int) bool {
	for _, word := range []string{"市场", "市民", "市政", "区间", "县城", "县委", "县府", "乡村", "镇政府", "村委", "区政府", "县政府", "市政府", "省道", "县道", "乡道"} {
		if strings.HasPrefix(t.near(pos-1, 3), word) {
			return true
		}
	}
	return false
}

// generic says whether [i, j) only describes what kind of place it is: 学校宿舍, 我们小区.
func generic(t *text, i, j int) bool {
	n := lexicon.address["generic"].before(t, j)
	return n > 0 && j-n <= i+1
}

// buildingTalk says whether a single number counts or names buildings in general: 两栋楼房, 前3栋, 5号之前.
func buildingTalk(t *text, c chain, start int) bool {
	if lexicon.address["notbuilding"].at(t, c.end-1) > 0 || lexicon.address["notbuilding"].at(t, c.end) > 0 || lexicon.address["buildingof"].before(t, c.start) > 0 {
		return true
	}
	if c.number && lexicon.address["road"].before(t, c.start) == 0 && c.start == start {
		return dated(t, c.end)
	}
	return false
}

// dated says whether what follows a number makes it a day or a document: 5号上午, 12号文件.
func dated(t *text, i int) bool {
	rest := t.near(i, 2)
	for _, word := range []string{"上午", "下午", "晚", "早", "中午", "前", "之前", "后", "以前", "以后", "文", "窗", "令", "公告", "线", "到", "至", "开", "去", "来", "那", "就", "我", "发", "交", "公", "通", "桥", "台", "机", "门", "店", "坑", "井"} {
		if strings.HasPrefix(rest, word) {
			return true
		}
	}
	return false
}

// rural says whether a hamlet's name ends here; it is below the village, so it is personal with a number.
func rural(t *text, i int) bool {
	for _, word := range []string{"组", "屋", "屋场", "自然村", "垅", "坑", "湾", "塘", "坪", "畈", "墈", "排", "背", "下"} {
		if strings.HasSuffix(t.s[t.off[max(0, i-3)]:t.off[i]], word) {
			return true
		}
	}
	return false
}

// official says whether the address is an office's own: named before it or right after it, and nobody lives there.
func official(t *text, start, end int) bool {
	if lexicon.address["office"].within(t, end, end+9) && !beside(t, end, end+12) && !lives(t, start, 8) {
		return true
	}
	for j := start; j > 0 && start-j < 16; j-- {
		if isStop(t.r[j-1]) {
			return false
		}
		if lives(t, j, 0) {
			return false
		}
		if lexicon.address["office"].before(t, j) > 0 {
			return !beside(t, j, j+3)
		}
	}
	return false
}

// lives says whether a word like 家住 ends in the reach runes before i; 地址 alone may be an office's.
func lives(t *text, i, reach int) bool {
	for end := i; end > 0 && i-end <= reach && !isStop(t.r[end-1]); end-- {
		if n := lexicon.address["strict"].before(t, end); n > 0 && t.s[t.off[end-n]:t.off[end]] != "地址" {
			return true
		}
	}
	return false
}

// beside says whether a place is only named to tell where another one is.
func beside(t *text, i, j int) bool {
	near := t.near(i, j-i)
	for _, word := range []string{"旁", "对面", "附近", "隔壁", "后面", "边上", "后门", "往", "斜对", "门口"} {
		if strings.Contains(near, word) {
			return true
		}
	}
	return false
}

// residences finds a street or estate without a number that somebody says he lives in.
func residences(t *text) []span {
	var spans []span
	for i := 2; i < len(t.r); i++ {
		n := lexicon.address["strict"].before(t, i)
		if n == 0 || lexicon.address["strict"].before(t, i+1) > 0 || i > n && t.r[i-n-1] == '国' {
			continue
		}
		from := i
		for from < len(t.r) && strings.ContainsRune(":是在于了到 ", t.r[from]) {
			from++
		}
		to := from
		for to < len(t.r) && isHan(t.r[to]) && to-from < 24 && !t.taken[to] && t.r[to] != '的' {
			to++
		}
		if s, ok := residence(t, from, to); ok {
			spans = append(spans, s)
		}
	}
	return spans
}

// residence looks in [from, to) for a name that ends as streets and estates do.
func residence(t *text, from, to int) (span, bool) {
	for end := from + 3; end <= to; end++ {
		road, estate := lexicon.address["road"].before(t, end), lexicon.address["estate"].before(t, end)
		n := max(road, estate)
		if n == 0 || end < to && max(lexicon.address["road"].before(t, end+1), lexicon.address["estate"].before(t, end+1)) > 0 {
			continue
		}
		start, _ := nameStart(t, end)
		start = max(start, from)
		open := end == len(t.r) || !isHan(t.r[end])
		single := road == 0 && estate == 1
		if strings.ContainsRune("线程费灯面况由径途道", runeAt(t, end)) || end < len(t.r) && figure(t.r[end]) || end-start <= n || generic(t, start, end-n) || single && (!open || end-start < 3) || official(t, start, end) {
			continue
		}
		return span{Address, start, end, rankAddress}, true
	}
	return span{}, false
}
