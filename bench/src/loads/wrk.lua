-- What wrk sends besides what its command line says, and what it found as one line of JSON.
local form = os.getenv("WRK_FORM")
if form then
  wrk.method = "POST"
  wrk.body = form
end

function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format(
    '{"requests":%d,"requestsPerSecond":%.3f,"p50Milliseconds":%.3f,"p99Milliseconds":%.3f,"failures":%d}',
    summary.requests, summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failures))
end
