package cch

import "golang.org/x/sys/cpu"

//go:noescape
func relaxAVX512(r *relaxation)

//go:noescape
func relaxAVX2(r *relaxation)

//go:noescape
func spreadAVX512(tiles int, weights *uint64, high, low *[Lanes][]int32, shift uint64)

func init() {
	if cpu.X86.HasAVX2 {
		kernels = append(kernels, kernel{"avx2", relaxAVX2, spreadGo})
	}
	if cpu.X86.HasAVX512F {
		kernels = append(kernels, kernel{"avx512", relaxAVX512, spreadAVX512})
	}
}
