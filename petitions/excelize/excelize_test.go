package excelize

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"ganwen/petitions"
)

// What an office sends: a title above the heading, a real date, numbers as numbers, a bad row.
func TestImport(t *testing.T) {
	f := excelize.NewFile()
	_, err := f.NewSheet("来信")
	require.NoError(t, err)
	when := time.Date(2025, 3, 10, 15, 2, 0, 0, time.UTC)
	for at, v := range map[string]any{"A1": "某县三月份信访件", "A2": "信访件编号", "B2": "信访标题", "C2": "概况信息", "D2": "信访日期", "E2": "人数", "F2": "经办备注",
		"A3": "X-1", "B3": "电梯困人", "C3": "锦澜湾3栋电梯又停了", "D3": when, "E3": 46, "F3": "已阅",
		"A4": "X-2", "B4": "没有水", "C4": "停水三天", "D4": "2025-03-11", "E4": "三个"} {
		require.NoError(t, f.SetCellValue("来信", at, v))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	store := &petitions.Memory{}
	report, err := Import(t.Context(), &petitions.Importer{Store: store, Source: "某县"}, &b, "三月.xlsx")
	require.NoError(t, err)
	require.Equal(t, 2, report.Rows)
	require.Equal(t, 1, report.Kept)
	require.Len(t, report.Rejects, 1)
	require.Equal(t, "people", report.Rejects[0].Field)
	require.Equal(t, 4, report.Rejects[0].Row)
	r, err := store.Get(t.Context(), "某县", "X-1")
	require.NoError(t, err)
	require.Equal(t, "2025-03-10 15:02:00 +0800", r.Petition.Time.Format("2006-01-02 15:04:05 -0700"))
	require.Equal(t, 46, r.Petition.People)

	_, err = Import(t.Context(), &petitions.Importer{Store: store}, strings.NewReader("no zip"), "x.xlsx")
	require.ErrorIs(t, err, petitions.ErrFormat)
	empty := excelize.NewFile()
	b.Reset()
	require.NoError(t, empty.Write(&b))
	_, err = Import(t.Context(), &petitions.Importer{Store: store}, &b, "x.xlsx")
	require.ErrorIs(t, err, petitions.ErrFormat)
}
