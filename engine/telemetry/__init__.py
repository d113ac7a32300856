"""What a site tells its operators: log lines and error reports."""
