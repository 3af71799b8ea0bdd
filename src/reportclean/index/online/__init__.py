"""The online index: sections signed, stored in memory or on Redis, and asked for one by one."""
