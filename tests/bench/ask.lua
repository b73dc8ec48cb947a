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
	if status ~= 200 then wrong = (wrong or 0) + 1 end
end
function done(summary, latency)
	io.write(string.format('RESULT {"rate":%.1f,"wrong":%d,"p50_us":%d,"p99_us":%d}\n',
		summary.requests / summary.duration * 1e6, threads[1]:get("wrong") or 0, latency:percentile(50),
		latency:percentile(99)))
end
