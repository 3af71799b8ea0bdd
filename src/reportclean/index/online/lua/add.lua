-- ARGV[6] name, ARGV[7] record. 1 added, 0 the name is taken, -1 the index has other settings now.
local name, record = ARGV[6], ARGV[7]
local kept = redis.call('GET', KEYS[1])
if kept and kept ~= settings then
  return -1
end
if is_there(name) then
  return 0
end
forget(name)

-- What is left of a section goes a second life after it: the deadline decides, this frees an index that
-- nobody uses any more. All sections live equally long, so the last one filed under a key is the last to go.
local function last(key)
  if life > 0 then
    redis.call('PEXPIRE', key, 2 * life)
  end
end

redis.call('SET', KEYS[1], settings)
last(KEYS[1])
if has_flag(record, NEAR) then
  redis.call('DEL', keys .. name)
  for band = 0, bands - 1 do
    local hash, bytes = bucket(band), band_bytes(record, SIGNATURE, band)
    redis.call('HSET', hash, bytes, hash .. bytes)
    redis.call('SADD', hash .. bytes, name)
    redis.call('RPUSH', keys .. name, bytes)
    last(hash)
    last(hash .. bytes)
  end
  redis.call('HSET', keys, name, keys .. name)
  last(keys)
  last(keys .. name)
end
if has_flag(record, EQUAL) then
  local equal = base .. '_equal' .. digest_of(record)
  redis.call('SADD', equal, name)
  last(equal)
end
if life > 0 then
  redis.call('ZADD', deadlines, string.format('%.0f', now + life), name)
  last(deadlines)
end
redis.call('HSET', records, name, record)
last(records)
sweep()
return 1
