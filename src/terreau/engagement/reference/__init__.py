"""The directory of firms, associations and public actors, kept in Parquet files made from the official ones."""
