#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

template <size_t size>
static void copy(const std::string &from, char (&to)[size]) {
    std::strncpy(to, from.c_str(), size - 1);
    to[size - 1] = '\0';
}

// The possible lengths of a country's numbers for fixed lines and mobiles, which people dial.
// libphonenumber's "possible" includes rarer kinds, such as Brazilian service numbers with 8 digits: a mobile
// number that lost three digits would be accepted. If a country code has neither fixed lines nor mobiles (+800,
// +883), all its kinds count.
static uint32_t find_possible_lengths(const PhoneNumberUtil &util, int country_code) {
    uint32_t dialled = 0, any = 0;
    uint64_t digits = 0;
    PhoneNumber probe;
    probe.set_country_code(country_code);
    // libphonenumber does not list the lengths, so we try a number of each length.
    for (int length = 1; length <= 17; ++length) {
        digits = digits * 10 + 1;
        probe.set_national_number(digits);
        // Not IsPossibleNumber, because it accepts numbers without their area code.
        if (util.IsPossibleNumberForTypeWithReason(probe, PhoneNumberUtil::FIXED_LINE_OR_MOBILE) ==
            PhoneNumberUtil::IS_POSSIBLE) {
            dialled |= 1u << length;
        }
        if (util.IsPossibleNumberWithReason(probe) == PhoneNumberUtil::IS_POSSIBLE) any |= 1u << length;
    }
    return dialled != 0 ? dialled : any;
}

// Finds the lengths once for each country code, because that takes longer than to parse a number.
static uint32_t possible_lengths(const PhoneNumberUtil &util, int country_code) {
    static constexpr uint32_t known = 1u << 31;
    static std::array<std::atomic<uint32_t>, 1000> found;
    if (country_code < 0 || country_code > 999) return find_possible_lengths(util, country_code);
    uint32_t lengths = found[country_code].load(std::memory_order_relaxed);
    if (lengths == 0) {
        lengths = find_possible_lengths(util, country_code) | known;
        found[country_code].store(lengths, std::memory_order_relaxed);
    }
    return lengths & ~known;
}

static enum cpn_status parse_once(const char *text, enum cpn_check check, struct cpn_number *result) {
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
    if (check == CPN_E164) return CPN_OK;
    const bool has_possible_length = (result->possible_lengths & 1u << national.size()) != 0;
    // Checked only if it decides the result, because it takes a fifth of the time.
    result->is_valid = (check == CPN_VALID || !has_possible_length) && util.IsValidNumber(number);
    return result->is_valid || has_possible_length ? CPN_OK : CPN_WRONG_LENGTH;
}

// Whether `text` has only the characters that a number may have.
static bool is_plain(const char *text) {
    return text[std::strspn(text, "+0123456789 -.()")] == '\0';
}

// Whether both texts have the same digits in the same order.
static bool has_same_digits(const char *text, const char *other) {
    static const char digits[] = "0123456789";
    for (;; ++text, ++other) {
        text += std::strcspn(text, digits);
        other += std::strcspn(other, digits);
        if (*text != *other) return false;
        if (*text == '\0') return true;
    }
}

// Parses `text` into `again`, and returns whether that is the same number as `number`.
static bool reads_back(const char *text, enum cpn_check check, const struct cpn_number &number,
                       struct cpn_number *again) {
    return parse_once(text, check == CPN_E164 ? CPN_E164 : CPN_POSSIBLE, again) == CPN_OK &&
           std::strcmp(again->e164, number.e164) == 0;
}

// Returns the `+` and the digits of a plain text. libphonenumber ignores its other characters, but its patterns
// take longer for a longer text.
static std::string without_punctuation(const char *text) {
    std::string digits;
    for (; *text != '\0'; ++text) {
        if (std::strchr("+0123456789", *text) != nullptr) digits += *text;
    }
    return digits;
}

enum cpn_status cpn_parse(const char *text, enum cpn_check check, struct cpn_number *result) {
    const std::string read = is_plain(text) ? without_punctuation(text) : text;
    const enum cpn_status status = parse_once(read.c_str(), check, result);
    if (status != CPN_OK && status != CPN_WRONG_LENGTH) return status;
    // A store may have this number from a time with a weaker check, so parse it without the check.
    if (status == CPN_WRONG_LENGTH) check = CPN_E164;
    // Clients send the formatted number back, and it must then be the same number. libphonenumber may remove
    // a first digit that is also the country's prefix for national calls, each time that it parses the number.
    // If the formatted number has the digits of `text`, it need not be parsed again, which takes half of the time.
    if (is_plain(text) && is_plain(result->international) && has_same_digits(text, result->e164) &&
        has_same_digits(text, result->international)) {
        return status;
    }
    struct cpn_number again;
    if (is_plain(result->international) && reads_back(result->international, check, *result, &again) &&
        std::strcmp(again.international, result->international) == 0) {
        return status;
    }
    // The digits without the usual grouping may still be parsed as the same number.
    char plain[sizeof result->international];
    const int length = std::snprintf(plain, sizeof plain, "+%d ", result->country_code);
    std::strncpy(plain + length, result->e164 + length - 1, sizeof plain - length - 1);
    plain[sizeof plain - 1] = '\0';
    if (!reads_back(plain, check, *result, &again)) {
        if (check != CPN_E164) return CPN_AMBIGUOUS;
        // Keep all digits of the text, so that parsing the result again also keeps them.
        copy(without_punctuation(text), result->e164);
        std::strncpy(plain + length, result->e164 + length - 1, sizeof plain - length - 1);
    }
    std::memcpy(result->international, plain, sizeof plain);
    return status;
}

bool cpn_is_in_use(const char *text) {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    return util.Parse(without_punctuation(text), "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
           util.IsValidNumber(number);
}
