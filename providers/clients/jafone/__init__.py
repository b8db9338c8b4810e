"""JaFone (MyOwnTelco): numbers, texts, calls and money of a Canadian reseller."""
