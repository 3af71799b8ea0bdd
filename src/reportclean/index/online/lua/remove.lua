-- ARGV[6] name. 1 removed, 0 there is none, -1 the index has other settings now.
local kept = redis.call('GET', KEYS[1])
if kept and kept ~= settings then
  return -1
end
sweep()
local there = is_there(ARGV[6])
forget(ARGV[6])
return there and 1 or 0
