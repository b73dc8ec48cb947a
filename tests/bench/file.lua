-- Applications to León's Alineamiento y Número Oficial, each by somebody else, each naming two files that were sent
-- before. The driver writes the table of people and numbers that FILING_INPUT names.
local bit = require("bit")
local input = dofile(os.getenv("FILING_INPUT"))
local n, file = 0, input.first_file

-- As bench_fill.c makes them.
local function code(i) return "archivo-BENCH" .. string.upper(bit.tohex(i)) end

local function escape(s) return (s:gsub('[\\"]', '\\%0')) end

function request()
	local p = input.people[n % #input.people + 1]
	local front = 6 + n % 9
	local answers = string.format('{"nombre":"%s","apellidos":"%s","curp":"%s","identificacion":["%s"],'
		.. '"calidad":"propietario","tipo_titular":"fisica","domicilio":{"street":"Calle Cantera Rosa","number":"%d",'
		.. '"neighbourhood":"Colonia Las Hormas","postal_code":"37000"},"frente":"%d.5","hoy_hay":"casa",'
		.. '"documento_predio":["%s"],"motivo":["agua","obra"],"tipo_obra":"ampliacion","comentarios":"%s",'
		.. '"aviso":"mail","correo":"%s"}', escape(p.nombre), escape(p.apellidos), p.curp, code(file), n % 1400 + 1, front,
		code(file + 1), input.comment, p.correo)
	n = n + 1
	file = file + 2
	return wrk.format("POST", input.path, { ["Authorization"] = "Bearer " .. input.token,
		["Content-Type"] = "application/json" },
		'{"answers":' .. answers .. ',"declaration":true,"lang":"es"}')
end

-- How far the files were used up, for the run after this one; wrong answers are told apart from right ones.
local threads = {}
function setup(thread) table.insert(threads, thread) end
function response(status, headers, body)
	if status == 201 then
		good = (good or 0) + 1
	elseif status == 503 then
		unavailable = (unavailable or 0) + 1
	else
		wrong = (wrong or 0) + 1
		last = body:sub(1, 300)
	end
	used = file
end
function done(summary, latency)
	local t = threads[1]
	local right = t:get("good") or 0
	io.write(string.format('RESULT {"rate":%.1f,"good":%d,"unavailable":%d,"wrong":%d,"p50_us":%d,"p99_us":%d,"file":%d}\n',
		right / summary.duration * 1e6, right, t:get("unavailable") or 0, t:get("wrong") or 0,
		latency:percentile(50), latency:percentile(99), t:get("used") or 0))
	if t:get("last") then io.write("LAST " .. t:get("last") .. "\n") end
end
