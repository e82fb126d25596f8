package petitions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ganwen/kg"
)

func facts(t *testing.T, p Petition) (Facts, []Place) {
	regions, err := kg.Divisions()
	require.NoError(t, err)
	words := &wordLists{}
	require.NoError(t, readData("facts.json", words))
	c := build(t, cueFile{})
	x := &extractor{words: words, regions: regions}
	return x.extract(&p, c.read(p.Whole()))
}

func TestPeople(t *testing.T) {
	for text, want := range map[string]int{
		"我们二十几户都没拿到钱": 20, "我们三十二户联名反映": 32, "六十多户业主一起反映": 60, "上百名职工没发工资": 100, "一百多号人都欠着工资": 100,
		"来访41人": 41, "三名村民代表": 3, "几十户居民都喝这口井": 20, "罚了我五百块": 0, "二十三岁的儿子": 0, "路灯坏了": 0, "全村八户都遭了": 8,
	} {
		f, _ := facts(t, Petition{Text: text})
		require.Equal(t, want, f.People, text)
	}
	f, _ := facts(t, Petition{Text: "路灯坏了", People: 7})
	require.Equal(t, 7, f.People, "what the register says counts too")
}

func TestPlaces(t *testing.T) {
	f, places := facts(t, Petition{Text: "龙南镇的工地欠薪", Place: "江西省赣州市龙南市"})
	require.Equal(t, f.Place, places[0].Code)
	require.Equal(t, "江西省赣州市龙南市龙南镇", places[0].Name)
	require.Len(t, places, 2)

	_, places = facts(t, Petition{Text: "邻县余干县早就修好了", Place: "江西省上饶市鄱阳县"})
	require.Len(t, places, 1, "a comparison with elsewhere is no place of the matter")
	require.Equal(t, "361128", places[0].Code)

	_, places = facts(t, Petition{Text: "南昌市西湖区的水是黄的"})
	require.Equal(t, "360103", places[0].Code)
	_, places = facts(t, Petition{Text: "水是黄的"})
	require.Empty(t, places)
}

func TestOrganisations(t *testing.T) {
	f, _ := facts(t, Petition{Text: "高安卓优教育突然关门，欠我学费不退。我向县教体局登记过。请市监局查处。"})
	roles := map[string]string{}
	for _, o := range f.Organisations {
		roles[o.Name] = o.Role
	}
	require.Equal(t, "accused", roles["卓优教育"], roles)
	require.Equal(t, "asked", roles["县教体局"], roles)
	require.Equal(t, "asked", roles["市监局"], roles)
}

func TestAmountsDatesAsks(t *testing.T) {
	at := time.Date(2025, 3, 10, 9, 0, 0, 0, time.UTC)
	f, _ := facts(t, Petition{Text: "去年腊月欠我两万三千块，今年2月1日只给了500元。请责令他把钱付清！我申请过仲裁。", Time: at})
	require.Equal(t, []float64{23000, 500}, []float64{f.Amounts[0].Yuan, f.Amounts[1].Yuan})
	require.Equal(t, []string{"请责令他把钱付清！"}, f.Asks)
	var days []string
	for _, d := range f.Dates {
		days = append(days, d.Date)
	}
	require.Contains(t, days, "2025-02-01")
}

func TestAccusedBodies(t *testing.T) {
	words := &wordLists{}
	require.NoError(t, readData("facts.json", words))
	x := &extractor{words: words}
	names := []string{"民政局", "民政所", "教体局", "纪委"}
	require.Equal(t, []string{"民政所"}, x.accusedBodies("镇民政所那个经办人要红包，请教体局和纪委查。", names))
	require.Empty(t, x.accusedBodies("请民政局的工作人员来看看。", names))
}
