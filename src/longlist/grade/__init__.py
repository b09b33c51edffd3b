"""CompanyProfile x Criterion -> Grade, with the sentence that proves it."""
