package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ganwen/assistant"
)

// planted is personal data that must be nowhere after a conversation: made up, with right check digits and a division
// that does not exist.
var planted = []string{"369999190001010018", "13800138000", "6210000000000000017", "赣A12345", "zhangxiaoming@example.com", "张晓明", "阳明路168号3栋2单元501"}

// TestNothingPersonalIsKept talks with planted data and then looks through the log, the database, the ranker's files and
// every answer.
func TestNothingPersonalIsKept(t *testing.T) {
	world := theWorld(t)
	var log bytes.Buffer
	s := *world
	s.closers = nil
	s.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.options = &Options{Data: t.TempDir()}
	ctx := context.Background()
	require.NoError(t, s.openStore(ctx))
	require.NoError(t, s.openAssistant(ctx))
	session := ""
	var seen strings.Builder
	for _, said := range []string{
		"我叫张晓明，身份证号369999190001010018，电话13800138000，身份证丢了怎么补",
		"我住在南昌市东湖区阳明路168号3栋2单元501，车牌赣A12345要过户",
		"卡号6210000000000000017，邮箱zhangxiaoming@example.com，社保卡坏了",
		"转人工", "你记得我什么",
	} {
		a, err := s.assistant.Answer(ctx, assistant.Request{SessionID: session, Message: said}, nil)
		require.NoError(t, err)
		session = a.SessionID
		data, err := encodeJSON(a)
		require.NoError(t, err)
		seen.Write(data)
		require.NoError(t, s.assistant.Rate(ctx, assistant.Rating{AnswerID: a.AnswerID, Stars: 1, Comment: "打我电话13800138000，张晓明"}))
	}
	require.NoError(t, s.Close())
	require.NoError(t, filepath.WalkDir(s.options.Data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		seen.Write(data)
		return err
	}))
	seen.Write(log.Bytes())
	for _, p := range planted {
		require.NotContains(t, seen.String(), p)
	}
}
