#include <bzlib.h>
#include <ffi.h>
#include <stdio.h>
#include <string.h>

static int twice(int number) { return 2 * number; }

int main(void) {
    char text[2000], packed[4000];
    unsigned int length = sizeof packed;
    memset(text, 'a', sizeof text);
    if (BZ2_bzBuffToBuffCompress(packed, &length, text, sizeof text, 9, 0, 0) != BZ_OK) return 1;
    ffi_cif call;
    ffi_type *types[] = {&ffi_type_sint};
    int number = 21;
    void *values[] = {&number};
    ffi_arg answer;
    if (ffi_prep_cif(&call, FFI_DEFAULT_ABI, 1, &ffi_type_sint, types) != FFI_OK) return 1;
    ffi_call(&call, FFI_FN(twice), &answer, values);
    printf("%u bytes, twice %d is %d\n", length, number, (int)answer);
    return 0;
}
