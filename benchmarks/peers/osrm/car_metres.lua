-- The car of Slinga's car profile for OSRM, with metres as the weight.
--
-- It holds the same access rules as geo/osm, written a second time, and
-- nothing else: no turn costs, no traffic lights, no favoured roads. Speeds
-- are all alike, because only the length of a road counts. It needs none of
-- the profile libraries that come with OSRM.

api_version = 4

function setup()
  return {
    properties = {
      weight_name                   = 'distance',
      weight_precision              = 1, -- tenths of a metre; finer ones clip long ferries
      max_speed_for_map_matching    = 30,
      process_call_tagless_node     = false,
      continue_straight_at_waypoint = true,
      use_turn_restrictions         = true,
    },
    -- Whose restriction:<mode> and except=<mode> mean a car.
    restrictions = { 'motorcar', 'motor_vehicle', 'vehicle' },
  }
end

local function set(text)
  local members = {}
  for word in text:gmatch('%S+') do members[word] = true end
  return members
end

-- Open to cars unless a tag says otherwise.
local open_roads = set [[
  motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link
  tertiary tertiary_link unclassified residential living_street service road minor
  turning_loop rest_area services track unsurfaced byway
]]

-- Open to cars only where a tag that is about cars or vehicles says so.
local closed_roads = set [[
  pedestrian footway crossing corridor platform cycleway bridleway path trail
]]

-- From the most particular access tag to the most general.
local hierarchy = { 'motorcar', 'motor_vehicle', 'vehicle', 'access' }

-- Home care has something to do at the homes behind "private" and
-- "destination", so these are as open as "yes" when only length counts.
local granted = set [[
  yes true 1 permissive designated official public allowed discouraged unlimited
  optional_sidepath shared shared_lane lane track opposite motorcar motor_vehicle car
  destination customers private delivery permit residents resident
  residential visitors visitor members employees staff restricted license key local
  use_sidepath
]]
local denied = set [[
  no false 0 agricultural agriculture forestry forest military emergency bus psv taxi hov
  hgv tourist_bus coach goods dismount prohibited impassable none authorized construction
  moped snowmobile atv ohv 4wd_only service
  foot pedestrian pedestrians walking bicycle cyclists
]]

-- Barriers that a car passes, after opening them if need be; all others stop it.
local passable = set [[
  no gate lift_gate swing_gate sliding_gate hampshire_gate bump_gate cattle_grid kerb
  entrance toll_booth border_control checkpoint guard_house sally_port height_restrictor
  width_restrictor arch archway lights coupure half-gate rope tree_line gantry ticket traffic_island door
]]

local function word(object, key)
  local value = object:get_value_by_key(key)
  if not value then return '' end
  return (value:lower():match('^%s*(.-)%s*$'))
end

local function yes(object, key)
  local value = word(object, key)
  return value ~= '' and value ~= 'no' and value ~= 'false' and value ~= '0'
end

-- What an access value, or a list of them, means: true, false, or nil when it
-- says nothing. Who is let in by one of a list is let in.
local function meaning(value)
  local answer
  for part in value:gmatch('[^;,]+') do
    local name = part:match('^%s*(.-)%s*$')
    if granted[name] then return true end
    if denied[name] then answer = false end
  end
  return answer
end

-- Metres of "2.1", "2,1 m", or 7'6".
local function metres(value)
  local feet, inches = value:match('^(%d+)\'%s*(%d*)"?$')
  if feet then return tonumber(feet) * 0.3048 + (tonumber(inches) or 0) * 0.0254 end
  return tonumber((value:gsub(',', '.'):gsub('%s*m$', '')))
end

local function narrower(object, key, need)
  local have = metres(word(object, key))
  return have ~= nil and have < need
end

function process_node(_, node, _)
  local barrier = word(node, 'barrier')
  if barrier == '' then return end
  local firm = false -- something that even those who are let in cannot move
  for part in barrier:gmatch('[^;,]+') do
    if not passable[part:match('^%s*(.-)%s*$')] then firm = true end
  end
  local stops = firm or word(node, 'locked') == 'yes'
  for _, key in ipairs(hierarchy) do
    local admitted = meaning(word(node, key))
    if admitted ~= nil then
      if not admitted then
        stops = true
      elseif key ~= 'access' or not firm then
        stops = false
      end
      break
    end
  end
  if stops or narrower(node, 'maxheight', 1.7) or narrower(node, 'maxwidth', 1.9) then
    obstacle_map:add(node, Obstacle.new(obstacle_type.barrier))
  end
end

-- Whether a car may travel the way in the direction, oneway apart.
local function admitted(way, default, suffix)
  for _, key in ipairs(hierarchy) do
    for _, full in ipairs({ key .. suffix, key }) do
      local answer = meaning(word(way, full))
      if answer ~= nil then
        if key == 'access' then return answer and default end
        return answer
      end
    end
  end
  return default
end

local directions = {
  yes = 'forward', ['true'] = 'forward', ['1'] = 'forward', forward = 'forward',
  ['-1'] = 'backward', reverse = 'backward', backward = 'backward',
  no = 'both', ['false'] = 'both', ['0'] = 'both', alternating = 'both', bothways = 'both',
  reversible = 'none',
}

local function direction(way, highway)
  for _, key in ipairs({ 'oneway:motorcar', 'oneway:motor_vehicle', 'oneway:vehicle', 'oneway' }) do
    local said = directions[word(way, key)]
    if said then return said end
  end
  local junction = word(way, 'junction')
  if junction == 'roundabout' or junction == 'circular' or highway == 'motorway' then
    return 'forward'
  end
  return 'both'
end

function process_way(_, way, result)
  local ferry = word(way, 'route') == 'ferry'
  local highway = ferry and '' or word(way, 'highway')
  if not (ferry or open_roads[highway] or closed_roads[highway]) then return end

  local default = ferry or open_roads[highway] or false
  if word(way, 'area') == 'yes' and not ferry then default = false end
  if highway == 'service' and word(way, 'service') == 'emergency_access' then default = false end
  if ferry and word(way, 'motorcar') == '' and word(way, 'motor_vehicle') == ''
    and word(way, 'vehicle') == '' and (word(way, 'foot') ~= '' or word(way, 'bicycle') ~= '') then
    default = false -- it tells only who comes aboard without a car
  end
  local forward = admitted(way, default, ':forward')
  local backward = admitted(way, default, ':backward')

  local smoothness = word(way, 'smoothness')
  if smoothness == 'impassable' or smoothness == 'very_horrible' or yes(way, '4wd_only')
    or yes(way, 'impassable')
    or yes(way, 'ice_road') or yes(way, 'winter_road') or word(way, 'seasonal') == 'winter'
    or narrower(way, 'maxwidth', 1.9) or narrower(way, 'maxwidth:physical', 1.9)
    or narrower(way, 'maxheight', 1.7) or narrower(way, 'maxheight:physical', 1.7)
    or narrower(way, 'maxweight', 1.5) then
    return
  end

  local way_goes = direction(way, highway)
  if way_goes == 'forward' or way_goes == 'none' then backward = false end
  if way_goes == 'backward' or way_goes == 'none' then forward = false end
  if not (forward or backward) then return end

  local travel = ferry and mode.ferry or mode.driving
  result.forward_mode = forward and travel or mode.inaccessible
  result.backward_mode = backward and travel or mode.inaccessible
  result.forward_speed, result.backward_speed = 36, 36
  result.forward_rate, result.backward_rate = 1, 1 -- the weight is metres / rate
  result.is_startpoint = true
end

function process_turn(_, _) end

return {
  setup = setup,
  process_way = process_way,
  process_node = process_node,
  process_turn = process_turn,
}
