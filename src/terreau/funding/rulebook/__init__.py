"""The rules of money as plain frozen values: no database, no clock."""
