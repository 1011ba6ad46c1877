#ifndef CPHONENUMBER_H
#define CPHONENUMBER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How much libphonenumber's tables must know of a number.
enum cpn_check {
    /// Its country code, and that numbers of the country have its length.
    CPN_POSSIBLE,
    /// Its range as well, which `is_valid` reports.
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
    /// However it is written, it would be read as another number the next time.
    CPN_AMBIGUOUS,
};

struct cpn_number {
    /// `+` and the digits.
    char e164[24];
    /// libphonenumber's INTERNATIONAL format, or where that is read as something else the country code,
    /// a space and the digits.
    char international[48];
    /// ISO 3166 code of the region, `001` for numbers of no region, empty when unknown.
    char region[4];
    int32_t country_code;
    /// How many digits follow the country code.
    int32_t national_digits;
    /// Bit n is set when numbers of the country may have n digits after its code.
    uint32_t possible_lengths;
    /// Whether the number lies in a range that libphonenumber's tables know to be in use. It is found out with
    /// `CPN_VALID`, and with `CPN_POSSIBLE` if the length alone does not suffice.
    bool is_valid;
};

/// Reads the NUL-terminated `text`, which starts with `+`. The members that could be found out are filled in
/// also when the result is not `CPN_OK`.
/// Safe to call from any thread.
enum cpn_status cpn_parse(const char *text, enum cpn_check check, struct cpn_number *number);

/// Whether `text`, which starts with `+`, lies in a range that libphonenumber's tables know to be in use. It takes
/// half the time of `cpn_parse`, which also formats the number.
/// Safe to call from any thread.
bool cpn_is_in_use(const char *text);

#ifdef __cplusplus
}
#endif

#endif
