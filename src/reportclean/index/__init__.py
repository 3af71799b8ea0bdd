"""Indexes that outlive one run: sections are added, asked for and removed one by one."""
