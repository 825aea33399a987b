-- For wrk: one line at the end. Requests a second, the latency's median and 99th percentile in ms, and how many requests failed.
function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    local each_second = summary.requests / summary.duration * 1e6
    print(string.format("%.1f %.3f %.3f %d", each_second, latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
