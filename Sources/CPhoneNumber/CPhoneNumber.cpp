#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

template <size_t size>
static void copy(const std::string &from, char (&to)[size]) {
    std::strncpy(to, from.c_str(), size - 1);
    to[size - 1] = '\0';
}

// A number for sale is one that people dial, so the lengths that count are those of fixed lines and mobiles.
// libphonenumber's "possible" also takes those of its rarer kinds: in Brazil the 8 digits of some service
// numbers, which would let a mobile number through that lost three digits. Countries without fixed lines
// and mobiles (+800, +883) are measured by all kinds they have.
static uint32_t possible_lengths(const PhoneNumberUtil &util, int country_code) {
    uint32_t dialled = 0, any = 0;
    uint64_t digits = 0;
    PhoneNumber probe;
    probe.set_country_code(country_code);
    // The lengths themselves are not in libphonenumber's interface; its answer to a number of each length is.
    for (int length = 1; length <= 17; ++length) {
        digits = digits * 10 + 1;
        probe.set_national_number(digits);
        // Not IsPossibleNumber: that also says yes to numbers without their area code.
        if (util.IsPossibleNumberForTypeWithReason(probe, PhoneNumberUtil::FIXED_LINE_OR_MOBILE) ==
            PhoneNumberUtil::IS_POSSIBLE) {
            dialled |= 1u << length;
        }
        if (util.IsPossibleNumberWithReason(probe) == PhoneNumberUtil::IS_POSSIBLE) any |= 1u << length;
    }
    return dialled != 0 ? dialled : any;
}

enum cpn_status cpn_parse(const char *text, struct cpn_number *result) {
    std::memset(result, 0, sizeof *result);
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    switch (util.Parse(text, "ZZ", &number)) {
        case PhoneNumberUtil::NO_PARSING_ERROR: break;
        case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return CPN_UNKNOWN_COUNTRY_CODE;
        case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
        case PhoneNumberUtil::TOO_SHORT_NSN: return CPN_TOO_SHORT;
        case PhoneNumberUtil::TOO_LONG_NSN: return CPN_TOO_LONG;
        default: return CPN_NOT_A_NUMBER;
    }

    std::string e164, international, region, national;
    util.Format(number, PhoneNumberUtil::E164, &e164);
    util.Format(number, PhoneNumberUtil::INTERNATIONAL, &international);
    util.GetRegionCodeForCountryCode(number.country_code(), &region);
    util.GetNationalSignificantNumber(number, &national);
    copy(e164, result->e164);
    copy(international, result->international);
    copy(region, result->region);
    result->country_code = number.country_code();
    result->national_digits = static_cast<int32_t>(national.size());
    result->possible_lengths = possible_lengths(util, number.country_code());
    result->is_valid = util.IsValidNumber(number);

    const uint32_t lengths = result->possible_lengths;
    const uint32_t length = 1u << national.size();
    if (result->is_valid || (lengths & length) != 0) return CPN_OK;
    if (lengths == 0) return CPN_UNKNOWN_COUNTRY_CODE;
    if (length < (lengths & -lengths)) return CPN_TOO_SHORT;
    return length > lengths ? CPN_TOO_LONG : CPN_WRONG_LENGTH;
}
