-- Moderators claim what waits longest, each something else, for a while; they decide or give it
-- back.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(35);

create temporary table claims (holder text, review_id uuid, claim uuid);
create function pg_temp.claim(moderator text, result_limit int default 1)
returns text
language plpgsql
as $$
declare
  got jsonb;
begin
  perform pg_temp.act_as(moderator);
  select jsonb_agg(to_jsonb(rows) order by rows.waiting_since) into got
  from directory.claim_reviews(result_limit) as rows;
  perform pg_temp.act_as('operator');
  insert into claims
  select moderator, rows.review_id, rows.claim
  from jsonb_to_recordset(coalesce(got, '[]')) as rows (review_id uuid, claim uuid);
  return coalesce(
    (
      select string_agg(right(rows.row ->> 'review_id', 1), ' ' order by rows.place)
      from jsonb_array_elements(got) with ordinality as rows (row, place)
    ),
    '-'
  );
exception
  when others then
    perform pg_temp.act_as('operator');
    return sqlstate;
end;
$$;
create function pg_temp.held(moderator text, n int)
returns uuid
language sql
as $$
  select claim from claims where holder = moderator and review_id = pg_temp.review(n)
$$;
create function pg_temp.decide(moderator text, n int, claim uuid, decision text default 'publish')
returns text
language plpgsql
as $$
declare
  outcome text;
begin
  perform pg_temp.act_as(moderator);
  outcome := pg_temp.outcome(format(
    'select directory.moderate_review(%L, %L, null, %L)', pg_temp.review(n), decision, claim
  ));
  perform pg_temp.act_as('operator');
  return outcome;
end;
$$;
create function pg_temp.release(moderator text, claim uuid)
returns text
language plpgsql
as $$
declare
  released text;
begin
  perform pg_temp.act_as(moderator);
  released := directory.release_review(claim);
  perform pg_temp.act_as('operator');
  return released;
exception
  when others then
    perform pg_temp.act_as('operator');
    return sqlstate;
end;
$$;

select is(pg_temp.claim(who), '42501', who || ' can not claim')
from unnest(array['anon', 'author', 'owner', 'analyst', 'expired_admin']) as who;
select is(pg_temp.release('author', gen_random_uuid()), '42501', 'an author can not release');
select is(pg_temp.claim('moderator', wrong), 'PL104', 'a number out of range is refused')
from unnest(array[0, -1, 21, null]) as wrong;

-- 5 waits longest, then 2, then 4, which moderator wrote
select is(pg_temp.claim('moderator'), '5', 'a moderator gets what waits longest');
select is(pg_temp.claim('second_moderator', 2), '2 4', 'another one gets others');
select is(pg_temp.claim('moderator', 20), '-', 'and then nothing waits');
select is(pg_temp.claim('admin', 20), '-', 'not even for an administrator');

select is(pg_temp.decide('second_moderator', 5, null), 'PL172',
  'what somebody else has claimed can not be decided on');
select is(pg_temp.decide('second_moderator', 5, pg_temp.held('moderator', 5)), 'PL171',
  'not even by who learns of the claim');
select is(pg_temp.decide('moderator', 5, gen_random_uuid()), 'PL171',
  'a claim that is made up decides nothing');
select is(pg_temp.release('second_moderator', pg_temp.held('moderator', 5)), 'false',
  'nobody gives back what another one holds');
select is(
  (select status from directory.business_reviews where id = pg_temp.review(5)), 'pending',
  'after all refusals the review waits'
);

select is(pg_temp.release('moderator', pg_temp.held('moderator', 5)), 'true',
  'a moderator gives back');
select is(pg_temp.release('moderator', pg_temp.held('moderator', 5)), 'false',
  'but not twice');
select is(pg_temp.decide('moderator', 5, pg_temp.held('moderator', 5)), 'PL171',
  'a claim that was given back decides nothing');
select is(pg_temp.claim('second_moderator'), '5', 'and another one gets it, in its old place');
select is(pg_temp.decide('second_moderator', 5, pg_temp.held('second_moderator', 5)), '00000',
  'the holder decides');
select is(pg_temp.decide('second_moderator', 2, null, 'reject'), '00000',
  'the holder may leave out the claim');
select is_empty(
  $$
    select from directory_internal.review_queue
    where review_id in (pg_temp.review(5), pg_temp.review(2))
  $$,
  'what is decided waits no more'
);

-- the end of a claim
update directory_internal.review_queue set claimed_until = now()
where review_id = pg_temp.review(4);
select is(pg_temp.decide('second_moderator', 4, pg_temp.held('second_moderator', 4)), 'PL171',
  'a claim that ran out decides nothing');
select is(pg_temp.claim('moderator'), '-', 'a moderator never gets the own review');
select is(pg_temp.claim('admin'), '4', 'somebody else does when a claim ran out');
select is(
  (
    select claimed_until from directory_internal.review_queue where review_id = pg_temp.review(4)
  ),
  now() + interval '15 minutes',
  'a claim lasts a quarter of an hour'
);

-- the own business
insert into directory.business_managers (business_id, user_id, role, accepted_at)
values (pg_temp.business(1), pg_temp.person('second_moderator'), 'editor', now());
update directory_internal.review_queue set claim = null, claimed_by = null, claimed_until = null
where true;
select is(pg_temp.claim('second_moderator'), '-',
  'a moderator never gets a review of the own business');
select is(pg_temp.claim('service_role', 20), '4', 'the service key claims as well');

-- what a claim shows
insert into directory.review_flags (review_id, reporter_id, reason, note)
values (pg_temp.review(3), pg_temp.person('reader1'), 'other', 'Zqr look');
insert into directory_internal.business_review_moderation (review_id, moderation_notes)
values (pg_temp.review(3), 'Zqr before')
on conflict (review_id) do update set moderation_notes = excluded.moderation_notes;
select pg_temp.act_as('moderator');
select jsonb_agg(to_jsonb(rows)) as shown from directory.claim_reviews(5) as rows \gset
select is(
  (
    select jsonb_agg(
      jsonb_set(
        rows.row - '{claim,claimed_until,waiting_since,created_at,visit_date,language}'::text[],
        '{flags}', rows.row #- '{flags,0,created_at}' -> 'flags'
      )
    )
    from jsonb_array_elements(:'shown') as rows (row)
  ),
  jsonb_build_array(
    jsonb_build_object(
      'review_id', pg_temp.review(3), 'business_id', pg_temp.business(2),
      'business_name', 'Zqr Rival', 'status', 'published', 'rating', 5, 'title', null,
      'content', 'Zqr three', 'photos', '[]'::jsonb, 'videos', '[]'::jsonb, 'edited_at', null,
      'earlier_notes', 'Zqr before',
      'flags', '[{"reason": "other", "note": "Zqr look"}]'::jsonb
    )
  ),
  'a claim shows the review, what was noted before, and the reports'
);
select throws_ok(
  'select * from directory_internal.review_queue', '42501', null,
  'nobody reads the queue past the functions'
);
select pg_temp.act_as('operator');

-- the account of a moderator goes, the claim runs out
delete from auth.users where id = pg_temp.person('moderator');
select results_eq(
  $$
    select claimed_by, claim is not null
    from directory_internal.review_queue where review_id = pg_temp.review(3)
  $$,
  $$values (null::uuid, true)$$,
  'a claim outlives the account of its holder and runs out by itself'
);

select * from finish();
rollback;
