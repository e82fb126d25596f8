package excelize

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"ganwen/kg"
)

func TestWorkbookRoundTrip(t *testing.T) {
	c, err := kg.Load(os.DirFS("../../cmd/ganwen/demo/catalogue"))
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, Export(&b, c))
	got, rep, err := Import(&b, "目录.xlsx")
	require.NoError(t, err)
	require.Empty(t, rep.Rejects)
	require.Len(t, got.Matters, len(c.Matters))
	for i, m := range got.Matters {
		want, have := &kg.Catalogue{Matters: c.Matters[i : i+1]}, &kg.Catalogue{Matters: []*kg.Matter{m}}
		require.Equal(t, want.Fingerprint(), have.Fingerprint(), m.Code)
	}
}

// What an office sends: a title above the heading, marks of duty in the heading, numbers as numbers, and a bad row.
func TestImportOfAnOffice(t *testing.T) {
	f := excelize.NewFile()
	for at, v := range map[string]any{"A1": "某县政务服务事项表", "A2": "序号", "B2": "事项名称*", "C2": "承诺时限", "D2": "跑动次数", "E2": "咨询电话",
		"A3": 1, "B3": "养犬登记", "C3": "3个工作日", "D3": 1, "E3": "0791-88888888",
		"A4": 2, "B4": "暂住登记", "C4": "三天"} {
		require.NoError(t, f.SetCellValue("Sheet1", at, v))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	c, rep, err := Import(&b, "某县.xlsx")
	require.NoError(t, err)
	require.Equal(t, 2, rep.Rows)
	require.Len(t, c.Matters, 1)
	m := c.Matters[0]
	require.Equal(t, "养犬登记", m.Name)
	require.Equal(t, 3, *m.PromisedDays.Value)
	require.Equal(t, 1, *m.Visits)
	require.Equal(t, "0791-88888888", m.Phone)
	require.True(t, strings.HasPrefix(m.Code, "M-"), "a stable key is made")
	require.Len(t, rep.Rejects, 1)
	require.Equal(t, 4, rep.Rejects[0].Row)
	require.Equal(t, "promised_days", rep.Rejects[0].Field)
	require.Contains(t, rep.Columns, kg.Column{Heading: "序号"}, "a column not understood is named")
}

func TestImportRefusesWhatIsNoWorkbook(t *testing.T) {
	_, _, err := Import(strings.NewReader("code,name\n"), "x.xlsx")
	require.ErrorIs(t, err, kg.ErrFormat)
	var b bytes.Buffer
	require.NoError(t, excelize.NewFile().Write(&b))
	_, _, err = Import(&b, "空.xlsx")
	require.ErrorIs(t, err, kg.ErrFormat)
}
