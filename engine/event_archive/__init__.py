"""The archive of events: Parquet files by day in a folder or a bucket, without identities."""
