package main

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what /metrics tells. Labels are bounded: routes, methods, status classes, parts.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
}

func newMetrics(s *service) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ganwen_requests_total", Help: "Requests answered, by route, method and status."},
			[]string{"route", "method", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "ganwen_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12}}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.latency, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ganwen_matters", Help: "Matters in the catalogue."}, func() float64 { return float64(len(s.catalogue.Matters)) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ganwen_embed_ready", Help: "1 when answers use vectors."}, func() float64 {
			if s.ranker != nil && s.ranker.Refined() {
				return 1
			}
			return 0
		}))
	return m
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) handler() fiber.Handler {
	return adaptor.HTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on supported systems
	return hex.EncodeToString(b[:])
}

// limiter bounds requests a minute from one address; the table is emptied each minute, so it cannot grow for long.
func limiter(perMinute int) fiber.Handler {
	var mu sync.Mutex
	counts, began := map[string]int{}, time.Now()
	return func(c *fiber.Ctx) error {
		mu.Lock()
		if time.Since(began) > time.Minute {
			counts, began = map[string]int{}, time.Now()
		}
		ip := c.IP()
		counts[ip]++
		over := counts[ip] > perMinute
		mu.Unlock()
		if over {
			return c.Status(fiber.StatusTooManyRequests).JSON(fiber.Map{"error": fiber.Map{"code": "too_many", "message": "问得太快了，请过一会儿再试。"}})
		}
		return c.Next()
	}
}
