-- The threat (D-41): an author, or anybody, writes the votes, flags or figures of a review.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(45);

insert into directory.review_votes (review_id, user_id, helpful)
values (pg_temp.review(1), pg_temp.person('reader1'), false);
insert into directory.review_flags (review_id, reporter_id, reason)
values (pg_temp.review(1), pg_temp.person('reader1'), 'fake');

create function pg_temp.attempt(who text, statement text)
returns text
language plpgsql
as $$
declare
  outcome text;
begin
  perform pg_temp.act_as(who);
  outcome := pg_temp.outcome(statement);
  perform pg_temp.act_as('operator');
  return outcome;
end;
$$;

create temporary table attempts (rule text, statement text);
insert into attempts values
  ('raises the votes', $$update directory.review_vote_counts set helpful_count = 99 where true$$),
  ('brings votes',
    $$insert into directory.review_vote_counts (review_id, helpful_count)
      values (pg_temp.review(3), 99)$$),
  ('drops votes', $$delete from directory.review_vote_counts where true$$),
  ('counts votes anew', $$select directory_internal.count_votes('{}')$$),
  ('counts flags anew', $$select directory_internal.count_flags('{}')$$),
  ('clears flags',
    $$update directory_internal.business_review_moderation set flagged_count = 0 where true$$),
  ('raises the stars', $$update directory.business_stats set rating_total = 5 where true$$),
  ('raises the listing', $$update directory.listings set review_count = 999 where true$$),
  ('refreshes the listing', $$select directory_internal.refresh_listings('{}')$$);
select is(pg_temp.attempt(who, statement), '42501', who || ' never ' || rule)
from unnest(array['anon', 'author', 'owner', 'moderator', 'service_role']) as who
cross join attempts;

select * from finish();
rollback;
