package cch

import "golang.org/x/sys/cpu"

//go:noescape
func relaxAVX512(r *relaxation)

//go:noescape
func relaxAVX2(r *relaxation)

//go:noescape
func splitAVX512(n int, weights *uint64, high, low *int32, shift uint64)

func init() {
	if cpu.X86.HasAVX2 {
		kernels = append(kernels, kernel{"avx2", relaxAVX2, splitGo})
	}
	if cpu.X86.HasAVX512F {
		kernels = append(kernels, kernel{"avx512", relaxAVX512, splitAVX512})
	}
}
