-- How many readers hide a review is a setting; reports that go with an account hide nothing and
-- bring nothing back.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(6);

create function pg_temp.status(n int)
returns text
language sql
as $$ select status from directory.business_reviews where id = pg_temp.review(n) $$;

select ops.set_setting('directory.review_flag_threshold', '2') \g /dev/null
insert into directory.review_flags (review_id, reporter_id, reason)
values (pg_temp.review(1), pg_temp.person('reader1'), 'spam');
select is(pg_temp.status(1), 'published', 'below the threshold a review stays');
insert into directory.review_flags (review_id, reporter_id, reason)
select pg_temp.review(n), pg_temp.person('reader2'), 'spam' from unnest(array[1, 3]) as n;
select is(pg_temp.status(1) || ', ' || pg_temp.status(3), 'hidden, published',
  'of several reviews in a statement each is counted by itself');

delete from auth.users where id = pg_temp.person('reader1');
select is(
  (
    select flagged_count from directory_internal.business_review_moderation
    where review_id = pg_temp.review(1)
  ),
  1,
  'a report goes with the account of its reporter'
);
delete from auth.users where id = pg_temp.person('reader2');
select is(pg_temp.status(1), 'hidden', 'what was hidden stays hidden until a moderator decides');
select pg_temp.act_as('moderator');
select is(
  (
    select string_agg(right(review_id::text, 1), ' ' order by review_id)
    from directory.claim_reviews(10)
  ),
  '1 2 3 5',
  'and is still before the moderators'
);
select is(
  pg_temp.outcome(format('select directory.moderate_review(%L, ''publish'')', pg_temp.review(1))),
  '00000', 'who can bring it back'
);

select * from finish();
rollback;
