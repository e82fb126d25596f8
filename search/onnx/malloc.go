package onnx

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void keep_heap_small(void) {
	mallopt(M_ARENA_MAX, 2);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
}
static void give_back(void) { malloc_trim(0); }
#else
static void keep_heap_small(void) {}
static void give_back(void) {}
#endif
*/
import "C"

// limitHeap bounds what the C library holds on to. Go runs C code on many threads, for each of which glibc would keep
// a heap as large as the largest batch ever computed there: measured, 930 MB after a few hundred long passages, against
// 150 MB so. Large tensors are then mapped and unmapped, which costs little beside computing them.
func limitHeap() { C.keep_heap_small() }

// releaseHeap returns free memory of the C library to the system, after loading and after bulk work.
func releaseHeap() { C.give_back() }
