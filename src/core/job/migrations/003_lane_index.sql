-- Who looks for a lane's next job passes over nobody else's, however many papers wait to be printed.
CREATE INDEX job_in_lane ON job (lane, state, run_at, id) WHERE lane IS NOT NULL;
