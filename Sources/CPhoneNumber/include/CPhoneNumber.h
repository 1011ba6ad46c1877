#ifndef CPHONENUMBER_H
#define CPHONENUMBER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a number must have in common with libphonenumber's tables.
enum cpn_check {
    /// Its country code, and a length that numbers of its country have.
    CPN_POSSIBLE,
    /// Also a range in use, as `is_valid` reports.
    CPN_VALID,
    /// Its country code only.
    CPN_E164,
};

/// Why a text is not a phone number that can be dialled from anywhere.
enum cpn_status {
    CPN_OK,
    CPN_NOT_A_NUMBER,
    CPN_UNKNOWN_COUNTRY_CODE,
    CPN_TOO_SHORT,
    CPN_TOO_LONG,
    /// No number of the country has this length.
    CPN_WRONG_LENGTH,
    /// In every format, libphonenumber would read it as another number.
    CPN_AMBIGUOUS,
};

struct cpn_number {
    /// `+` and the digits.
    char e164[24];
    /// The number in libphonenumber's INTERNATIONAL format. If libphonenumber would read that as another number: the
    /// country code, a space and the digits.
    char international[48];
    /// The ISO 3166 code of the region, `001` if the number belongs to no region, empty if it is unknown.
    char region[4];
    int32_t country_code;
    /// How many digits follow the country code.
    int32_t national_digits;
    /// Bit n is set if numbers of the country may have n digits after its code.
    uint32_t possible_lengths;
    /// Whether the number is in a range that libphonenumber's tables list as in use. It is set only with `CPN_VALID`,
    /// or with `CPN_POSSIBLE` if the number's length is not a possible one.
    bool is_valid;
};

/// Reads the NUL-terminated `text`, which must start with `+`. If the result is not `CPN_OK`, `number` has only the
/// members that were found before the error.
/// Safe to call from any thread.
enum cpn_status cpn_parse(const char *text, enum cpn_check check, struct cpn_number *number);

/// Whether `text`, which must start with `+`, is in a range that libphonenumber's tables list as in use. It takes
/// half the time of `cpn_parse`, which also formats the number.
/// Safe to call from any thread.
bool cpn_is_in_use(const char *text);

#ifdef __cplusplus
}
#endif

#endif
