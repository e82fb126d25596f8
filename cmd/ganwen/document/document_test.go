package document

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func docx(t testing.TB, xml string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	require.NoError(t, err)
	_, err = w.Write([]byte(xml))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func xlsx(t testing.TB) []byte {
	x := excelize.NewFile()
	require.NoError(t, x.SetSheetRow("Sheet1", "A1", &[]string{"事项", "电话"}))
	require.NoError(t, x.SetSheetRow("Sheet1", "A2", &[]string{"居住证", "见窗口"}))
	var b bytes.Buffer
	require.NoError(t, x.Write(&b))
	return b.Bytes()
}

func TestReadTellsKindsByContent(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("居住证办理办法"))
	require.NoError(t, err)
	word := docx(t, `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>第一条 为了方便群众</w:t></w:r></w:p><w:p><w:r><w:t>第二条 免费</w:t></w:r></w:p></w:body></w:document>`)
	for name, c := range map[string]struct {
		data        []byte
		title, text string
	}{
		"notice.md":  {[]byte("# 便民通知\n\n周末不办。"), "便民通知", "周末不办"},
		"old.txt":    {gbk, "old", "居住证办理办法"},
		"page.html":  {[]byte("<html><title>办事指南</title><script>alert(1)</script><p>带身份证</p></html>"), "办事指南", "带身份证"},
		"rules.bin":  {word, "rules", "第二条 免费"}, // a DOCX by what it holds, whatever its name
		"list.xlsx":  {xlsx(t), "list", "电话：见窗口"},
		"many.jsonl": {[]byte(`{"title":"一","text":"正文一"}` + "\n"), "一", "正文一"},
	} {
		t.Run(name, func(t *testing.T) {
			docs, err := Read(name, c.data)
			require.NoError(t, err)
			require.Equal(t, c.title, docs[0].Title)
			require.Contains(t, docs[0].Text, c.text)
			require.NotContains(t, docs[0].Text, "alert")
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a.exe":   {[]byte("MZ"), ErrKind.Error()},
		"a.txt":   {[]byte("  \n"), ErrEmpty.Error()},
		"a.pdf":   {[]byte("%PDF-1.4 broken"), "PDF"},
		"a.jsonl": {[]byte("{\"title\":\"x\",\"text\":\"y\"}\n{oops"), "line 2"},
		"b.jsonl": {[]byte(`{"title":"x"}`), "field text"},
		"a.docx":  {docx(t, "<w:document><w:p>"), "DOCX"},
	} {
		_, err := Read(name, c.data)
		require.ErrorContains(t, err, c.want, name)
	}
}

// TestReadThePlan reads a news page as people really import it: annotated with pinyin, in traditional characters.
func TestReadThePlan(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "docs", "jiangxi-plan-news.txt")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("no shared data beside the project:", path)
	}
	docs, err := Read(path, data)
	require.NoError(t, err)
	require.Less(t, len([]rune(docs[0].Text)), 3000)
}

func FuzzRead(f *testing.F) {
	f.Add("a.html", []byte("<p>x<script>"))
	f.Add("a.pdf", []byte("%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>"))
	f.Add("a.docx", docx(f, "<w:document/>"))
	f.Add("a.jsonl", []byte(`{"text":"x"}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		docs, err := Read(name, data)
		if err == nil && len(docs) == 0 {
			t.Fatal("neither documents nor an error")
		}
	})
}
