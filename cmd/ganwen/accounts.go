package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Errors of the staff's gate.
var (
	errNoToken  = errors.New("no valid token")
	errNotYours = errors.New("role may not do this")
)

// roles a member of staff may have.
var roles = []string{"agent", "analyst", "editor", "evaluator", "auditor", "admin"}

// account is a member of staff. Only the digest of a token is kept.
type account struct {
	Name     string    `json:"name"`
	Role     string    `json:"role"`
	Token    string    `json:"token_sha256,omitempty"`
	Disabled bool      `json:"disabled,omitempty"`
	Created  time.Time `json:"created"`
}

func accountsFile(o *Options) string { return filepath.Join(o.Data, "accounts.json") }

func readAccounts(o *Options) ([]account, error) {
	data, err := os.ReadFile(accountsFile(o))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	var list []account
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("accounts: %s: %w", accountsFile(o), err)
	}
	return list, nil
}

func writeAccounts(o *Options, list []account) error {
	data, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return err
	}
	tmp := accountsFile(o) + ".new"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, accountsFile(o))
}

// gate lets staff in by bearer token. The file of accounts is read again when it changes, so that an account added or
// disabled counts at once. While a service with sample data has no account at all, its staff side is open, and says so.
type gate struct {
	options *Options
	log     *slog.Logger
	mu      sync.Mutex
	changed time.Time
	list    []account
}

func newGate(o *Options, log *slog.Logger) *gate { return &gate{options: o, log: log} }

func (g *gate) accounts() ([]account, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	info, err := os.Stat(accountsFile(g.options))
	if errors.Is(err, fs.ErrNotExist) {
		g.list, g.changed = nil, time.Time{}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if info.ModTime().Equal(g.changed) {
		return g.list, nil
	}
	list, err := readAccounts(g.options)
	if err != nil {
		return nil, err
	}
	g.list, g.changed = list, info.ModTime()
	return list, nil
}

// only admits the roles; an administrator may do everything.
func (g *gate) only(allowed ...string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		list, err := g.accounts()
		if err != nil {
			return err
		}
		if len(list) == 0 && !g.options.NoDemo {
			return c.Next()
		}
		token, ok := strings.CutPrefix(c.Get("Authorization"), "Bearer ")
		if !ok {
			return errNoToken
		}
		digest := tokenDigest(token)
		for _, a := range list {
			if a.Token == digest && !a.Disabled {
				if !slices.Contains(allowed, a.Role) && a.Role != "admin" {
					return errNotYours
				}
				return c.Next()
			}
		}
		return errNoToken
	}
}

func tokenDigest(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add a member of staff."`
	List    userListCmd    `cmd:"" help:"List the accounts."`
	Disable userDisableCmd `cmd:"" help:"Shut an account."`
}

type userAddCmd struct {
	Name  string `arg:"" help:"Name."`
	Role  string `required:"" help:"agent, analyst, editor, evaluator, auditor or admin." enum:"agent,analyst,editor,evaluator,auditor,admin"`
	Token bool   `help:"Print a bearer token, once."`
}

// Run adds an account; a name is taken once.
func (c *userAddCmd) Run(_ context.Context, o *Options) error {
	list, err := readAccounts(o)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Name == c.Name {
			return &exitError{3, fmt.Errorf("account %q exists", c.Name)}
		}
	}
	a := account{Name: c.Name, Role: c.Role, Created: time.Now().UTC()}
	var token string
	if c.Token {
		var b [24]byte
		if _, err := rand.Read(b[:]); err != nil {
			return err
		}
		token = hex.EncodeToString(b[:])
		a.Token = tokenDigest(token)
	}
	if err := writeAccounts(o, append(list, a)); err != nil {
		return err
	}
	if c.Token {
		fmt.Println(token)
	}
	return nil
}

type userListCmd struct{}

// Run lists the accounts.
func (userListCmd) Run(_ context.Context, o *Options) error {
	list, err := readAccounts(o)
	if err != nil {
		return err
	}
	for _, a := range list {
		state := "active"
		if a.Disabled {
			state = "disabled"
		}
		fmt.Printf("%-20s %-10s %-8s %s\n", a.Name, a.Role, state, a.Created.Format(time.DateOnly))
	}
	return nil
}

type userDisableCmd struct {
	Name string `arg:"" help:"Name."`
}

// Run shuts an account.
func (c *userDisableCmd) Run(_ context.Context, o *Options) error {
	list, err := readAccounts(o)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Name == c.Name {
			list[i].Disabled = true
			return writeAccounts(o, list)
		}
	}
	return &exitError{3, fmt.Errorf("no account %q; known roles: %s", c.Name, strings.Join(roles, ", "))}
}
