"""The dated course of a treatment: sessions, preparation, medicines, follow-up."""
