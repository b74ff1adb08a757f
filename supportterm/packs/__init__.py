"""Rule packs by language: TOML data with their own firing and silent examples."""
