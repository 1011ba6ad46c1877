-- Finds numbers that were deleted or got another phone number, by the last three digits that they had.
CREATE INDEX change_number_by_lost_digits ON change_number (substr(before_digits, length(before_digits) - 2)) WHERE before_digits <> coalesce(after_digits, '');
