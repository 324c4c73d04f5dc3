-- The threat (D-42): a published review shows what moderators noted, who reported it, and the
-- evidence of the visit.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(11);

insert into directory.review_flags (review_id, reporter_id, reason, note)
values (pg_temp.review(1), pg_temp.person('reader1'), 'fake', 'Zqr secret');
update directory_internal.business_review_moderation
set moderation_notes = 'Zqr secret', verification_data = '"Zqr secret"'
where review_id = pg_temp.review(1);

-- what the role reads of everything that the API shows, as text
create function pg_temp.leaks(who text)
returns bigint
language plpgsql
as $$
declare
  leaks bigint := 0;
  found bigint;
  relation text;
begin
  perform pg_temp.act_as(who);
  foreach relation in array array[
    'business_reviews', 'business_review_responses', 'business_stats', 'review_figures',
    'review_vote_counts', 'review_votes', 'review_flags'
  ] loop
    if has_table_privilege('directory.' || relation, 'select') then
      execute format(
        'select count(*) from directory.%I as t where t::text ~ ''Zqr secret|%s''',
        relation, pg_temp.person('reader1')
      ) into found;
      leaks := leaks + found;
    end if;
  end loop;
  perform pg_temp.act_as('operator');
  return leaks;
end;
$$;

select is(pg_temp.leaks(who), 0::bigint, who || ' reads none of it')
from unnest(array[
  'anon', 'author', 'reader2', 'owner', 'manager', 'rival', 'analyst', 'expired_admin'
]) as who;
select is(pg_temp.leaks('reader1'), 1::bigint, 'a reporter reads the own report');
select is(pg_temp.leaks('moderator'), 1::bigint, 'a moderator reads all reports');
select throws_ok(
  'select * from directory_internal.business_review_moderation', '42501', null,
  'and the notes only through the functions'
)
from pg_temp.act_as('moderator');

select * from finish();
rollback;
