// Command ganwen is 赣问, the AI assistance service for government service: it answers citizens, helps hotline agents,
// and measures itself. `ganwen serve` runs it; every other verb does one job without a server.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// cli is every verb and setting. Flags go before environment, environment before the configuration file, that before
// the defaults.
type cli struct {
	Config string `help:"YAML file with settings; unknown keys are refused." type:"path" env:"GANWEN_CONFIG"`
	Options

	Serve     serveCmd     `cmd:"" help:"Serve the pages and the API."`
	Ask       askCmd       `cmd:"" help:"Answer one question, without a server."`
	Search    searchCmd    `cmd:"" help:"Search matters, policies, laws and documents."`
	Catalogue catalogueCmd `cmd:"" help:"Import, export and audit matters."`
	Docs      docsCmd      `cmd:"" help:"Import and list documents."`
	Graph     graphCmd     `cmd:"" help:"Look at the graph of matters."`
	Petitions petitionsCmd `cmd:"" help:"Import and analyze petitions; train classes."`
	User      userCmd      `cmd:"" help:"Accounts of staff."`
	Eval      evalCmd      `cmd:"" help:"Measure the service on suites; exit 1 under a floor."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// Options are the settings shared by the verbs.
type Options struct {
	Data     string `help:"Folder for state and derived data." default:"~/.local/share/ganwen" env:"GANWEN_DATA" type:"path"`
	Models   string `help:"Folder with the embedding model and its runtime." default:"~/.cache/ganwen/models" env:"GANWEN_MODELS" type:"path"`
	Embed    string `help:"Embeddings: onnx: (in process, when the model is there) or none." default:"onnx:" env:"GANWEN_EMBED"`
	Index    string `help:"Passage index: mem: or bleve:PATH." default:"mem:" env:"GANWEN_INDEX"`
	DB       string `name:"db" help:"Conversations: sqlite:PATH, mem:, or empty for sqlite in the data folder." env:"GANWEN_DB"`
	Producer string `help:"Provider in the label of generated content (服务提供者编码 or name)." default:"赣问（示例部署）" env:"GANWEN_PRODUCER"`
	NoDemo   bool   `help:"Leave the sample catalogue out." env:"GANWEN_NO_DEMO"`
	Verbose  bool   `short:"v" help:"Log more."`
}

type versionCmd struct{}

func (versionCmd) Run() error { fmt.Println("ganwen", version); return nil }

// exitError carries an exit code of the contract: 1 failed or under a floor, 2 wrong usage, 3 input refused.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func main() { os.Exit(run(os.Args[1:])) }

// run parses and runs one command line and returns its exit code.
func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("ganwen"), kong.Description("赣问: government service, answered from cited evidence."),
		kong.UsageOnError(), kong.Configuration(loadYAML, configFile(args)...))
	if err != nil {
		fmt.Fprintln(os.Stderr, "ganwen:", err)
		return 2
	}
	k, err := parser.Parse(args)
	if err != nil {
		var perr *kong.ParseError
		if errors.As(err, &perr) {
			fmt.Fprintln(os.Stderr, "ganwen:", err)
			fmt.Fprintln(os.Stderr, "Try: ganwen --help")
			return 2
		}
		fmt.Fprintln(os.Stderr, "ganwen:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(&c.Options); err != nil {
		fmt.Fprintln(os.Stderr, "ganwen:", err)
		var ee *exitError
		if errors.As(err, &ee) {
			return ee.code
		}
		return 1
	}
	return 0
}
