package petitions_test

import (
	"testing"

	"ganwen/petitions"
	"ganwen/petitions/petitionstest"
)

func TestMemory(t *testing.T) {
	petitionstest.Test(t, func(*testing.T) petitionstest.Backend { return &petitions.Memory{} })
}
