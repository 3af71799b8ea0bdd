-- ARGV[6] digest of the matching key or '', ARGV[7] signature or '', ARGV[8] most bytes of records.
-- {1, names of equal key, other candidates, records of the first of these}, or {-1}: other settings now.
local digest, signature, room = ARGV[6], ARGV[7], tonumber(ARGV[8])
local kept = redis.call('GET', KEYS[1])
if kept and kept ~= settings then
  return {-1}
end

local seen, equal, names, found = {}, {}, {}, {}
if digest ~= '' then
  for _, name in ipairs(redis.call('SMEMBERS', base .. '_equal' .. digest)) do
    -- The name may be a leftover: its record was lost, and another section was added under it.
    if is_there(name) and digest_of(redis.call('HGET', records, name)) == digest then
      seen[name] = true
      equal[#equal + 1] = name
    end
  end
end
if signature ~= '' then
  for band = 0, bands - 1 do
    for _, name in ipairs(redis.call('SMEMBERS', bucket(band) .. band_bytes(signature, 1, band))) do
      if not seen[name] then
        seen[name] = true
        if is_there(name) then
          names[#names + 1] = name
          if room > 0 then
            local record = redis.call('HGET', records, name)
            found[#found + 1] = record
            room = room - #record
          end
        end
      end
    end
  end
end
return {1, equal, names, found}
