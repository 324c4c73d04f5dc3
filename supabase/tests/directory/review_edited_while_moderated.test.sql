-- The threat: an author has a harmless text read, and changes it before the moderator publishes.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(8);

select pg_temp.act_as('second_moderator');
select claim from directory.claim_reviews(1) where review_id = pg_temp.review(5) \gset
select pg_temp.act_as('reader5');
update directory.business_reviews set language = 'de' where id = pg_temp.review(5);
select pg_temp.act_as('operator');
select isnt_empty(
  format('select from directory_internal.review_queue where claim = %L', :'claim'),
  'what changes no text leaves the claim'
);
select pg_temp.act_as('reader5');
update directory.business_reviews set content = 'Zqr foul' where id = pg_temp.review(5);
select pg_temp.act_as('second_moderator');
select throws_ok(
  format(
    'select directory.moderate_review(%L, ''publish'', null, %L)', pg_temp.review(5), :'claim'
  ),
  'PL171', null, 'the decision on the text as it was is refused'
);
select pg_temp.act_as('operator');
select is(
  (select status from directory.business_reviews where id = pg_temp.review(5)), 'pending',
  'the new text is not published'
);
select pg_temp.act_as('second_moderator');
select results_eq(
  'select review_id, content from directory.claim_reviews(1)',
  $$values (pg_temp.review(5), 'Zqr foul')$$,
  'the review keeps its place, with the text that it has now'
);

-- an edit of what is published
select pg_temp.act_as('author');
update directory.business_reviews set content = 'Zqr changed' where id = pg_temp.review(1);
select pg_temp.act_as('operator');
select isnt_empty(
  $$select from directory_internal.review_queue where review_id = pg_temp.review(1)$$,
  'an edit of a published review is put before the moderators'
);
select results_eq(
  $$
    select review_count, rating_counts from directory.business_stats
    where business_id = pg_temp.business(1)
  $$,
  $$values (0, '{0,0,0,0,0}'::int[])$$,
  'and counts no more until then'
);
select pg_temp.act_as('author');
select directory.delete_review(pg_temp.review(1)) \g /dev/null
select pg_temp.act_as('operator');
select is_empty(
  $$select from directory_internal.review_queue where review_id = pg_temp.review(1)$$,
  'what its author takes back waits for nobody'
);
update directory.business_reviews set deleted_at = null where id = pg_temp.review(1);
select isnt_empty(
  $$select from directory_internal.review_queue where review_id = pg_temp.review(1)$$,
  'and waits again when the operator brings it back'
);

select * from finish();
rollback;
