-- An author takes a review back; it goes out of sight and out of the figures, and stays on record.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(15);

create function pg_temp.take_back(who text, n int)
returns text
language plpgsql
as $$
declare
  outcome text;
begin
  perform pg_temp.act_as(who);
  outcome := pg_temp.outcome(format('select directory.delete_review(%L)', pg_temp.review(n)));
  perform pg_temp.act_as('operator');
  return outcome;
end;
$$;

select is(pg_temp.take_back('anon', 1), '42501', 'a visitor takes nothing back');
select is(pg_temp.take_back(who, 1), 'PT404', who || ' can not take back a review of someone else')
from unnest(array['reader1', 'owner', 'moderator', 'admin']) as who;
select is(pg_temp.take_back('author', 9), 'PT404', 'what does not exist is not found');
select is(
  (select deleted_at from directory.business_reviews where id = pg_temp.review(1)), null,
  'after all refusals the review stands'
);

update directory.business_reviews set created_at = now() - interval '1 year'
where id = pg_temp.review(1);
select is(pg_temp.take_back('author', 1), '00000', 'an author takes an old review back');
select is(pg_temp.take_back('author', 1), 'PT404', 'but not twice');
select results_eq(
  $$
    select deleted_at, content from directory.business_reviews where id = pg_temp.review(1)
  $$,
  $$values (now(), 'Zqr one')$$,
  'the row stays, with its text'
);
select results_eq(
  $$
    select stats.review_count, listings.review_count
    from directory.business_stats as stats
    join directory.listings using (business_id)
    where business_id = pg_temp.business(1)
  $$,
  $$values (0, 0)$$,
  'it counts no more'
);
select pg_temp.act_as('reader1');
select is_empty(
  $$select from directory.business_reviews where id = pg_temp.review(1)$$,
  'others do not see it'
);
select pg_temp.act_as('author');
select throws_ok(
  $$update directory.business_reviews set deleted_at = null where id = pg_temp.review(1)$$,
  '42501', null, 'the author does not bring it back'
);
select lives_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values (pg_temp.business(1), 3, 'Zqr again')
  $$,
  'but may write another'
);
select is(
  (
    select status from directory.business_reviews
    where content = 'Zqr again' and reviewer_id = pg_temp.person('author')
  ),
  'pending', 'which waits like any other'
);

select * from finish();
rollback;
