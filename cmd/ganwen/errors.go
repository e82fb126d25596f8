package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"ganwen/assistant"
	"ganwen/assistant/web"
	"ganwen/kg"
	petitionsapi "ganwen/petitions/web"
)

// outside is the one table from errors to what a client may know: status, code, and a sentence for the public.
// err.Error() never leaves the server.
var outside = []struct {
	err     error
	status  int
	code    string
	message string
}{
	{assistant.ErrEmpty, http.StatusBadRequest, "empty_message", "请先说一说您要办什么事。"},
	{assistant.ErrTooLong, http.StatusBadRequest, "message_too_long", "一次说得太长了，请分几句说。"},
	{assistant.ErrNoCall, http.StatusBadRequest, "empty_call", "通话里来电人还没有说话。"},
	{assistant.ErrBadOutcome, http.StatusBadRequest, "bad_outcome", "处理动作应为 accept、edit 或 reject，edit 要给出最终答复。"},
	{assistant.ErrNoSuggestion, http.StatusNotFound, "not_found", "没有这条建议。"},
	{assistant.ErrBadRating, http.StatusBadRequest, "bad_rating", "评价分数应为一到五。"},
	{web.ErrNotFound, http.StatusNotFound, "not_found", "没有找到。"},
	{kg.ErrNotFound, http.StatusNotFound, "not_found", "没有找到。"},
	{web.ErrAbsent, http.StatusServiceUnavailable, "absent", "这项功能现在没有开。"},
	{errNoToken, http.StatusUnauthorized, "unauthorized", "请先登录，或带上有效的令牌。"},
	{errNotYours, http.StatusForbidden, "forbidden", "您的角色不能做这件事。"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "timeout", "等得太久了，请稍后再试，或拨 12345。"},
	{context.Canceled, 499, "canceled", "请求已取消。"},
}

// public turns an error into what a client is told.
func public(err error) (status int, body map[string]string) {
	var bad *web.BadRequest
	if errors.As(err, &bad) {
		return http.StatusBadRequest, map[string]string{"code": "bad_request", "message": bad.Message, "field": bad.Field}
	}
	var worse *petitionsapi.BadRequest
	if errors.As(err, &worse) {
		return http.StatusBadRequest, map[string]string{"code": "bad_request", "message": worse.Message, "field": worse.Field}
	}
	for _, row := range outside {
		if errors.Is(err, row.err) {
			return row.status, map[string]string{"code": row.code, "message": row.message}
		}
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		if fe.Code == http.StatusNotFound {
			return fe.Code, map[string]string{"code": "not_found", "message": "没有这个地址。"}
		}
		if fe.Code < 500 {
			return fe.Code, map[string]string{"code": "bad_request", "message": "请求不对。"}
		}
	}
	return http.StatusInternalServerError, map[string]string{"code": "internal", "message": "系统出了点问题，请稍后再试，或拨 12345。"}
}
