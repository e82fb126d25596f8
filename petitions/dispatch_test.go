package petitions

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func TestDispatch(t *testing.T) {
	d := NewDispatcher(demoDuties(t))
	for _, c := range []struct {
		name string
		q    Query
		want string // the first body
	}{
		{"by keyword", Query{Text: "老公公身份证到期了怎么换"}, "公安局"},
		{"by class", Query{Text: "快处理", Class: []string{"科技与信息产业", "电信", "电信资费"}}, "通信管理局"},
		{"word and class", Query{Text: "物业费收得不明不白", Class: []string{"城乡建设", "住房保障与房地产", "物业服务"}}, "房管中心"},
		{"first by law", Query{Text: "承包田被收回", Class: []string{"农村农业", "土地承包经营", "土地承包"}, First: []string{"仲裁委"}}, "仲裁委"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := d.Dispatch(c.q, 3)
			require.NotEmpty(t, got)
			require.LessOrEqual(t, len(got), 3)
			require.Equal(t, c.want, got[0].Name)
			require.NotEmpty(t, got[0].Basis)
			sum := 0.0
			for _, x := range got {
				sum += x.Score
			}
			require.InDelta(t, 1, sum, .02)
		})
	}
	require.Empty(t, d.Dispatch(Query{Text: "嗯"}, 3))
	require.Empty(t, NewDispatcher(nil).Dispatch(Query{Text: "欠薪"}, 3))
}

// TestBorder: what a duty's border gives to another body counts against it.
func TestBorder(t *testing.T) {
	d := NewDispatcher([]*kg.Duty{
		{ID: "A", Body: "甲局", Duty: "管灯", Keywords: []string{"路灯", "灯杆"}, Not: "广告灯箱归乙局。"},
		{ID: "B", Body: "乙局", Duty: "管广告", Keywords: []string{"广告灯箱"}},
	})
	require.Equal(t, "乙局", d.Dispatch(Query{Text: "路灯下面的广告灯箱坏了"}, 2)[0].Name)
	require.Equal(t, "甲局", d.Dispatch(Query{Text: "路灯坏了"}, 2)[0].Name)
}

func TestAccusedBodyIsLeftOut(t *testing.T) {
	d := NewDispatcher(demoDuties(t))
	q := Query{Text: "低保要送烟", Class: []string{"民政", "社会救助", "农村低保"}, Purpose: Report, Accused: []string{"县民政局"}}
	for _, x := range d.Dispatch(q, 5) {
		require.NotEqual(t, "民政局", x.Name)
	}
	q.Purpose = Appeal
	require.Equal(t, "民政局", d.Dispatch(q, 1)[0].Name, "an appeal goes to the body whose duty it is")
}
