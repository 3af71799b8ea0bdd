-- In front of every script. Where an index keeps its sections:
--
--   BASE_settings             its settings, JSON
--   BASE_records              hash: name -> record (see records.py); a section is there when this says so
--   BASE_equal DIGEST         set: names of the sections of one matching key
--   BASE_deadlines            sorted set: name -> ms since 1970, if sections expire
--   BASE_keys, BASE_keys NAME, BASE_bucket_NN, BASE_bucket_NN BAND
--                             datasketch's own layout, which its MinHashLSH reads
--
-- A script runs alone on the server, so what it does is done at once. The record is written last and deleted
-- first: should a command fail in between, the section is not there, and the next add or remove tidies up.

local base, settings = ARGV[1], ARGV[2]
local life, bands, width = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local records, deadlines, keys = base .. '_records', base .. '_deadlines', base .. '_keys'
local NEAR, EQUAL, DIGEST, SIGNATURE = 1, 2, 3, 27 -- flags; positions in a record

local now = 0
if life > 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function has_flag(record, flag)
  return math.floor((string.byte(record, 2) or 0) / flag) % 2 == 1 -- it may be damaged
end

local function digest_of(record) -- of its matching key
  return string.sub(record, DIGEST, DIGEST + 15)
end

local function bucket(band) -- the hash that lists a band's buckets
  return base .. '_bucket_' .. string.char(math.floor(band / 256), band % 256)
end

local function band_bytes(signature, start, band)
  return string.sub(signature, start + band * width, start + band * width + width - 1)
end

local function is_there(name)
  if redis.call('HEXISTS', records, name) == 0 then
    return false
  end
  if life == 0 then
    return true
  end
  local deadline = redis.call('ZSCORE', deadlines, name)
  return not deadline or tonumber(deadline) > now
end

local function forget(name)
  local record = redis.call('HGET', records, name)
  if not record then
    return -- no write: a server that is full refuses a script before its first, and never after
  end
  redis.call('HDEL', records, name)
  redis.call('ZREM', deadlines, name)
  if has_flag(record, EQUAL) then
    redis.call('SREM', base .. '_equal' .. digest_of(record), name)
  end
  if has_flag(record, NEAR) then
    for band = 0, bands - 1 do
      local hash, bytes = bucket(band), band_bytes(record, SIGNATURE, band)
      if #bytes == width then -- else the record was damaged
        redis.call('SREM', hash .. bytes, name)
        if redis.call('EXISTS', hash .. bytes) == 0 then
          redis.call('HDEL', hash, bytes)
        end
      end
    end
    redis.call('HDEL', keys, name)
    redis.call('DEL', keys .. name)
  end
end

-- A few overdue sections; each write takes some, so that none has to take many.
local function sweep()
  if life > 0 then
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', deadlines, '-inf', now, 'LIMIT', 0, 4)) do
      forget(name)
      redis.call('ZREM', deadlines, name) -- even if its record was lost
    end
  end
end
