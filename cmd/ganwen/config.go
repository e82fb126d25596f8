package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configFile finds --config before the flags are parsed, since the file's settings are defaults for them.
func configFile(args []string) []string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			return []string{v}
		}
		if a == "--config" && i+1 < len(args) {
			return []string{args[i+1]}
		}
	}
	return nil
}

// fileKeys are the settings a file may hold: the names of the flags.
var fileKeys = []string{"data", "models", "embed", "index", "db", "no-demo", "verbose", "producer", "addr", "forget-after", "rate"}

// loadYAML reads settings from YAML. A key that is no setting is refused by name.
func loadYAML(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && err != io.EOF {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	for k := range values {
		if !slices.Contains(fileKeys, k) {
			return nil, fmt.Errorf("configuration: unknown key %q; known: %s", k, strings.Join(fileKeys, ", "))
		}
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v, ok := values[flag.Name]; ok {
			return fmt.Sprint(v), nil
		}
		return nil, nil
	}), nil
}
