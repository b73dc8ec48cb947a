-- One address after the other, from the table that ASK_INPUT names, with headers. Ends with one line of JSON.
local input = dofile(os.getenv("ASK_INPUT"))
local n = 0
local threads = {}

function setup(thread) table.insert(threads, thread) end
function request()
	n = n + 1
	return wrk.format("GET", input.paths[n % #input.paths + 1], input.headers)
end
function response(status)
	if status == 200 then
		good = (good or 0) + 1
	elseif status == 503 then
		unavailable = (unavailable or 0) + 1
	else
		wrong = (wrong or 0) + 1
	end
end
function done(summary, latency)
	local t = threads[1]
	local right = t:get("good") or 0
	io.write(string.format('RESULT {"rate":%.1f,"good":%d,"unavailable":%d,"wrong":%d,"p50_us":%d,"p99_us":%d}\n',
		right / summary.duration * 1e6, right, t:get("unavailable") or 0, t:get("wrong") or 0,
		latency:percentile(50), latency:percentile(99)))
end
