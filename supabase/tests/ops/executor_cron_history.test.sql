-- pg_cron keeps a record of every run for ever; a topic removes the old ones.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(6);

-- Below all ids that exist, because ids ascend with time.
insert into cron.job_run_details (runid, jobid, username, command, status, start_time, end_time)
select id, 0, current_user, 'planted', 'succeeded', times.at, times.at
from (
  values
    (-6, now() - interval '9 days'),
    (-5, null), -- the server ended before it began
    (-4, now() - interval '8 days'),
    (-3, now() - interval '7 days 1 second'),
    (-2, now() - interval '6 days 23 hours'),
    (-1, null) -- it begins now
) as times (id, at);

create function pg_temp.left_over()
returns bigint[]
language sql
as $$ select array_agg(runid order by runid) from cron.job_run_details where runid < 0 $$;

select ops.set_setting('ops.cron_history_batch', '3') \g /dev/null
select is(ops.purge_job_run_details(), true, 'a full batch asks for another step');
select is(pg_temp.left_over(), '{-3,-2,-1}', 'the oldest go first, those that never began too');
select is(ops.purge_job_run_details(), false, 'a batch that is not full is the last');
select is(pg_temp.left_over(), '{-2,-1}', 'what is younger than the setting stays');

select ops.set_setting('ops.cron_history_days', '1') \g /dev/null
update cron.job_run_details set start_time = now() where runid = -1;
select ops.purge_job_run_details() \g /dev/null
select is(pg_temp.left_over(), '{-1}', 'the setting decides');

select is(
  (select handler from ops.topics where name = 'purge-job-run-details'),
  'ops.purge_job_run_details', 'the executor does it'
);

select * from finish();
rollback;
