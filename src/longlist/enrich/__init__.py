"""Candidate -> CompanyProfile: what we know about a company, and the pages that say so."""
