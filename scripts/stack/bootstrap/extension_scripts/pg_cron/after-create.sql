-- Run by pgextwlist, as superuser, after postgres created pg_cron: what supautils does on hosted.
-- Its functions and tables live in schema cron; the extension itself goes to pg_catalog.
drop extension pg_cron;
create extension pg_cron schema pg_catalog;

grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant all on all sequences in schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
revoke all on cron.job from postgres;
grant select on cron.job to postgres with grant option;
revoke trigger on cron.job_run_details from postgres;
