#include "textflag.h"

// The rows of 16 sums are two registers of AVX-512, or four of AVX2. Sums stay
// below 2^63, so the signed comparison of AVX2 does for unsigned numbers.

// func relaxAVX512(r *relaxation)
TEXT ·relaxAVX512(SB), NOSPLIT, $0-8
	MOVQ r+0(FP), DI
	MOVQ 0(DI), CX             // n
	MOVQ 8(DI), R8             // first
	MOVQ 16(DI), R9            // above
	MOVQ 24(DI), R10           // weight
	MOVQ 32(DI), R12           // from
	MOVQ 40(DI), R11           // to
	MOVQ 48(DI), R13           // begun
	MOVQ $0x4000000000000000, AX
	VPBROADCASTQ AX, Z31       // Inf
	VPXORQ Z30, Z30, Z30       // all bits seen
	VPXORQ Z29, Z29, Z29
	TESTQ CX, CX
	JZ done512
	MOVLQSX (R8), AX
node512:
	MOVLQSX 4(R8), BX
	VMOVDQA64 Z31, Z0
	VMOVDQA64 Z31, Z1
	CMPB (R13), $0
	JE begun512
	VMOVDQU64 (R11), Z0
	VMOVDQU64 64(R11), Z1
begun512:
	CMPQ AX, BX
	JGE store512
arc512:
	MOVL (R9)(AX*4), DX
	VPBROADCASTQ (R10)(AX*8), Z2
	SHLQ $7, DX
	VPADDQ (R12)(DX*1), Z2, Z3
	VPADDQ 64(R12)(DX*1), Z2, Z4
	INCQ AX
	VPMINUQ Z3, Z0, Z0
	VPMINUQ Z4, Z1, Z1
	CMPQ AX, BX
	JLT arc512
store512:
	VMOVDQU64 Z0, (R11)
	VMOVDQU64 Z1, 64(R11)
	VPORQ Z0, Z30, Z30
	VPORQ Z1, Z29, Z29
	ADDQ $128, R11
	ADDQ $4, R8
	INCQ R13
	DECQ CX
	JNZ node512
done512:
	VPORQ Z29, Z30, Z30
	VMOVDQU64 Z30, 56(DI)
	VZEROUPPER
	RET

// func relaxAVX2(r *relaxation)
TEXT ·relaxAVX2(SB), NOSPLIT, $0-8
	MOVQ r+0(FP), DI
	MOVQ 0(DI), CX
	MOVQ 8(DI), R8
	MOVQ 16(DI), R9
	MOVQ 24(DI), R10
	MOVQ 32(DI), R12
	MOVQ 40(DI), R11
	MOVQ 48(DI), R13
	MOVQ $0x4000000000000000, AX
	MOVQ AX, X15
	VPBROADCASTQ X15, Y15
	VPXOR Y14, Y14, Y14
	TESTQ CX, CX
	JZ done2
	MOVLQSX (R8), AX
node2:
	MOVLQSX 4(R8), BX
	VMOVDQA Y15, Y0
	VMOVDQA Y15, Y1
	VMOVDQA Y15, Y2
	VMOVDQA Y15, Y3
	CMPB (R13), $0
	JE begun2
	VMOVDQU (R11), Y0
	VMOVDQU 32(R11), Y1
	VMOVDQU 64(R11), Y2
	VMOVDQU 96(R11), Y3
begun2:
	CMPQ AX, BX
	JGE store2
arc2:
	MOVL (R9)(AX*4), DX
	VPBROADCASTQ (R10)(AX*8), Y4
	SHLQ $7, DX
	VPADDQ (R12)(DX*1), Y4, Y5
	VPADDQ 32(R12)(DX*1), Y4, Y6
	VPADDQ 64(R12)(DX*1), Y4, Y7
	VPADDQ 96(R12)(DX*1), Y4, Y8
	INCQ AX
	VPCMPGTQ Y5, Y0, Y9
	VPCMPGTQ Y6, Y1, Y10
	VPCMPGTQ Y7, Y2, Y11
	VPCMPGTQ Y8, Y3, Y12
	VBLENDVPD Y9, Y5, Y0, Y0
	VBLENDVPD Y10, Y6, Y1, Y1
	VBLENDVPD Y11, Y7, Y2, Y2
	VBLENDVPD Y12, Y8, Y3, Y3
	CMPQ AX, BX
	JLT arc2
store2:
	VMOVDQU Y0, (R11)
	VMOVDQU Y1, 32(R11)
	VMOVDQU Y2, 64(R11)
	VMOVDQU Y3, 96(R11)
	VPOR Y0, Y1, Y0
	VPOR Y2, Y3, Y2
	VPOR Y0, Y14, Y14
	VPOR Y2, Y14, Y14
	ADDQ $128, R11
	ADDQ $4, R8
	INCQ R13
	DECQ CX
	JNZ node2
done2:
	VMOVDQU Y14, 56(DI)
	VPXOR Y0, Y0, Y0
	VMOVDQU Y0, 88(DI)
	VZEROUPPER
	RET

// The numbers of a tile of 16 weights by 16 lanes are worked out row by row
// and transposed in registers, so that whole cache lines are written.
//
// Z31 Inf, Z30 bits of the lower number, Z29 999, Z28 a magic number, Z27 what
// stands for no route, Z26 the mask of the lower number; Z0 to Z15 the tile.

// THOUSANDS rounds both halves of a row up to thousands and packs them:
// (x+999)/1000 is ((x+999)>>3)/125, and that by multiplying by 2^35/125.
#define THOUSANDS(to) \
	VPADDQ Z29, Z16, Z16; \
	VPADDQ Z29, Z17, Z17; \
	VPSRLQ $3, Z16, Z16; \
	VPSRLQ $3, Z17, Z17; \
	VPMULUDQ Z28, Z16, Z16; \
	VPMULUDQ Z28, Z17, Z17; \
	VPSRLQ $35, Z16, Z16; \
	VPSRLQ $35, Z17, Z17; \
	VMOVDQA64 Z27, K1, Z16; \
	VMOVDQA64 Z27, K2, Z17; \
	VPMOVQD Z16, Y18; \
	VPMOVQD Z17, Y19; \
	VINSERTI64X4 $1, Y19, Z18, to

#define LOAD(at) \
	VMOVDQU64 at(SI), Z16; \
	VMOVDQU64 (at+64)(SI), Z17; \
	VPCMPUQ $5, Z31, Z16, K1; \
	VPCMPUQ $5, Z31, Z17, K2

#define HIGH(at, to) \
	LOAD(at); \
	VPSRLQ X30, Z16, Z16; \
	VPSRLQ X30, Z17, Z17; \
	THOUSANDS(to)

#define LOW(at, to) \
	LOAD(at); \
	VPANDQ Z26, Z16, Z16; \
	VPANDQ Z26, Z17, Z17; \
	THOUSANDS(to)

// QUARTER transposes four rows within each quarter of the registers.
#define QUARTER(a, b, c, d) \
	VPUNPCKLDQ b, a, Z16; \
	VPUNPCKHDQ b, a, Z17; \
	VPUNPCKLDQ d, c, Z18; \
	VPUNPCKHDQ d, c, Z19; \
	VPUNPCKLQDQ Z18, Z16, a; \
	VPUNPCKHQDQ Z18, Z16, b; \
	VPUNPCKLQDQ Z19, Z17, c; \
	VPUNPCKHQDQ Z19, Z17, d

// STORE transposes the quarters of four registers and writes them to the lanes
// l, l+4, l+8 and l+12. A slice's pointer is every 24 bytes.
#define STORE(a, b, c, d, l) \
	VSHUFI32X4 $0x88, b, a, Z16; \
	VSHUFI32X4 $0xdd, b, a, Z17; \
	VSHUFI32X4 $0x88, d, c, Z18; \
	VSHUFI32X4 $0xdd, d, c, Z19; \
	VSHUFI32X4 $0x88, Z18, Z16, Z20; \
	VSHUFI32X4 $0x88, Z19, Z17, Z21; \
	VSHUFI32X4 $0xdd, Z18, Z16, Z22; \
	VSHUFI32X4 $0xdd, Z19, Z17, Z23; \
	MOVQ (24*l)(DI), AX; \
	MOVQ (24*l+96)(DI), BX; \
	MOVQ (24*l+192)(DI), R8; \
	MOVQ (24*l+288)(DI), R9; \
	VMOVDQU32 Z20, (AX)(DX*1); \
	VMOVDQU32 Z21, (BX)(DX*1); \
	VMOVDQU32 Z22, (R8)(DX*1); \
	VMOVDQU32 Z23, (R9)(DX*1)

#define TRANSPOSE \
	QUARTER(Z0, Z1, Z2, Z3); \
	QUARTER(Z4, Z5, Z6, Z7); \
	QUARTER(Z8, Z9, Z10, Z11); \
	QUARTER(Z12, Z13, Z14, Z15); \
	STORE(Z0, Z4, Z8, Z12, 0); \
	STORE(Z1, Z5, Z9, Z13, 1); \
	STORE(Z2, Z6, Z10, Z14, 2); \
	STORE(Z3, Z7, Z11, Z15, 3)

// func spreadAVX512(tiles int, weights *uint64, high, low *[Lanes][]int32, shift uint64)
TEXT ·spreadAVX512(SB), NOSPLIT, $0-40
	MOVQ shift+32(FP), CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	VPBROADCASTQ BX, Z26
	VMOVQ CX, X30
	MOVQ $0x7fffffff, BX
	VPBROADCASTQ BX, Z27
	MOVQ $274877907, BX
	VPBROADCASTQ BX, Z28
	MOVQ $999, BX
	VPBROADCASTQ BX, Z29
	MOVQ $0x4000000000000000, BX
	VPBROADCASTQ BX, Z31
	MOVQ tiles+0(FP), CX
	MOVQ weights+8(FP), SI
	MOVQ high+16(FP), R10
	MOVQ low+24(FP), R11
	XORQ DX, DX
	TESTQ CX, CX
	JZ done
tile:
	HIGH(0, Z0)
	HIGH(128, Z1)
	HIGH(256, Z2)
	HIGH(384, Z3)
	HIGH(512, Z4)
	HIGH(640, Z5)
	HIGH(768, Z6)
	HIGH(896, Z7)
	HIGH(1024, Z8)
	HIGH(1152, Z9)
	HIGH(1280, Z10)
	HIGH(1408, Z11)
	HIGH(1536, Z12)
	HIGH(1664, Z13)
	HIGH(1792, Z14)
	HIGH(1920, Z15)
	MOVQ R10, DI
	TRANSPOSE
	LOW(0, Z0)
	LOW(128, Z1)
	LOW(256, Z2)
	LOW(384, Z3)
	LOW(512, Z4)
	LOW(640, Z5)
	LOW(768, Z6)
	LOW(896, Z7)
	LOW(1024, Z8)
	LOW(1152, Z9)
	LOW(1280, Z10)
	LOW(1408, Z11)
	LOW(1536, Z12)
	LOW(1664, Z13)
	LOW(1792, Z14)
	LOW(1920, Z15)
	MOVQ R11, DI
	TRANSPOSE
	ADDQ $2048, SI
	ADDQ $64, DX
	DECQ CX
	JNZ tile
done:
	VZEROUPPER
	RET
